import { text } from '../i18n'

/** The demo hospital's phones and clock. */
export const demo = text(
  {
    title: '演示手机', hint: '这些是虚构患者的手机。像患者一样读短信、回短信，另一边的工作台会立即看到。', only: '只有演示医院才有这一页', search: '姓名或号码', none: '还没有手机收到短信', noneHint: '等随访计划到期，或把演示时钟往前拨一天，短信就会送到。', noneHere: '没有这位患者的手机', noneHereHint: '换个姓名或号码再找。', choose: '选一部手机', unread: (n: number) => `${n} 条未读`, phones: '手机列表', screen: (n: string) => `${n} 的手机`, input: '回复短信', send: '发送', sent: '已发出，医院马上会收到', quick: '快捷回复', replies: ['1', '2', '3', '3 伤口渗血、发热', '谢谢', 'T'],
    clock: '演示时钟', now: '医院现在', ahead: '往前拨', steps: { '60': '1 小时', '720': '12 小时', '1440': '1 天', '10080': '1 周' } as Record<string, string>, moved: (d: string) => `时钟已拨到 ${d}`, clockHint: '时钟只能往前。到期的随访、提醒和升级会照常发生。', hospital: '医院', empty: '还没有短信',
  },
  {
    title: 'Demo phone', hint: 'These are the phones of made-up patients. Read and answer as they would; the worklist on the other side sees it at once.', only: 'Only a demo hospital has this page', search: 'Name or number', none: 'No phone has received anything yet', noneHint: 'Wait for a plan to fall due, or set the demo clock one day ahead.', noneHere: 'No such phone', noneHereHint: 'Try another name or number.', choose: 'Choose a phone', unread: n => `${n} unread`, phones: 'Phones', screen: n => `${n}’s phone`, input: 'Answer', send: 'Send', sent: 'Sent; the hospital has it in a moment', quick: 'Quick answers', replies: ['1', '2', '3', '3 bleeding and fever', 'Thank you', 'T'],
    clock: 'Demo clock', now: 'At the hospital it is', ahead: 'Set ahead', steps: { '60': '1 hour', '720': '12 hours', '1440': '1 day', '10080': '1 week' }, moved: d => `The clock now says ${d}`, clockHint: 'The clock only goes forward. What falls due happens as in earnest.', hospital: 'Hospital', empty: 'No messages yet',
  },
)
