import * as codes from './itemCodes'
import type { Codes } from './itemCodes'
import type { ItemContent } from '@/api/types'

/** The form of an item as data: one entry a field, in the order people think of them. */

export type Kind =
  | 'text'
  | 'area'
  | 'choice'
  | 'depth'
  | 'bool'
  | 'number'
  | 'lines'
  | 'limit'
  | 'choices'
  | 'rows'
  | 'next'
  | 'hall'

export interface Field<Key extends string = string> {
  key: Key
  label: string
  kind: Kind
  hint?: string
  options?: Codes
  max?: number
  optional?: boolean
  columns?: Field[]
  wide?: boolean
  blank?: Record<string, unknown>
}

export interface Section {
  title: string
  fields: Field<keyof ItemContent>[]
}

const text = <Key extends string>(key: Key, label: string, more: Partial<Omit<Field, 'key'>> = {}): Field<Key> => ({
  key,
  label,
  kind: 'text',
  max: 200,
  ...more,
})
const area = <Key extends string>(key: Key, label: string, more: Partial<Omit<Field, 'key'>> = {}): Field<Key> => ({
  key,
  label,
  kind: 'area',
  max: 1000,
  wide: true,
  ...more,
})
const choice = <Key extends string>(key: Key, label: string, options: Codes, more: Partial<Omit<Field, 'key'>> = {}): Field<Key> => ({
  key,
  label,
  kind: 'choice',
  options,
  ...more,
})
const lines = <Key extends string>(key: Key, label: string, hint = '一行一条', more: Partial<Omit<Field, 'key'>> = {}): Field<Key> => ({
  key,
  label,
  kind: 'lines',
  hint,
  wide: true,
  ...more,
})

export const ITEM_FORM: Section[] = [
  {
    title: '名称和归类',
    fields: [
      text('name', '事项名称', { wide: true }),
      area('summary', '一句话说明', { hint: '办这件事能得到什么，用平常的话写' }),
      lines('aliases', '大家平时怎么说', '一行一个说法，搜索时会用到，例如：社保卡丢了', { optional: true }),
      choice('level', '行使层级', codes.LEVELS),
      choice('item_class', '事项类型', codes.ITEM_CLASSES),
      choice('audience', '服务对象', codes.AUDIENCES),
      choice('group_code', '窗口业务类别', codes.GROUPS),
      { key: 'themes', label: '主题', kind: 'choices', options: codes.THEMES, wide: true },
    ],
  },
  {
    title: '时限和方式',
    fields: [
      choice('case_type', '办件类型', codes.CASE_TYPES),
      { key: 'online_depth', label: '网上办理深度', kind: 'depth', options: codes.ONLINE_DEPTHS },
      { key: 'legal_limit', label: '法定时限', kind: 'limit', optional: true },
      { key: 'promise_limit', label: '承诺时限', kind: 'limit', hint: '填 0 表示当场办结' },
      { key: 'visits', label: '到现场次数', kind: 'number', max: 9 },
      text('visits_reason', '为什么要到现场', { optional: true }),
      { key: 'bookable', label: '可以预约窗口', kind: 'bool' },
      { key: 'courier', label: '结果可以寄到家', kind: 'bool' },
      choice('scope', '通办范围', codes.SCOPES),
    ],
  },
  {
    title: '条件和材料',
    fields: [
      lines('conditions', '谁可以办'),
      {
        key: 'materials',
        label: '材料',
        kind: 'rows',
        wide: true,
        blank: {
          name: '',
          form: 'original',
          count: 1,
          necessity: 'required',
          source: '',
          replaced_by_licence: null,
          legal_basis: '',
          note: '',
        },
        columns: [
          text('name', '材料名称', { wide: true }),
          choice('form', '形式', codes.MATERIAL_FORMS),
          { key: 'count', label: '份数', kind: 'number', max: 20 },
          choice('necessity', '要不要带', codes.NECESSITIES),
          text('source', '从哪里来', { optional: true }),
          text('replaced_by_licence', '可用哪种电子证照代替', { optional: true }),
          text('legal_basis', '法律依据', { wide: true, max: 500 }),
          text('note', '说明', { wide: true, optional: true, max: 500 }),
        ],
      },
    ],
  },
  {
    title: '办理步骤',
    fields: [
      {
        key: 'steps',
        label: '步骤',
        kind: 'rows',
        wide: true,
        blank: { key: '', name: '', actor: '', limit_text: '', description: '', next: [] },
        columns: [
          text('name', '步骤名称'),
          text('actor', '谁来做'),
          text('limit_text', '多久', { optional: true }),
          area('description', '怎么做', { optional: true }),
          { key: 'next', label: '接下来到哪一步', kind: 'next', wide: true, optional: true },
        ],
      },
      lines('special_procedures', '特别程序', '听证、检验、鉴定等，一行一条', { optional: true }),
    ],
  },
  {
    title: '收费和结果',
    fields: [
      {
        key: 'fees',
        label: '收费',
        kind: 'rows',
        wide: true,
        hint: '不收费就不用填',
        blank: { name: '', amount_text: '', basis: '' },
        columns: [
          text('name', '收费项目'),
          text('amount_text', '标准'),
          text('basis', '收费依据', { wide: true, max: 500 }),
        ],
      },
      choice('result_type', '结果类型', codes.RESULT_TYPES),
      text('result_name', '办完拿到什么'),
    ],
  },
  {
    title: '地点、电话和依据',
    fields: [
      {
        key: 'places',
        label: '办理地点',
        kind: 'rows',
        wide: true,
        blank: { hall_code: '', windows_text: '' },
        columns: [{ key: 'hall_code', label: '大厅', kind: 'hall' }, text('windows_text', '窗口')],
      },
      text('consult_phone', '咨询电话'),
      text('complaint_phone', '投诉电话'),
      lines('legal_basis', '办理依据', '法律、法规、规章名称和条款，一行一条'),
      area('remedies', '不服怎么办', { hint: '行政复议、行政诉讼的途径和期限' }),
    ],
  },
]

export const FIELD_LABELS: Codes = Object.fromEntries(
  ITEM_FORM.flatMap((section) => section.fields.map((field) => [field.key, field.label])),
)

/** A new item before anything is written: every field there, so that saving always sends all. */
export function blankContent(): ItemContent {
  return {
    name: '',
    summary: '',
    aliases: [],
    level: 'district',
    item_class: 'service',
    case_type: 'promise',
    group_code: 'zonghe',
    bookable: true,
    audience: 'person',
    themes: [],
    legal_limit: null,
    promise_limit: null,
    conditions: [],
    materials: [],
    steps: [],
    special_procedures: [],
    fees: [],
    visits: 1,
    visits_reason: '',
    online_depth: 1,
    places: [],
    consult_phone: '',
    complaint_phone: '',
    courier: false,
    scope: 'local',
    result_type: 'other',
    result_name: '',
    remedies: '',
    legal_basis: [],
  }
}

/** The words of a coded value, for the list of differences. */
export function spoken(content: Record<string, unknown>): Record<string, unknown> {
  const found: Record<string, unknown> = { ...content }
  for (const field of ITEM_FORM.flatMap((section) => section.fields)) {
    const value = content[field.key]
    if (field.kind === 'limit') found[field.key] = codes.limitText(value)
    else if (field.kind === 'choices' && Array.isArray(value))
      found[field.key] = value.map((code) => field.options?.[String(code)] ?? code)
    else if (field.options && (typeof value === 'string' || typeof value === 'number'))
      found[field.key] = field.options[String(value)] ?? value
  }
  return found
}
