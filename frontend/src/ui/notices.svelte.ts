/** Short messages about what has just been done, announced and shown until read. */

export interface Notice {
  id: number
  text: string
}

const SHOWN_SECONDS = 10
let nextId = 1
let notices = $state<Notice[]>([])

export function currentNotices(): Notice[] {
  return notices
}

export function dismiss(id: number): void {
  notices = notices.filter((notice) => notice.id !== id)
}

/** Says something once: what stands there with the same words gives way to it. */
export function say(text: string): void {
  const id = nextId++
  notices = [...notices.filter((notice) => notice.text !== text).slice(-2), { id, text }]
  setTimeout(() => dismiss(id), SHOWN_SECONDS * 1000)
}
