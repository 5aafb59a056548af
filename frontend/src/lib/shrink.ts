/** Photographs are made smaller before they are sent: a phone on a slow network sends 300 KB, not eight megabytes. */

const LONGEST_SIDE = 1600
const ENOUGH = 300 * 1024
const QUALITIES = [0.82, 0.7, 0.58, 0.45]

/** Width and height so that the longer one is at most `longest`, in proportion and never larger than they were. */
export function fitted(width: number, height: number, longest: number): { width: number; height: number } {
  const share = Math.min(1, longest / Math.max(width, height))
  return { width: Math.max(1, Math.round(width * share)), height: Math.max(1, Math.round(height * share)) }
}

/** A photograph of at most 300 KB where that can be had; what is small already, no picture, or unreadable here stays as it is. */
export async function shrunk(file: Blob): Promise<Blob> {
  if (!file.type.startsWith('image/') || file.size <= ENOUGH || typeof createImageBitmap !== 'function') return file
  const picture = await createImageBitmap(file).catch(() => null)
  if (!picture) return file // the server says what is wrong with it
  const size = fitted(picture.width, picture.height, LONGEST_SIDE)
  const canvas = Object.assign(document.createElement('canvas'), size)
  const context = canvas.getContext('2d')
  if (!context) return file
  context.fillStyle = '#ffffff'
  context.fillRect(0, 0, size.width, size.height)
  context.drawImage(picture, 0, 0, size.width, size.height)
  picture.close()
  let smallest: Blob = file
  for (const quality of QUALITIES) {
    const made = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/jpeg', quality))
    if (made && made.size < smallest.size) smallest = made
    if (smallest.size <= ENOUGH) break
  }
  return smallest
}
