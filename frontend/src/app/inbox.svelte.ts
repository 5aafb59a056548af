/** How many notices the reader has not read, for the header. */
import { countUnread } from '../api/inbox'
import { onChange } from '../api/stream'
import { Resource } from './resource.svelte'

/** Milliseconds: notices are written a moment after what they tell of, and changes come in bursts. */
const LATER = 4000

export const unread = new Resource(countUnread)

/** Keeps the count for as long as the header shows it. */
export function followInbox(): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  void unread.load()
  const stop = onChange(() => {
    timer ??= setTimeout(() => ((timer = undefined), void unread.load()), LATER)
  })
  return () => {
    clearTimeout(timer)
    stop()
  }
}
