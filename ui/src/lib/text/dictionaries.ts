import { text } from '../i18n'

/** Dictionaries: lists that a hospital edits. */
export const dictionaries = text(
  {
    title: '字典', count: (n: number) => `${n} 个词条`, intro: '停用的词条不再出现在选择框，已有记录照常显示。合并后，所有用到旧词条的记录改用新词条，可以撤销。', nav: '字典列表',
    add: '新增词条', zh: '中文名称', en: '英文名称', code: '代码', codeHint: '不填则与中文名称相同，保存后不变', parent: '上级', top: '第一级', edit: '修改', retire: '停用', restore: '启用', merge: '合并到…', off: '已停用', merged: (n: string) => `已并入“${n}”`,
    saved: (n: string) => `“${n}”已保存`, retired: (n: string) => `“${n}”已停用`, restored: (n: string) => `“${n}”已启用`, up: (n: string) => `${n}上移`, down: (n: string) => `${n}下移`, showOff: '显示停用和已合并的词条',
    mergeTitle: (n: string) => `把“${n}”合并到`, mergeInto: '合并到的词条', mergeGo: '合并', used: (n: string) => `有 ${n} 条记录使用该词条，合并后都会改用新词条。`, unused: '没有记录使用该词条。', mergeDone: (a: string, b: string) => `“${a}”正在并入“${b}”`,
    history: '合并记录', moved: (n: string) => `已改 ${n} 条记录`, states: { running: '进行中', done: '已完成', undoing: '正在撤销', undone: '已撤销' } as Record<string, string>, undo: '撤销合并', undone: '正在撤销合并', none: '这个字典还没有词条', noneHint: '点击“新增词条”开始。',
  },
  {
    title: 'Dictionaries', count: n => `${n} entries`, intro: 'An inactive entry is no longer offered and still read. After a merge every record that held the old entry holds the new one; this can be undone.', nav: 'Dictionaries',
    add: 'New entry', zh: 'Chinese name', en: 'English name', code: 'Code', codeHint: 'as the Chinese name when empty; stays', parent: 'Under', top: 'First level', edit: 'Change', retire: 'Deactivate', restore: 'Activate', merge: 'Merge into…', off: 'inactive', merged: n => `merged into “${n}”`,
    saved: n => `“${n}” saved`, retired: n => `“${n}” deactivated`, restored: n => `“${n}” is active again`, up: n => `Move ${n} up`, down: n => `Move ${n} down`, showOff: 'Show inactive and merged entries',
    mergeTitle: n => `Merge “${n}” into`, mergeInto: 'The entry that stays', mergeGo: 'Merge', used: n => `${n} records hold this entry; all of them will hold the other.`, unused: 'No record holds this entry.', mergeDone: (a, b) => `“${a}” is being merged into “${b}”`,
    history: 'Merges', moved: n => `${n} records changed`, states: { running: 'running', done: 'done', undoing: 'being undone', undone: 'undone' }, undo: 'Undo the merge', undone: 'The merge is being undone', none: 'No entries yet', noneHint: 'Press “New entry” to begin.',
  },
)
