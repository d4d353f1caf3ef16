/** A neighbourhood's deliberation, in the shapes of the API. */
const inHours = (hours) => new Date(Date.now() + hours * 3_600_000).toISOString()
const rule = {
  kind: 'lift', version: 1, name: '加装电梯', in_force_from: '2026-01-01', basis: '《民法典》第二百七十八条', worth: 'resolution', worth_name: '议事表决',
  worth_text: '通过后按表决办，社区帮着报批。', requirements: ['占用到专有部分的业主书面同意'], notes: ['底层业主的意见要单独听'],
  votes: [{ code: 'owners', name: '本单元业主表决', electorate_text: '本单元全体业主', thresholds: ['参加的人数和面积都要达到三分之二', '同意的人数和面积都要达到参加的四分之三'], ballots: ['single'], secrecy: ['open'], changeable: true, proxies: 2 }],
}
const home = {
  id: 'h1', community: { id: 'c1', name: '桂香苑', kind: 'estate', kind_text: '住宅小区', address: '和平路 18 号', area_id: 'g1', area_name: '榕荫社区' },
  building_id: 'b1', entrance_id: 'e1', room_id: 'r1', label: '1-2-301', area_text: '89.35', use: 'home', use_text: '住宅', relation: 'owner', relation_text: '产权人',
  state: 'confirmed', state_text: '已确认', next_text: '可以参加本小区的议事和投票', reason: '', words: '', claimed_at: inHours(-500), owner_matched: true, transfer: null, files: [], can: ['leave', 'transfer', 'proxy'],
}
const claim = { ...home, id: 'h2', label: '2-1-502', area_text: '', relation: 'family', relation_text: '家庭成员', state: 'claimed', state_text: '等待社区确认', next_text: '社区工作人员核对后会告诉您', can: ['leave'] }
const community = {
  id: 'c1', name: '桂香苑', kind: 'estate', address: '和平路 18 号', area_name: '榕荫社区', street_name: '越和街道', verified: true, homes: ['1-2-301'], open_topics: 3,
  kinds: [
    { kind: 'lift', name: '加装电梯', scopes: [{ kind: 'entrance', id: 'e1', text: '1 栋 2 单元' }], rule },
    { kind: 'matter', name: '议事', scopes: [{ kind: 'community', id: 'c1', text: '全小区' }, { kind: 'building', id: 'b1', text: '1 栋' }], rule: { ...rule, kind: 'matter', name: '议事', worth: 'intention', worth_name: '意向征集', worth_text: '结果供社区参考，不直接生效。', requirements: [], notes: [] } },
  ],
}
const card = {
  id: 'a1', number: 'T261122-000001-2', kind: 'lift', kind_text: '加装电梯', worth_name: '议事表决', title: '1 栋 2 单元加装电梯', state: 'voting', state_text: '表决中',
  next_text: '到时间自动结束，然后计票', by_when: inHours(75), open: true, passed: null, scope_text: '1 栋 2 单元', seconds_needed: 5, seconds_count: 5,
  created_at: inHours(-400), last_at: inHours(-3), comments_count: 12, picture: null, mine: false, followed: true,
}
const cards = [
  card,
  { ...card, id: 't2', kind: 'matter', kind_text: '议事', worth_name: '意向征集', title: '地下车库夜里太暗，能不能换成感应灯', state: 'seconding', state_text: '征集联名', next_text: '联名人数够了，就交给社区', by_when: inHours(200), seconds_count: 2, scope_text: '全小区', comments_count: 0 },
  { ...card, id: 't3', kind: 'budget', kind_text: '参与式选择', worth_name: '意向征集', title: '今年的 30 万元社区微更新资金怎么用', state: 'carrying_out', state_text: '落实中', next_text: '社区会报告落实进展', by_when: null, passed: true, scope_text: '全小区' },
]
const topic = {
  ...card, words: '我们单元七层没有电梯，四楼以上有九位七十岁以上的老人，上下楼很难。想请大家商量加装电梯。\n\n费用怎么出、一楼采光怎么补，都可以谈。',
  community: { id: 'c1', name: '桂香苑' }, proposer_text: '邻居提议', pictures: [], rule,
  stages: [['seconding', '联名', 'done'], ['accepted', '受理', 'done'], ['discussing', '讨论', 'done'], ['drafting', '形成方案', 'done'], ['noticing', '公示', 'done'], ['voting', '表决', 'now'], ['objection', '结果公示', 'todo'], ['carrying_out', '落实', 'todo']].map(([state, text, status]) => ({ state, text, status })),
  silence_with_majority: false, silence_basis: '', requirements: [{ text: '占用到专有部分的业主书面同意', met: true }, { text: '费用、管理和补偿的书面协议', met: false }],
  draft: { number: 2, text: '在单元门外加装一部 6 层 6 站电梯。费用按楼层分摊，一、二层不出钱。', question: '是否同意按第 2 稿加装电梯？', ballot: 'single', options: [{ code: 'agree', text: '同意', detail: '', cost_cents: null }, { code: 'oppose', text: '不同意', detail: '', cost_cents: null }, { code: 'abstain', text: '弃权', detail: '', cost_cents: null }], least: 1, most: 1, budget_cents: null, secret: false, note: '补上了二楼的意见', at: inHours(-100), by: '榕荫社区' },
  votes: [{ id: 'a1', turn: 1, name: '本单元业主表决', state: 'open', state_text: '表决中', opened_at: inHours(-20), closes_at: inHours(75) }],
  objections: { total: 2, open: 1, decisions: [{ result_text: '不成立', reason: '采光报告已在公示栏张贴，符合标准。', at: inHours(-90) }] },
  my_objections: [], progress_percent: 30, end_reason: '', statements_count: 8,
  timeline: [{ at: inHours(-400), text: '提出', actor_text: '邻居' }, { at: inHours(-20), text: '表决开始', actor_text: '社区' }], version: 7, seconded: false,
  notice: null, can: ['follow', 'comment', 'state', 'object', 'vote'], main_action: { code: 'vote', text: '去投票' },
}
const said = {
  id: 'k1', parent_id: null, author: '王*兰', official: false, mine: false, text: '我住六楼，膝盖不好，盼着能装。费用按楼层分摊我觉得公道。', gone: false, pictures: [], state: 'visible', state_text: '已公开',
  likes: 6, liked: true, replies: 1, at: inHours(-50), edited: false, notice: null, can: ['like', 'reply', 'report'],
}
const notice = (experience, title, text, can, hours) => ({ experience, title, text, can, by_when: hours ? inHours(hours) : null })
const talk = [
  { ...said, id: 'k2', author: '榕荫社区', official: true, text: '采光检测报告已经张贴在一楼公示栏，周五下午三点设计师到现场答疑。', liked: false, likes: 11, replies: 0 },
  said,
  { ...said, id: 'k3', author: '我', mine: true, text: '被拦下的一条', state: 'refused', state_text: '未通过检查', likes: 0, liked: false, replies: 0, notice: notice('refused', '这段话没有通过内容检查', '含有不适合公开的内容。改一改再发，或者申诉。', ['edit', 'appeal'], 0), can: ['withdraw', 'edit', 'appeal'] },
  { ...said, id: 'k4', author: '我', mine: true, text: '等人看的一条', state: 'under_review', state_text: '复核中', likes: 0, liked: false, replies: 0, notice: notice('under_review', '工作人员正在看', '看过后邻居就能看到。', [], 20), can: ['withdraw'] },
  { ...said, id: 'k5', author: '我', mine: true, text: '检查服务没连上时发的一条', state: 'checking', state_text: '检查中', likes: 0, liked: false, replies: 0, notice: notice('unavailable', '收到了', '我们稍后检查，通过后邻居就能看到。', [], 0), can: ['withdraw'] },
]
const reply = { ...said, id: 'k6', parent_id: 'k1', author: '陈*远', text: '我也同意按楼层分。', likes: 0, liked: false, replies: 0 }
const statement = (id, text, answer, counts = null) => ({ id, text, state: 'visible', state_text: '已公开', mine: false, by_staff: false, answer, counts, notice: null, can: ['answer', 'report'] })
const sayings = [
  statement('s1', '一、二层不应该出钱', null),
  statement('s2', '费用应当按楼层分摊，高层多出', 'agree', { agree: 19, disagree: 3, pass: 1 }),
  statement('s3', '先把采光测清楚再谈', 'agree', { agree: 21, disagree: 1, pass: 1 }),
]
const spread = (name, x, y, size) => Array.from({ length: size }, (_, index) => ({ x: x + Math.cos(index * 2.4) * (0.3 + index / size), y: y + Math.sin(index * 2.4) * (0.3 + index / size), group: name }))
const points = [...spread('A', -2, 0.5, 10), ...spread('B', 2, 1, 8), ...spread('C', 0.3, -2, 5)]
const hull = (x, y) => [[x - 1.2, y - 1], [x + 1.2, y - 1], [x + 1.3, y + 1], [x, y + 1.4], [x - 1.3, y + 0.9]]
const shared = { statement: 's3', text: '先把采光测清楚再谈', answer: 'agree', counts: { agree: 21, disagree: 1, pass: 1 } }
const map = {
  ready: true, participants: 23, needed: 8, points,
  groups: [['A', 10, -2, 0.5], ['B', 8, 2, 1], ['C', 5, 0.3, -2]].map(([name, size, x, y]) => ({ name, size, centre: [x, y], hull: hull(x, y), typical: [{ ...shared, counts: { agree: size, disagree: 0, pass: 0 } }] })),
  shared: [shared], apart: [{ statement: 's1', text: '一、二层不应该出钱', groups: [{ name: 'A', agree: 9, disagree: 1, pass: 0 }, { name: 'B', agree: 1, disagree: 6, pass: 1 }] }],
  you: { x: -1.4, y: 0.2, group: 'A' }, at: inHours(-1),
}
const question = {
  id: 'a1', topic_id: 'a1', topic_number: card.number, turn: 1, title: '是否同意按第 2 稿加装电梯？', words: '', kind: 'lift', scope_text: '1 栋 2 单元', state: 'open', state_text: '表决中',
  method: 'single', method_text: '选一项', options: [{ code: 'agree', text: '同意', cost_cents: null }, { code: 'oppose', text: '不同意', cost_cents: null }, { code: 'abstain', text: '弃权', cost_cents: null }],
  least: 1, most: 1, budget_cents: null, secrecy: 'open', secrecy_text: '记名（按房号公布）', changeable: true, opened_at: inHours(-20), closes_at: inHours(75),
  rule: { name: '加装电梯', vote_name: '本单元业主表决', version: 1, basis: rule.basis, worth: 'resolution', worth_text: rule.worth_text, electorate_text: '本单元全体业主', weights: ['heads', 'area'], quorum: ['参加的人数和面积都要达到三分之二'], passing: ['同意的人数和面积都要达到参加的四分之三'], silence_with_majority: false, proxies: 2, smallest: null },
}
const seat = { entry_id: 's1', ordinal: 3, rooms: ['1-2-301'], area_centi: 8935, as: 'owner', taken_over: false, cast: false, cast_how: null, can_cast: true, changeable: true }
const vote = {
  ...question, promise: '投出的票先加密保存，结束后才统一开票，任何人都不能提前看到结果。结束后公布全部选票和名册，谁都可以下载核对。', limits: '系统防不住有人站在旁边逼您投票。遇到这种情况请告诉社区。',
  turnout: { heads: 9, heads_of: 14, area_centi: 84_100, area_centi_of: 126_000 }, seats: [seat, { ...seat, entry_id: 's2', ordinal: 5, rooms: ['1-2-502', '1-2-602'], area_centi: 17_870, as: 'proxy', cast: true, cast_how: 'proxy' }],
  can_cast: true, has_result: false, key: 'bXlrZXlteWtleW15a2V5bXlrZXlteWtleW15a2V5bXk=',
}
const budget = { ...vote, id: 'budget', title: '30 万元怎么用？', method: 'budget', method_text: '在预算内选项目', least: 1, most: 3, budget_cents: 30_000_000, secrecy: 'secret', secrecy_text: '不记名', changeable: false, seats: [{ ...seat, changeable: false }], turnout: { heads: 40, heads_of: 200, area_centi: null, area_centi_of: null }, options: [{ code: 'a', text: '地下车库换感应灯', cost_cents: 12_000_000 }, { code: 'b', text: '中心花园加座椅和扶手', cost_cents: 8_000_000 }, { code: 'c', text: '儿童活动区铺软垫', cost_cents: 9_500_000 }] }
const judged = (part, of, needs, met) => ({ part, of, needs, met })
const result = {
  ...question, state: 'published', state_text: '已公布', outcome: 'passed', outcome_text: '通过', passed: true, counted_at: inHours(-30), published_at: inHours(-28), annulled: false, key: vote.key,
  record: {
    format: 'huying-result/1', method: 'single', entitled: { heads: 14, area: 126_000 }, taking_part: { heads: 12, area: 109_200 },
    options: { agree: { heads: 10, area: 91_000 }, oppose: { heads: 1, area: 9_100 }, abstain: { heads: 1, area: 9_100 } },
    quorum: { heads: judged(12, 14, ['>=', '2/3'], true), area: judged(109_200, 126_000, ['>=', '2/3'], true) },
    passing: { agree: { heads: judged(10, 12, ['>=', '3/4'], true), area: judged(91_000, 109_200, ['>=', '3/4'], true) } },
    silence: null, winners: ['agree'], outcome: 'passed', passed: true,
  },
}
const proxy = { id: 'p1', community_id: 'c1', community_name: '桂香苑', direction: 'held', paper: false, as_text: '陈*远的业主票', holder_name: '王*兰', scope_text: '到 2027年2月20日 为止', topic_id: null, until: '2027-02-20', state: 'confirmed', state_text: '有效', reason: '', given_at: inHours(-100), files: [], can: ['revoke'] }

// Made by the server's rules from five seats; the phone counts it again.
const proof = {"entry_id": "e3", "line": {"n": 3, "commitment": "d7aa1884319130c58156bdf530d38da3dc4a86f8b1c843b29d8426c0b790fc95", "rooms": ["1-1-301“甲”"], "area_centi": 8938}, "salt": "03030303030303030303030303030303", "opening": {"ref": "0190-3", "rooms": [["room-3", "1-1-301“甲”", 8938]], "persons": ["p3"]}, "path": ["5c1dc971c000c7b2e38b71b72c6523ce58673be518640f63fbd65008111d6050", "3f63521b68ab594cf54fd74a22663abe4d0119b25d621583a62153f5a99fb386", "0eb339989aaa4ef297f1d40a0cabec51b56d31787306b01cb086dabbe6bae176"], "size": 5, "root": "a0bd8a38c1e52764971f5f6305fa8649195d9c095d1e416930f552003547f87d"}
const note = (kind, seq) => `huying-vote/a1\n0\nAAAA\nreceipts 0 AAAA\nroll ${proof.root}\nvote 00\n${kind} ${seq} 2026-11-22T00:00:00Z\n\n— huying-vote AAAA\n`
const checkpoints = ['opening', 'running', 'running', 'running'].map((kind, seq) => ({ seq, kind, at: inHours(seq - 20), note: note(kind, seq) }))

exports.routes = (list) => ({
  'GET /communities/mine': () => [200, { items: [community, { ...community, id: 'c2', name: '越和新村 6 栋', homes: ['6-1-601'] }] }],
  'GET /communities': () => list([home.community]),
  'GET /communities/c1': () => [200, { ...home.community, buildings: [{ id: 'b1', name: '1 栋', storeys: 18, has_lift: true, version: 1, entrances: [{ id: 'e1', name: '1 单元' }, { id: 'e2', name: '2 单元' }] }] }],
  'GET /communities/c1/rooms': () => list(['1-2-301', '1-2-302', '1-2-401'].map((label) => ({ id: label, label, use: 'home', use_text: '住宅' }))),
  'GET /homes': () => list([home, claim]),
  'GET /proxies': () => list([proxy, { ...proxy, id: 'p2', direction: 'given', state: 'revoked', state_text: '已撤销', as_text: '1-2-301 的业主票', can: [] }]),
  'GET /topics': () => list(cards),
  'GET /topics/a1': () => [200, topic],
  'GET /topics/a1/comments': () => list(talk),
  'GET /topics/a1/comments?parent': () => list([reply]),
  'GET /topics/a1/progress': () => list([{ id: 'g1', text: '设计图报审，施工队已看现场。', percent: 30, done_on: '2026-11-20', planned_until: '2027-03-01', at: inHours(-40), pictures: [] }]),
  'GET /topics/a1/statements': () => list(sayings),
  'GET /topics/a1/opinion-map': () => [200, map],
  'PUT /statements/s1/vote': () => list([{ ...sayings[0], answer: 'agree', counts: { agree: 10, disagree: 7, pass: 1 } }, ...sayings.slice(1)]),
  'GET /votes/a1': () => [200, vote],
  'GET /votes/budget': () => [200, budget],
  'GET /votes/a1/my-receipts': () => list([{ entry_id: 's2', rooms: ['1-2-502'], code: 'QK7M-2XPA-94TD', seq: 1, counts: true, sealed: true, batch: null }]),
  'GET /votes/a1/roll-proof': () => list([proof]),
  'GET /votes/a1/checkpoints': () => [200, { items: checkpoints, key: vote.key }],
  'GET /votes/a1/result': () => [200, result],
  'POST /votes/a1/ballots': () => [201, { entry_id: 's1', receipt: 'HB3C-9KQE-77WM', repeated: false, seq: 1 }],
})
