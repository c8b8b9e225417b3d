import { text } from '../i18n'

/** The queue of records that may be one person. */
export const review = text(
  {
    title: '疑似重复', count: (n: string) => `${n} 对待核对`, back: '患者档案', group: '疑似重复', entry: '疑似重复', emptyTitle: '没有待核对的重复档案', emptyHint: '数据接入或新建患者时发现的疑似重复会排在这里。',
    keepLeft: '同一人，保留左边', keepRight: '同一人，保留右边', different: '不是同一人', reason: '合并原因', defaultReason: '核对为同一人', merged: (n: string) => `已合并到 ${n}，另一份档案的记录都已并入。`, undone: '合并已撤销，两份档案恢复原样。', apart: '已标记为不同的人，不会再提示。', sure: '几乎确定', likely: '可能', field: '项目', left: '左', right: '右', why: '依据', more: '加载更多', hint: '合并后可以撤销；短信、随访和就诊都会并入保留的档案。', seen: '最近就诊', created: '建档',
  },
  {
    title: 'Possible duplicates', count: n => `${n} pairs to check`, back: 'Patients', group: 'Duplicates', entry: 'Duplicates', emptyTitle: 'No duplicates to check', emptyHint: 'Pairs found by a feed or while typing line up here.',
    keepLeft: 'Same person, keep left', keepRight: 'Same person, keep right', different: 'Different persons', reason: 'Reason', defaultReason: 'Checked: the same person', merged: n => `Merged into ${n}; everything of the other record moved there.`, undone: 'Merge undone; both records are as they were.', apart: 'Marked as different persons; this pair is not asked again.', sure: 'almost certain', likely: 'possible', field: 'Field', left: 'Left', right: 'Right', why: 'Evidence', more: 'Load more', hint: 'A merge can be undone; messages, follow-ups and visits move to the kept record.', seen: 'Last visit', created: 'Created',
  },
)
