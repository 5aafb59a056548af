/** China on a flat sheet: an equal-area cone, so that no region looks larger than it is. */
import { geoConicEqualArea, type GeoProjection } from 'd3-geo'

export interface Placed {
  longitude: number | null
  latitude: number | null
}

const PARALLELS: [number, number] = [25, 47]
const MERIDIAN = 105

/** A projection that fits the known points into a box, `inset` pixels from its edges. */
export function projectionFor(points: Placed[], width: number, height: number, inset = 12): GeoProjection {
  const coordinates = points.filter(isPlaced).map((point) => [point.longitude, point.latitude])
  const projection = geoConicEqualArea().parallels(PARALLELS).rotate([-MERIDIAN, 0])
  if (coordinates.length === 0) return projection
  return projection.fitExtent([[inset, inset], [width - inset, height - inset]], { type: 'MultiPoint', coordinates })
}

export function isPlaced(point: Placed): point is { longitude: number; latitude: number } {
  return point.longitude !== null && point.latitude !== null
}

/** A bowed line between two places, as an SVG path; flows in both directions bow apart. */
export function arcBetween(projection: GeoProjection, from: Placed, to: Placed): string | null {
  if (!isPlaced(from) || !isPlaced(to)) return null
  const start = projection([from.longitude, from.latitude])
  const end = projection([to.longitude, to.latitude])
  if (!start || !end) return null
  const [dx, dy] = [end[0] - start[0], end[1] - start[1]]
  const bow = 0.18
  const middle = [(start[0] + end[0]) / 2 + dy * bow, (start[1] + end[1]) / 2 - dx * bow]
  const at = (point: number[]) => point.map((value) => value.toFixed(1)).join(',')
  return `M${at(start)}Q${at(middle)} ${at(end)}`
}
