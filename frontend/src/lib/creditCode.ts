/** The check of a unified social credit code as it is typed (GB 32100-2015). */
const LETTERS = '0123456789ABCDEFGHJKLMNPQRTUWXY'
const WEIGHTS = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28]

export function isCreditCode(code: string): boolean {
  if (code.length !== 18) return false
  const values = [...code].map((letter) => LETTERS.indexOf(letter))
  if (values.includes(-1)) return false
  const total = WEIGHTS.reduce((sum, weight, at) => sum + weight * (values[at] as number), 0)
  return (31 - (total % 31)) % 31 === values[17]
}
