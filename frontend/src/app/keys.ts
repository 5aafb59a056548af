/** One idempotency key for as long as the wish is the same: a retry does it once, a changed wish is another. */
import { newKey } from '../api/client'

export function wishKeys(): (body: unknown) => string {
  let wish = ''
  let key = ''
  return (body) => {
    const text = JSON.stringify(body)
    if (text !== wish || !key) {
      wish = text
      key = newKey()
    }
    return key
  }
}
