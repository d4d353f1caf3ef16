/** What to ask and say on frequent matters, so that one call is enough. */

export interface Script {
  code: string
  title: string
  /** Category codes it is for: a group or a single one. */
  categories: string[]
  /** Words of a caller that bring it up before a category is chosen. */
  words: string[]
  ask: string[]
  say: string
  /** Put into the ticket's words: one line for each answer. */
  form: string
}

export const OPENING = '您好，12345，请讲。'
export const CLOSING = '都记下了，编号稍后发到您手机上。请问还有别的事吗？'

export const SCRIPTS: Script[] = [
  {
    code: 'water',
    title: '停水、爆管',
    categories: ['water_supply', 'water_power'],
    words: ['停水', '没水', '爆管', '水管', '水压'],
    ask: ['哪个小区、哪一栋？', '整栋没水还是只有您家？', '从什么时候开始？', '路面有没有冒水、有没有车辆受困？'],
    say: '停水和爆管我们 2 小时内派出去，抢修人员会先关阀。',
    form: '地点：\n范围：\n开始时间：\n路面情况：',
  },
  {
    code: 'power',
    title: '停电',
    categories: ['power'],
    words: ['停电', '没电', '跳闸', '电线'],
    ask: ['哪个小区、哪一栋？', '只有您家还是周围都没电？', '有没有断线、冒火花？家里有没有用呼吸机的病人？'],
    say: '断线请不要靠近，让旁人也离远。家里有靠电的医疗设备请马上告诉我。',
    form: '地点：\n范围：\n开始时间：\n有无危险或病人：',
  },
  {
    code: 'gas',
    title: '燃气味',
    categories: ['gas'],
    words: ['燃气', '煤气', '天然气', '漏气'],
    ask: ['现在屋里还有没有人？', '总阀关了没有？'],
    say: '请先关总阀、开窗，不要开关电器，人到屋外再打电话。',
    form: '地点：\n是否已关阀、离开：\n气味范围：',
  },
  {
    code: 'noise',
    title: '噪音',
    categories: ['noise', 'pollution'],
    words: ['噪音', '吵', '施工', '广场舞', '夜里响'],
    ask: ['哪里发出的，是工地、店铺还是邻居？', '几点到几点？今天还是天天？', '以前反映过吗？'],
    say: '夜里施工要有许可，我们请人去核实。',
    form: '声音来源：\n时间段：\n持续多久：\n以前的工单：',
  },
  {
    code: 'parking',
    title: '车辆乱停',
    categories: ['illegal_parking', 'traffic'],
    words: ['乱停', '占道', '挡住', '违停'],
    ask: ['停在哪里，挡了什么？', '车牌看得到吗？', '消防通道有没有被堵？'],
    say: '堵了消防通道请同时打 122。',
    form: '地点：\n车牌：\n挡住什么：',
  },
  {
    code: 'property',
    title: '物业、电梯',
    categories: ['property', 'elevator', 'housing'],
    words: ['物业', '电梯', '业委会', '物业费'],
    ask: ['哪个小区？', '和物业说过吗，怎么答的？', '电梯里有没有人被困？'],
    say: '电梯困人请马上按轿厢里的报警按钮，我们同时通知维保单位。',
    form: '小区：\n物业怎么答复：\n要求：',
  },
  {
    code: 'wages',
    title: '拖欠工资',
    categories: ['labour'],
    words: ['工资', '欠薪', '拖欠', '包工头'],
    ask: ['公司或工地叫什么，在哪里？', '欠多少、欠几个月、多少人？', '有没有合同、考勤、聊天记录？'],
    say: '请把合同、考勤和聊天记录都留好，劳动监察会联系您。',
    form: '单位或工地：\n人数和金额：\n欠薪时间：\n手上的证据：',
  },
  {
    code: 'office',
    title: '办事怎么办',
    categories: ['government'],
    words: ['怎么办', '要带什么', '材料', '预约', '社保', '居住证'],
    ask: ['给谁办，本人来吗？', '户口在哪里？'],
    say: '我把办事指南的链接发给您，上面能直接预约。',
    form: '办什么事：\n给谁办：\n户籍或居住地：',
  },
]

/** The script for what is being told: by category first, else by the words; null when none fits. */
export function scriptFor(category: string, words: string, list: Script[] = SCRIPTS): Script | null {
  const byCategory = category ? list.find((one) => one.categories.includes(category)) : undefined
  if (byCategory) return byCategory
  return list.find((one) => one.words.some((word) => words.includes(word))) ?? null
}

/** The words with the script's form below, unless it is in there already. */
export function withForm(words: string, form: string): string {
  const missing = form.split('\n').filter((line) => !words.includes(line.trim()))
  return missing.length ? [words.trimEnd(), missing.join('\n')].filter(Boolean).join('\n') : words
}
