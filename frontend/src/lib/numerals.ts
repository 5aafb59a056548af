/** Reading figures as people in offices write them: 1,200  １２００  1.2万  五十万  两千三百  3亿. */

const DIGITS: Record<string, number> = {
  零: 0, 〇: 0, 一: 1, 二: 2, 两: 2, 三: 3, 四: 4, 五: 5, 六: 6, 七: 7, 八: 8, 九: 9,
  壹: 1, 贰: 2, 叁: 3, 肆: 4, 伍: 5, 陆: 6, 柒: 7, 捌: 8, 玖: 9,
}
const TENS: Record<string, number> = { 十: 10, 拾: 10, 百: 100, 佰: 100, 千: 1000, 仟: 1000 }
const MYRIADS: Record<string, number> = { 万: 4, 萬: 4, 亿: 8, 億: 8 }

/** Full-width digits and signs become half-width; grouping marks and spaces go. */
function plain(text: string): string {
  return text
    .replace(/[０-９]/g, (digit) => String.fromCharCode(digit.charCodeAt(0) - 0xfee0))
    .replace(/[．。]/g, '.')
    .replace(/[,，\s\u3000]/g, '')
}

/** A decimal string times a power of ten, exact, without needless zeros. */
export function shift(decimal: string, places: number): string {
  const [whole = '', fraction = ''] = decimal.split('.')
  const digits = whole + fraction.padEnd(Math.max(places, fraction.length), '0')
  const point = whole.length + places
  const left = digits.slice(0, point).replace(/^0+(?=\d)/, '') || '0'
  const right = digits.slice(point).replace(/0+$/, '')
  return right ? `${left}.${right}` : left
}

function chineseBelowMyriad(text: string): number | null {
  if (!text) return null
  let total = 0
  let digit: number | null = null
  let last = 10000
  for (const character of text) {
    if (character in DIGITS) {
      if (digit !== null && digit !== 0) return null
      digit = DIGITS[character] as number
    } else if (character in TENS) {
      const size = TENS[character] as number
      if (size >= last) return null
      total += (digit ?? 1) * size
      last = size
      digit = null
    } else {
      return null
    }
  }
  return total + (digit ?? 0)
}

function chineseWhole(text: string): string | null {
  const hundredMillions = text.split(/[亿億]/)
  if (hundredMillions.length > 2) return null
  const [upper, lower] =
    hundredMillions.length === 2 ? [hundredMillions[0] as string, hundredMillions[1] as string] : ['', text]
  const upperValue = hundredMillions.length === 2 ? belowHundredMillion(upper) : 0
  const lowerValue = lower === '' && hundredMillions.length === 2 ? 0 : belowHundredMillion(lower)
  if (upperValue === null || lowerValue === null) return null
  return String(upperValue * 1e8 + lowerValue)
}

function belowHundredMillion(text: string): number | null {
  const parts = text.split(/[万萬]/)
  if (parts.length > 2) return null
  if (parts.length === 1) return chineseBelowMyriad(parts[0] as string)
  const upper = chineseBelowMyriad(parts[0] as string)
  const lower = parts[1] === '' ? 0 : chineseBelowMyriad(parts[1] as string)
  return upper === null || lower === null ? null : upper * 10000 + lower
}

/**
 * The figure as an exact decimal string, or null where the text is not one figure.
 * A myriad sign (万, 亿) multiplies; `scaled` says that one stood there.
 */
export function readFigure(text: string): { value: string; scaled: boolean } | null {
  const given = plain(text)
  const figures = /^(\d+(?:\.\d+)?|\.\d+)([万萬亿億]*)$/.exec(given)
  if (figures) {
    const signs = [...(figures[2] as string)]
    const places = signs.reduce((sum, sign) => sum + (MYRIADS[sign] as number), 0)
    const number = (figures[1] as string).replace(/^\./, '0.')
    return { value: shift(number, places), scaled: signs.length > 0 }
  }
  if (!/^[零〇一二两三四五六七八九十百千万亿壹贰叁肆伍陆柒捌玖拾佰仟萬億]+$/.test(given)) return null
  const value = chineseWhole(given)
  return value === null ? null : { value, scaled: /[万萬亿億]/.test(given) }
}
