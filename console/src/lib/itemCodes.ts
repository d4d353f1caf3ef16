/** The words for the codes of an item's content, as the catalogue writes them. */
export type Codes = Record<string, string>

export const LEVELS: Codes = {
  province: '省级',
  city: '市级',
  district: '区级',
  street: '街道（镇）级',
  community: '社区（村）级',
}
export const ITEM_CLASSES: Codes = {
  approval: '行政审批和备案',
  utility: '重点领域和公用事业服务',
  service: '公共服务',
}
export const CASE_TYPES: Codes = { instant: '即办件', promise: '承诺件' }
export const GROUPS: Codes = {
  shebao: '社保医保',
  huji: '户籍证件',
  minzheng: '民政残联',
  shangshi: '企业商事',
  fangchan: '不动产住建',
  zonghe: '综合服务',
}
export const NECESSITIES: Codes = { required: '必须带', deferrable: '可以后补', conditional: '符合情形才要' }
export const MATERIAL_FORMS: Codes = {
  original: '原件',
  copy: '复印件',
  both: '原件和复印件',
  electronic: '电子版',
  form: '现场或网上填表',
}
export const ONLINE_DEPTHS: Codes = {
  1: '网上咨询',
  2: '网上收件',
  3: '网上预审',
  4: '网上受理',
  5: '网上办理',
  6: '网上反馈结果',
  7: '全程网办',
}
export const RESULT_TYPES: Codes = {
  licence: '证照',
  approval: '批准文书',
  certificate: '证明',
  registration: '登记或备案',
  payment: '待遇或资金',
  other: '其他',
}
export const SCOPES: Codes = {
  local: '本区办理',
  city: '全市通办',
  province: '全省通办',
  national: '跨省通办',
}
export const AUDIENCES: Codes = { person: '个人', enterprise: '企业和其他组织', both: '个人和企业' }
export const UNITS: Codes = { workday: '个工作日', day: '天', hour: '小时' }
export const THEMES: Codes = {
  shengyu: '生育收养',
  huji: '户籍证件',
  jiaoyu: '教育科研',
  jiuye: '就业创业',
  shebao: '社会保障',
  yiliao: '医疗卫生',
  hunyin: '婚姻登记',
  zhufang: '住房和不动产',
  jiaotong: '交通出行',
  chujing: '出境入境',
  qiye: '企业开办和变更',
  zhunying: '准营准办',
  nashui: '纳税缴费',
  jiuzhu: '社会救助',
  canji: '助残服务',
  yanglao: '退休养老',
  junren: '退役军人',
  falv: '法律服务',
  sannong: '农业农村',
  wenti: '文化体育旅游',
  chengjian: '城乡建设管理',
  huanbao: '生态环境',
  anquan: '公共安全',
  shenhou: '身后事',
  qita: '其他',
}

export interface Limit {
  value: number
  unit: string
}

export function limitText(limit: unknown): string {
  if (!limit || typeof limit !== 'object') return ''
  const { value, unit } = limit as Limit
  return value === 0 ? '当场办结' : `${value}${UNITS[unit] ?? ''}`
}
