import type { TransferRequest } from '@/api/homes'
import { identityNumberError, phoneError } from '@/lib/identity-number'

type Owner = TransferRequest['owners'][number]

export const OWNERS_MOST = 20
export const OWNER_KINDS: { code: Owner['kind']; text: string }[] = [
  { code: 'person', text: '个人' },
  { code: 'company', text: '单位' },
]
export const newOwner = (): Owner => ({ kind: 'person', name: '', id_number: '', phone: '' })

/** What is wrong with an entry, field by field; '' where nothing is. */
export function fault({ kind, name, id_number, phone }: Owner): { name: string; id_number: string; phone: string } {
  const company = kind === 'company'
  const code = /^[0-9A-HJ-NPQRTUWXY]{18}$/i.test(id_number.trim()) ? '' : '统一社会信用代码是 18 位数字和字母'
  return {
    name: name.trim() ? '' : company ? '请写单位名称' : '请写姓名',
    id_number: company ? code : identityNumberError(id_number),
    phone: company || !phone.trim() ? '' : phoneError(phone),
  }
}
