/** Answers of an imagined server, in the shapes of its API. */
const item = {
  id: 'i1', code: 'C1', name: '社会保障卡挂失/补领', department_name: '区人社局', level: 'district', level_text: '区级',
  case_type: 'promise', case_type_text: '承诺件', promise_text: '5 个工作日', visits: 1, bookable: true, summary: '补一张卡',
}
const guide = {
  ...item, implementation_code: 'X', business_code: '', version: 1, aliases: [], item_class: '', item_class_text: '',
  legal_limit_text: '20 个工作日', promise_limit_text: '5 个工作日', conditions: ['在本区参保'],
  materials: [{ name: '居民身份证', form_text: '原件', count: 1, necessity: 'required', necessity_text: '必要', source: '', replaced_by_licence: null, legal_basis: '', note: '' }],
  steps: [
    { key: 'a', name: '申请', actor: '', limit_text: '', description: '', next: ['b'] },
    { key: 'b', name: '发卡', actor: '窗口', limit_text: '', description: '', next: [] },
  ],
  special_procedures: [], fees: [], visits_reason: '核对本人', online_depth: 3, online_depth_text: '', places: [],
  consult_phone: '0000-1', complaint_phone: '0000-2', courier: false, scope_text: '', result_type_text: '证照',
  result_name: '社会保障卡', remedies: [], legal_basis: [], audience_text: '个人', themes: [], published_at: '',
}
const hall = {
  id: 'h1', code: 'yuehe', name: '越和街政务服务中心', address: '和平路 18 号', floor: '3 楼', phone: '0000-3',
  opening_hours: ['周一至周五 9:00-17:00'], latitude: null, longitude: null, waiting_count: 2, wait_minutes: 8,
}
const inHours = (hours) => new Date(Date.now() + hours * 3_600_000).toISOString()
const person = {
  id: 'p1', name: '王秀兰', name_masked: '王*兰', phone_masked: null, id_number_masked: null, verified: true,
  has_wechat: true, consent_version: '1', elder_mode: false, channel: 'weixin',
}
const appointment = {
  id: 'a1', receipt_number: 'A261123-482073-5', query_code: 'Q', state: 'checked_in', state_text: '排队中',
  next_text: '请在等候区等叫号', item: { id: 'i1', name: item.name }, hall, start: inHours(1), end: inHours(2),
  can_cancel: false, cancel_deadline: null, check_in_code: '123456', qr_image: '', qr_token: '', materials: [],
  queue: { ticket_no: 'S012', ahead: 3, wait_minutes: 12, window_number: null, called_at: null },
  can_rate: false, rating: null, timeline: [], etag: '',
}
const templates = [{ key: 'booked', template_id: 'T1', title: '预约成功' }, { key: 'called', template_id: 'T2', title: '叫号' }]
const day = inHours(24).slice(0, 10)

/** A small district that remembers who signed in and what was booked. */
exports.district = () => {
  let signedIn = false
  const list = (items) => [200, { items, next_cursor: null }]
  const routes = {
    'GET /config': () => [200, { district: { code: '999901', name: '岭川区', city: '南屿市' }, demo: true, hotline: '12345', privacy_version: '1', subscribe_templates: templates, hot_words: ['社保卡丢了'], sign_in: { wechat: true, sms: true, demo: true } }],
    'GET /session': () => [200, { person: signedIn ? person : null, csrf_token: null }],
    'POST /sessions/wechat': () => ((signedIn = true), [201, { person, csrf_token: null, token: 'bearer-token' }]),
    'GET /demo/persons': () => list([{ key: 'wang-xiulan', name: '王秀兰', note: '62 退休' }]),
    'GET /themes': () => list([{ code: 't1', name: '社会保障', count: 3 }]),
    'GET /life-events': () => list([{ code: 'e1', name: '我要退休', summary: '', count: 4 }]),
    'GET /items': () => list([item]),
    'GET /items/i1': () => [200, guide],
    'GET /halls': () => list([hall]),
    'GET /halls/h1/days': () => list([{ date: day, weekday_text: '周一', status: 'open', status_text: '可约', remaining: 3 }]),
    'GET /halls/h1/slots': () => list([{ id: 's1', start: `${day}T09:30:00+08:00`, end: `${day}T10:00:00+08:00`, remaining: 2, status: 'open' }]),
    'POST /appointments': () => [201, { ...appointment, state: 'booked' }],
    'GET /appointments': () => (signedIn ? list([appointment]) : [401, { title: '请先登录' }]),
    'GET /appointments/a1': () => [200, appointment],
    'GET /messages': () => [200, { items: [], next_cursor: null, unread: 2 }],
    'GET /matters': () => list([]),
    'POST /me/notification-grants': () => [200, {}],
    'GET /privacy-policy': () => [200, { version: '1', effective_from: '2026-11-01', title: '隐私政策', sections: [] }],
  }
  return (method, path) => routes[`${method} ${path}`]?.() ?? [404, { title: '没找到' }]
}
