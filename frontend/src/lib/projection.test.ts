import { expect, it } from 'vitest'
import { arcBetween, projectionFor } from './projection'

const kashgar = { longitude: 75.99, latitude: 39.47 }
const fuzhou = { longitude: 119.3, latitude: 26.08 }
const ankang = { longitude: 109.03, latitude: 32.68 }
const unknown = { longitude: null, latitude: null }

it('fits all known points into the box, the west left and the north up', () => {
  const projection = projectionFor([kashgar, fuzhou, ankang, unknown], 800, 600)
  const [west, south, middle] = [kashgar, fuzhou, ankang].map((p) => projection([p.longitude, p.latitude]) as [number, number])
  for (const point of [west, south, middle] as [number, number][]) {
    expect(point[0]).toBeGreaterThanOrEqual(11.9)
    expect(point[0]).toBeLessThanOrEqual(788.1)
    expect(point[1]).toBeGreaterThanOrEqual(11.9)
    expect(point[1]).toBeLessThanOrEqual(588.1)
  }
  expect((west as number[])[0]).toBeLessThan((middle as number[])[0] as number)
  expect((south as number[])[1]).toBeGreaterThan((west as number[])[1] as number)
})

it('draws no arc to a place whose point nobody knows', () => {
  const projection = projectionFor([kashgar, fuzhou], 800, 600)
  expect(arcBetween(projection, fuzhou, unknown)).toBeNull()
  expect(arcBetween(projection, fuzhou, kashgar)).toMatch(/^M[\d.,-]+Q[\d.,-]+ [\d.,-]+$/)
})
