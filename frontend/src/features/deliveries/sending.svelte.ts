/** Files on their way to a delivery: one after the other, each with its progress; what failed can be sent again. */
import { newKey, upload } from '../../api/client'
import { addEvidence } from '../../api/pledges'
import type { FileRead } from '../../api/types'
import { shrunk } from '../../lib/shrink'

export class Sending {
  progress = $state(0)
  problem = $state<unknown>()
  // Kept over a second try, so that what arrived the first time is not there twice.
  #key = newKey()

  constructor(
    readonly file: File,
    readonly kind: string,
    readonly caption: string,
  ) {}

  /** Sends the file and puts it to the delivery; rejects with what went wrong. */
  async send(deliveryId: string): Promise<void> {
    this.problem = undefined
    this.progress = 0
    try {
      const file = await shrunk(this.file)
      const made = await upload<FileRead>('/files', file, `${this.#key}-file`, (share) => (this.progress = share * 0.95))
      await addEvidence(deliveryId, { file_id: made.id, kind: this.kind, caption: this.caption }, `${this.#key}-evidence`)
      this.progress = 1
    } catch (error) {
      this.problem = error
      throw error
    }
  }
}
