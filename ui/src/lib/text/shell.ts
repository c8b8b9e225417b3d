import { text } from '../i18n'

/** The frame around every page: navigation, header, palette, alerts. */
export const shell = text(
  {
    brand: '仁心', skip: '跳到主要内容', mainNav: '主导航', menu: '打开菜单', omni: '搜索患者、功能…', language: 'EN', languageLabel: 'Switch to English', theme: '外观', light: '浅色', dark: '深色', system: '跟随系统', help: '键盘快捷键', bell: (n: number) => (n ? `提醒，${n} 条未处理` : '提醒'), signOut: '退出登录', account: '账号', viewAs: (who: string) => `正在以“${who}”的视角查看，所有修改都已停用。`, viewAsEnd: '结束', signedOut: '登录已过期', signedOutHint: '您写的内容保存在本机，重新登录后会恢复。', signIn: '重新登录', noSession: '没有连上服务器',
    groups: { work: '工作台', patients: '患者', reach: '沟通', data: '数据', admin: '管理' },
    nav: { home: '我的工作台', patients: '患者档案', segments: '人群', organizations: '团体单位', plans: '随访计划', templates: '随访模板', conditions: '病种', messages: '短信与回复', intake: '数据接入', downloads: '下载中心', fields: '自定义字段', dictionaries: '字典', staff: '员工与权限', settings: '系统设置', calendars: '日历', audit: '审计', operations: '运行状况', newPatient: '新建患者', dueToday: '今日随访', escalated: '已升级的随访', demoPhone: '演示手机' },
    palette: { label: '搜索患者和功能', placeholder: '姓名、拼音首字母（如 wxy）、手机后四位、卡号，或功能名', none: (q: string) => `没有找到“${q}”。`, noneHint: '可以试试手机后四位，或', create: '新建患者', pick: '选择', go: '打开', people: '患者', commands: '功能', recent: '最近打开' },
    alerts: { region: '提醒', flag: '红色警示', reply: '患者回复', note: '提醒', open: '打开', later: '稍后', ack: '知道了', since: '触发', none: '没有未处理的提醒', rule: '触发规则', due: '请在此前处理', more: (n: number) => `另有 ${n} 条`, folded: (n: number) => `${n} 条红色警示`, said: '回复内容', replied: '回复了短信', unknownSender: '收到未匹配号码的回复' },
    pages: { notFound: '没有这个页面', notFoundHint: '地址可能写错了，或页面已搬走。', home: '回工作台', crash: '页面出了问题', crashHint: '没有数据丢失。请重新加载；若再次出现，请把编号告诉信息科。', stale: '系统已更新，请重新加载页面。' },
  },
  {
    brand: 'Renxin', skip: 'Skip to the main content', mainNav: 'Main navigation', menu: 'Open the menu', omni: 'Search people, commands…', language: '中', languageLabel: '切换到中文', theme: 'Look', light: 'Light', dark: 'Dark', system: 'As the machine', help: 'Keyboard shortcuts', bell: n => (n ? `Alerts, ${n} open` : 'Alerts'), signOut: 'Sign out', account: 'Account', viewAs: who => `You are looking as “${who}”; every change is switched off.`, viewAsEnd: 'End', signedOut: 'Your session has ended', signedOutHint: 'What you wrote is kept on this machine and comes back after you sign in.', signIn: 'Sign in again', noSession: 'The server cannot be reached',
    groups: { work: 'Work', patients: 'Patients', reach: 'Contact', data: 'Data', admin: 'Administration' },
    nav: { home: 'My worklist', patients: 'Patients', segments: 'Segments', organizations: 'Organisations', plans: 'Follow-up plans', templates: 'Follow-up templates', conditions: 'Condition groups', messages: 'Messages', intake: 'Data intake', downloads: 'Downloads', fields: 'Custom fields', dictionaries: 'Dictionaries', staff: 'Staff and roles', settings: 'Settings', calendars: 'Calendars', audit: 'Audit', operations: 'Operations', newPatient: 'New patient', dueToday: 'Due today', escalated: 'Escalated follow-ups', demoPhone: 'Demo phone' },
    palette: { label: 'Search people and commands', placeholder: 'Name, pinyin initials (wxy), last four digits, card number, or a command', none: q => `Nothing found for “${q}”.`, noneHint: 'Try the last four digits of the phone, or', create: 'create a patient', pick: 'choose', go: 'open', people: 'People', commands: 'Commands', recent: 'Recent' },
    alerts: { region: 'Alerts', flag: 'Red flag', reply: 'Reply', note: 'Alert', open: 'Open', later: 'Later', ack: 'Got it', since: 'Raised', none: 'No open alerts', rule: 'Rule', due: 'Handle by', more: n => `${n} more`, folded: n => (n === 1 ? '1 red flag' : `${n} red flags`), said: 'The patient wrote', replied: 'answered a message', unknownSender: 'A reply came from an unknown number' },
    pages: { notFound: 'There is no such page', notFoundHint: 'The address may be mistyped, or the page has moved.', home: 'Go to the worklist', crash: 'This page broke', crashHint: 'No data is lost. Please reload; if it happens again, tell IT the reference.', stale: 'The system was updated; please reload the page.' },
  },
)
