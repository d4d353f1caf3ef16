/** GB 11643: 17 digits and a check character. */
const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
const CHECKS = '10X98765432'

/** What is wrong with the number, or '' when its form and check character are right. */
export function identityNumberError(raw: string): string {
  const number = raw.trim().toUpperCase()
  if (!number) return '请填写身份证号'
  if (!/^\d{17}[\dX]$/.test(number)) return `身份证号是 18 位，现在是 ${number.length} 位`.replace('现在是 18 位', '里面有不对的字符')
  const sum = WEIGHTS.reduce((total, weight, index) => total + weight * Number(number[index]), 0)
  return CHECKS[sum % 11] === number[17] ? '' : '身份证号有误，请对照证件再看一遍'
}

export const phoneError = (raw: string): string =>
  /^1\d{10}$/.test(raw.trim()) ? '' : '请填写 11 位手机号'
