/** Answers of an imagined server, in the shapes of its API. */
const council = require('./fixtures-council.cjs')

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
  can_cancel: false, cancel_deadline: null, can_reschedule: true, reschedules_left: 3, agent: null, principal: null, visit: null, check_in_code: '123456', qr_image: '', qr_token: '', materials: [],
  queue: { ticket_no: 'S012', ahead: 3, wait_minutes: 12, window_number: null, called_at: null },
  can_rate: false, rating: null, timeline: [], etag: '',
}
const templates = [{ key: 'booked', template_id: 'T1', title: '预约成功' }, { key: 'called', template_id: 'T2', title: '叫号' }, { key: 'ticket', template_id: 'T3', title: '诉求办理进度' }]
const day = inHours(24).slice(0, 10)

const photo = { id: 'f1', url: '/api/v1/files/f1', small_url: '/api/v1/files/f1/small', role_text: '处置后' }
const gcj02 = { latitude: 22.55, longitude: 114.06 }
const place = { latitude: 22.553, longitude: 114.055, gcj02 }
const line = (text, photos = []) => ({ at: inHours(-1), action: 'note', text, actor_text: '', photos })
const event = {
  id: 'a1', number: 'E261122-000001-2', title: '路口路灯不亮', category: { code: 'light', name: '路灯' }, state: 'disposed',
  state_text: '请您确认', next_text: '请您看看解决了没有', address: '和平路 12 号', called_at: inHours(-3), callers_count: 2,
  photo_url: null, can: ['confirm', 'add'], query_code: '123456', due_text: '最晚明天 17:00 核查', words: '晚上看不见路',
  voice: null, ...place, confidential: true, photos: [photo], result_photos: [photo], public_result: '灯泡换好了。',
  handler_text: '第三网格', rating: null, timeline: [line('收到了'), line('处理好了', [photo])],
}
const publicEvent = {
  id: 'a1', title: '路口路灯不亮', category_name: '路灯', state_text: '正在处理', address_public: '和平路', ...place, at: inHours(-3), solved_at: null,
  photo_url: null, public_result: '', callers_count: 2, photos: [], timeline: [line('收到了')],
}
const ring = [[114, 22.5], [114.1, 22.5], [114.1, 22.6], [114, 22.6], [114, 22.5]]
const areas = { type: 'FeatureCollection', features: [{ type: 'Feature', geometry: { type: 'Polygon', coordinates: [ring] }, properties: { id: 's1', kind: 'street', name: '越和街', code: 'yuehe', parent_id: null } }] }
const suggestions = { categories: [{ code: 'light', name: '路灯不亮', parent_name: '市政', sure: 0.9 }], emergency: null, similar: [], place: null }

const ticket = {
  id: 'a1', number: 'H261122-000001-2', query_code: '123456', kind: 'request', kind_text: '求助', question: false, title: '楼里停水两天',
  state: 'callback', state_text: '待回访', next_text: '办好了，请您评价', due_text: '最晚明天 17:00 回访', created_at: inHours(-50), open: true,
  can: ['rate', 'add'], words: '楼里停水两天了', address: '和平路 12 号', confidential: true, unit_name: '区城管局', reply: '水管修好了，昨晚通水。',
  replied_at: inHours(-2), rating: null, files: [], urge_text: '今天催过了，明天可以再催', timeline: [line('收到了'), line('区城管局签收')],
}
const question = {
  id: 'a1', number: 'H261122-000002-5', query: '养老金', words: '我妈户口在外地，能领吗', state_text: '已答复', next_text: '', due_text: '', asked_at: inHours(-5),
  answered_at: inHours(-1), answer: '可以，带户口本到社区办。', answered_by: '区人社局', articles: [{ id: 'a1', title: '养老金怎么领' }], can: [],
}
const answer = { kind: 'article', id: 'a1', title: '养老金怎么领', title_parts: [{ text: '养老金', hit: true }, { text: '怎么领', hit: false }], snippet: [{ text: '年满 60 岁可以领', hit: false }, { text: '养老金', hit: true }], department_name: '区人社局', updated_at: inHours(-200) }
const article = {
  id: 'a1', number: 'K000001', title: '养老金怎么领', summary: '满 60 岁，到社区申请。', document_number: '岭人社〔2026〕1 号', source_url: '', text: '## 谁能领\n\n年满 **60 岁**。\n\n- 身份证\n- 户口本\n\n| 档次 | 每月 |\n| --- | --- |\n| 一档 | 200 元 |', material_kind_text: '问答',
  department_name: '区人社局', issuing_unit: '岭川区人社局', effective_on: '2026-01-01', expires_on: '2026-10-01', expired: true, expired_text: '这篇内容已过有效期，请以最新规定为准', updated_at: inHours(-200),
  related: [{ kind: 'item', id: 'i1', title: item.name }], files: [{ id: 'f2', name: '申请表.pdf', size: 82000, kind: 'pdf', url: '/api/v1/articles/a1/files/f2' }],
}
const rate = { numerator: 57, denominator: 60, excluded: 2, rate: 0.95 }
const hotline = {
  period_text: '近 30 天', as_of: inHours(0), figures: { calls: 1200, connected_rate: 0.964, answered_15s_rate: 0.91, tickets: 800, closed: 720, open: 80 },
  rates: { response: rate, solved: rate, satisfied: { ...rate, numerator: 0, denominator: 0, rate: null } }, frequent: [{ id: 'a1', title: '社保卡丢了怎么办' }],
  answered: [{ id: 't9', title: '公交站加遮雨棚', kind_text: '建议', reply: '已列入今年计划。', unit_name: '区城管局', closed_at: inHours(-100) }],
}

const message = { id: 'm1', kind: 'topic_stage', topic: 'council', topic_text: '议事和投票', title: '开始投票：换路灯', body: '到周五截止。', created_at: `${day}T09:00:00+08:00`, read_at: null, link: '/topics/a1' }
const grants = templates.map((one) => ({ ...one, kinds: ['预约成功'], remaining: 0, long_term: false, can_stand: false, waiting: 0 }))
const ways = (can_mute) => [{ way: 'wechat', name: '微信提醒', can_mute, on: true }, { way: 'sms', name: '短信', can_mute, on: true }]
const messageSettings = {
  topics: [
    { topic: 'appointments', name: '预约和叫号', always: ['叫号'], optional: ['预约成功'], ways: ways(true) },
    { topic: 'homes', name: '住处和委托', always: ['过户完成'], optional: [], ways: ways(false) },
  ],
  reach: { wechat: true, sms: false },
}

const offer = {
  id: 'a1', kind: 'waitlist', state: 'open', state_text: '等您决定', start: inHours(30), end: inHours(31), hall, item: appointment.item, made_at: inHours(-1),
  expires_at: inHours(1), appointment_id: null, booked_id: null,
}
const entry = {
  id: 'a1', state: 'waiting', state_text: '候补中', item: appointment.item, hall, date: day, earliest: '09:00', latest: null, ahead: 2, joined_at: inHours(-2),
  can_leave: true, offer: null, version: 1,
}
const consent = {
  id: 'a1', role: 'principal', other_name: '陈*远', item: null, relation: '子女', state: 'asked', state_text: '等您答复', way: 'online', until: day,
  asked_at: inHours(-2), can_answer: true, can_withdraw: false, version: 1,
}
const missed = { appointment_id: 'a9', item_name: item.name, hall_name: hall.name, start: inHours(-99), state: 'counted', state_text: '计入', can_appeal: true, appeal: '', decision: '' }

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
    'GET /slot-offers': () => list([offer]),
    'GET /slot-offers/a1': () => [200, offer],
    'GET /waitlist': () => list([entry]),
    'GET /waitlist/a1': () => [200, entry],
    'GET /agent-consents': () => list([consent]),
    'GET /visits/a1': () => [200, { id: 'a1', kind: 'items', appointments: [{ ...appointment, state: 'booked' }] }],
    'GET /booking-standing': () => [200, { missed: [missed], counted: 1, most: 3, within_days: 90, banned_until: null }],
    'GET /messages': () => [200, { items: [message], next_cursor: null, unread: 1, topics: [{ topic: 'council', name: '议事和投票', total: 1, unread: 1 }, { topic: 'life', name: '邻里活动', total: 2, unread: 0 }] }],
    'GET /me/message-settings': () => [200, messageSettings],
    'GET /me/notification-grants': () => list(grants),
    'GET /me/notification-history': () => list([{ id: 'h1', at: `${day}T09:00:00+08:00`, title: '预约成功提醒', text: '您同意了', change: 1 }]),
    'GET /matters': () => list([]),
    'GET /events': () => list([event]),
    'GET /events/a1': () => [200, event],
    'GET /event-categories': () => list([{ code: 'city', name: '市政', icon: '', children: [{ code: 'light', name: '路灯不亮', hint: '' }] }]),
    'POST /event-suggestions': () => [200, suggestions],
    'GET /public/events': () => [200, { items: [publicEvent], areas: [], total: 1 }],
    'GET /public/events/a1': () => [200, publicEvent],
    'GET /public/areas': () => [200, areas],
    'GET /tickets': () => list([ticket, { ...ticket, id: 'q1', question: true }]),
    'GET /tickets/a1': () => [200, ticket],
    'POST /tickets': () => [201, ticket],
    'POST /tickets/a1/ratings': () => [200, { ...ticket, can: [], rating: { solved: true, satisfied: true, comment: '' } }],
    'GET /questions/a1': () => [200, question],
    'POST /questions': () => [201, question],
    'GET /answers': () => [200, { items: [answer, { ...answer, kind: 'item', id: 'i1' }], total: 2, query_id: 'x', next_cursor: null }],
    'GET /answers/suggestions': () => list([{ kind: 'article', id: 'a1', title: article.title }]),
    'POST /answers/feedback': () => [200, {}],
    'GET /articles/a1': () => [200, article],
    'GET /public/frequent-questions': () => list(hotline.frequent),
    'GET /public/hotline': () => [200, hotline],
    ...council.routes(list),
    'POST /me/notification-grants': () => list(grants.map((one) => ({ ...one, remaining: one.remaining + 1 }))),
    'POST /me/notification-withdrawals': () => list(grants),
    'GET /privacy-policy': () => [200, { version: '1', effective_from: '2026-11-01', title: '隐私政策', sections: [] }],
  }
  return (method, path) => routes[`${method} ${path}`]?.() ?? [404, { title: '没找到' }]
}
