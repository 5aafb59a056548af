/** Small readings of typed text that several forms share. */

export function separated(text: string): string[] {
  return text.split(/[,，、;；\n]/).map((part) => part.trim()).filter(Boolean)
}

export function isWhole(text: string, least: number): boolean {
  return /^\d{1,8}$/.test(text.trim()) && Number(text) >= least
}

export function countOf(text: string): number | null {
  return text.trim() ? Number(text) : null
}
