/** Icons drawn for this app: lines on a 24 by 24 grid, 1.8 wide, round ends. */
export const ICONS = {
  home: 'M4 11l8-7 8 7M6 9.5V20h12V9.5M10 20v-6h4v6',
  list: 'M5 4h14v16H5zM8.5 9h7M8.5 13h7M8.5 17h4',
  progress: 'M12 3a9 9 0 1 0 9 9M12 7v5l3.5 2M17 3l4 0 0 4',
  person: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.5 20.5c.8-3.8 3.8-5.5 7.5-5.5s6.7 1.7 7.5 5.5',
  search: 'M10.5 17.5a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM15.5 15.5l5 5',
  right: 'M9 5l7 7-7 7',
  down: 'M5 9l7 7 7-7',
  up: 'M5 15l7-7 7 7',
  close: 'M6 6l12 12M18 6L6 18',
  check: 'M5 12.5l4.5 4.5L19 7.5',
  clock: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7v5l3.5 2.5',
  calendar: 'M4 6h16v14H4zM4 10.5h16M8 3.5V8M16 3.5V8M8 14h3M13.5 14H16M8 17h3',
  place: 'M12 21c4.5-4.8 7-8 7-11.5a7 7 0 1 0-14 0C5 13 7.5 16.2 12 21zM12 12a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5z',
  phone: 'M6.5 3.5h3l1.5 4.5-2 1.5a11 11 0 0 0 5.5 5.5l1.5-2 4.5 1.5v3c0 1-.8 2-2 2C10.5 19.5 4.5 13.5 4.5 5.5c0-1.2.9-2 2-2z',
  copy: 'M8.5 8.5h11v11h-11zM15.5 8.5v-4h-11v11h4',
  bell: 'M6 17V11a6 6 0 1 1 12 0v6l1.5 1.5h-15zM10 20.5a2.2 2.2 0 0 0 4 0',
  ticket: 'M4 6.5h16V10a2 2 0 0 0 0 4v3.5H4V14a2 2 0 0 0 0-4zM14.5 7v2M14.5 11v2M14.5 15v2',
  hall: 'M3.5 9.5L12 4l8.5 5.5zM5.5 9.5V19M10 9.5V19M14 9.5V19M18.5 9.5V19M3.5 19.5h17',
  shield: 'M12 3l7.5 2.8v5.7c0 4.5-3 7.8-7.5 9.5-4.5-1.7-7.5-5-7.5-9.5V5.8zM8.5 12l2.5 2.5 4.5-4.5',
  type: 'M3.5 19L8.5 6l5 13M5.2 15h6.6M14.5 19l3-8 3 8M15.6 16.5h3.8',
  data: 'M4 5h16v14H4zM4 9.5h16M8 13h8M8 16h5',
  door: 'M6 20.5V3.5h9v17M3.5 20.5h17M12 12.5h.01M15 7h3v13.5',
  setting: 'M4 7h9M17 7h3M15 9.2a2.2 2.2 0 1 0 0-4.4 2.2 2.2 0 0 0 0 4.4zM4 17h3M11 17h9M9 19.2a2.2 2.2 0 1 0 0-4.4 2.2 2.2 0 0 0 0 4.4z',
  wechat: 'M9.5 4.5c-3.6 0-6.5 2.4-6.5 5.4 0 1.7 1 3.2 2.5 4.2L5 16.5l2.6-1.3c.6.1 1.2.2 1.9.2M15.5 9c3 0 5.5 2.1 5.5 4.7 0 1.5-.8 2.8-2 3.7l.4 2.1-2.3-1.2c-.5.1-1 .2-1.6.2-3 0-5.5-2.1-5.5-4.8S12.5 9 15.5 9z',
  star: 'M12 3.5l2.6 5.5 6 .8-4.4 4.2 1.1 6-5.3-3-5.3 3 1.1-6-4.4-4.2 6-.8z',
  alert: 'M12 4L2.5 20h19zM12 10v5M12 17.5v.01',
  empty: 'M4 13l3-8h10l3 8v6H4zM4 13h5c0 2 1.3 3 3 3s3-1 3-3h5',
  refresh: 'M20 12a8 8 0 1 1-2.5-5.8M20 3.5V8h-4.5',
  social: 'M4 6h16v12H4zM4 10h16M7.5 14.5h4',
  medical: 'M12 20s-8-4.5-8-10a4.5 4.5 0 0 1 8-2.8A4.5 4.5 0 0 1 20 10c0 5.5-8 10-8 10zM12 9v5M9.5 11.5h5',
  identity: 'M3.5 5.5h17v13h-17zM8.5 12a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM5.5 16c.4-1.6 1.5-2.3 3-2.3s2.6.7 3 2.3M14 10h4M14 13.5h4',
  family: 'M8 10a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM17 11.5a2.3 2.3 0 1 0 0-4.6 2.3 2.3 0 0 0 0 4.6zM2.5 20c.5-4 2.5-6 5.5-6s5 2 5.5 6M14.5 15c3.6-.8 6.2.6 7 5',
  house: 'M4 11l8-7 8 7M6 9.5V20h12V9.5M9.5 13h5v3h-5z',
  shop: 'M4 9.5L5.5 4h13L20 9.5M4 9.5a2.6 2.6 0 0 0 5.3 0 2.6 2.6 0 0 0 5.4 0 2.6 2.6 0 0 0 5.3 0M5.5 12v8h13v-8M10 20v-4.5h4V20',
  school: 'M2.5 9L12 4.5 21.5 9 12 13.5zM6.5 11v5.5c3 2.3 8 2.3 11 0V11M21.5 9v5.5',
  job: 'M3.5 8h17v11.5h-17zM8.5 8V4.5h7V8M3.5 13h17M12 12v2.5',
  money: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM8.5 7.5L12 12l3.5-4.5M12 12v5.5M9 12.5h6M9 15h6',
  car: 'M3.5 16.5v-4l2.5-6h12l2.5 6v4zM3.5 12.5h17M6.5 16.5V19M17.5 16.5V19M7 14.5h1.5M15.5 14.5H17',
  elder: 'M10 7a2.3 2.3 0 1 0 0-4.6A2.3 2.3 0 0 0 10 7zM7 21l1.5-6.5L7 12l1-3.5h3.5l2 3.5 3 1M11 14.5V21M17 12.5V21',
  heart: 'M12 20s-8-4.5-8-10a4.5 4.5 0 0 1 8-2.8A4.5 4.5 0 0 1 20 10c0 5.5-8 10-8 10z',
  law: 'M12 3.5v17M6 20.5h12M5 7h14M5 7l-2.5 6h5zM19 7l-2.5 6h5z',
  leaf: 'M5 19C4 10 9 5 20 4c.5 10-4 15.5-12 14M5 21c1-5 4-8.5 9-10.5',
  farm: 'M12 21v-9M12 12c0-4 2.5-6.5 7-6.5 0 4-2.5 6.5-7 6.5zM12 15.5c0-3.5-2.3-5.7-6.5-5.7 0 3.5 2.3 5.7 6.5 5.7z',
  flag: 'M5.5 21V4M5.5 5c4-2 8 2 13 0v9c-5 2-9-2-13 0',
  baby: 'M12 21a8 8 0 1 0 0-16 8 8 0 0 0 0 16zM9 12v.01M15 12v.01M9.5 16c1.5 1.2 3.5 1.2 5 0M12 5c0-1.5 1.5-2 2.5-1.5',
  camera: 'M3.5 7.5h4l1.5-3h6l1.5 3h4v12h-17zM12 17a4 4 0 1 0 0-8 4 4 0 0 0 0 8z',
  picture: 'M3.5 5h17v14h-17zM8.5 10.5a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3zM4 17l5-4.5 3.5 3 3-3 5 4.5',
  mic: 'M12 14.5a3 3 0 0 0 3-3v-5a3 3 0 0 0-6 0v5a3 3 0 0 0 3 3zM6 11.5a6 6 0 0 0 12 0M12 17.5V21M8.5 21h7',
  play: 'M8 5l11 7-11 7z',
  stop: 'M6.5 6.5h11v11h-11z',
  aim: 'M12 19a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM12 2v5M12 17v5M2 12h5M17 12h5',
  map: 'M3.5 6.5l5.5-2 6 2 5.5-2v13l-5.5 2-6-2-5.5 2zM9 4.5v13M15 6.5v13',
  horn: 'M4 10v4h3l8 4.5v-13L7 10zM18 9.5a4 4 0 0 1 0 5M7.5 14.5l1 5h2l-.5-4',
  more: 'M4.5 4.5h6v6h-6zM13.5 4.5h6v6h-6zM4.5 13.5h6v6h-6zM13.5 13.5h6v6h-6z',
} as const

export type IconName = keyof typeof ICONS

/** Shapes that are filled rather than drawn in lines. */
export const iconImage = (name: IconName, filled = false): string => {
  const paint = filled ? `fill='black'` : `fill='none'`
  const svg =
    `<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 24 24' ${paint} stroke='black' ` +
    `stroke-width='1.8' stroke-linecap='round' stroke-linejoin='round'><path d='${ICONS[name]}'/></svg>`
  return `url("data:image/svg+xml,${encodeURIComponent(svg)}")`
}

const BY_WORD: [RegExp, IconName][] = [
  [/医保|医疗|卫生|健康|看病/, 'medical'],
  [/社保|社会保障|养老保险|失业/, 'social'],
  [/退休|养老|老年|敬老|长者/, 'elder'],
  [/户|身份|证件|公安|居住|入籍/, 'identity'],
  [/生|孩|育儿|婴/, 'baby'],
  [/婚|家庭|收养/, 'family'],
  [/房|住|公积金|不动产|租|装修/, 'house'],
  [/企业|开店|经营|市场|商|开办|公司/, 'shop'],
  [/学|教育|毕业/, 'school'],
  [/就业|工作|人力|职业|人才|创业/, 'job'],
  [/税|补贴|资金|救助|低保/, 'money'],
  [/车|交通|驾|出行/, 'car'],
  [/残|救济|帮扶|殡|身后|逝/, 'heart'],
  [/法|司法|公证|纠纷|应急|执法/, 'law'],
  [/环境|生态|绿化/, 'leaf'],
  [/农|乡/, 'farm'],
  [/军|退役/, 'flag'],
  [/政务|综合/, 'hall'],
]

/** The icon that fits a theme, department or life event by its name. */
export const iconFor = (name: string): IconName =>
  BY_WORD.find(([words]) => words.test(name))?.[1] ?? 'list'
