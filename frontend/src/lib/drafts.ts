/** Drafts on this device: what somebody types is kept at once, whatever becomes of the network or the page. */

export interface Draft {
  /** As `need/new/3f2a…` or `need/<id>`. */
  key: string
  /** Whose draft it is: people share computers. */
  owner: string
  title: string
  payload: unknown
  /** The version of the record that was changed, where there is one. */
  version: number | null
  /** ISO time of the last change. */
  savedAt: string
  /** The revision that the server last gave for it; none before it was there. */
  revision?: number
  /** Whether the server has it as it is. */
  synced?: boolean
}

const DATABASE = 'jiedui'
const STORE = 'drafts'
let opened: Promise<IDBDatabase> | null = null

function open(): Promise<IDBDatabase> {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(DATABASE, 1)
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: ['owner', 'key'] })
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error ?? new Error('IndexedDB could not be opened'))
  })
  return opened
}

async function run<T>(mode: IDBTransactionMode, work: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const database = await open()
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(STORE, mode)
    const request = work(transaction.objectStore(STORE))
    transaction.oncomplete = () => resolve(request.result)
    transaction.onerror = () => reject(transaction.error ?? new Error('IndexedDB refused'))
    transaction.onabort = () => reject(transaction.error ?? new Error('IndexedDB is full'))
  })
}

export async function putDraft(draft: Draft): Promise<void> {
  await run('readwrite', (store) => store.put(draft))
}

export async function getDraft(owner: string, key: string): Promise<Draft | null> {
  return ((await run('readonly', (store) => store.get([owner, key]))) as Draft | undefined) ?? null
}

export async function removeDraft(owner: string, key: string): Promise<void> {
  await run('readwrite', (store) => store.delete([owner, key]))
}

/** The owner's drafts whose key starts so, the newest first. */
export async function listDrafts(owner: string, prefix: string): Promise<Draft[]> {
  const range = IDBKeyRange.bound([owner, prefix], [owner, `${prefix}\uffff`])
  const found = (await run('readonly', (store) => store.getAll(range))) as Draft[]
  return found.sort((one, other) => other.savedAt.localeCompare(one.savedAt))
}
