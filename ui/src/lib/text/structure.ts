import { text } from '../i18n'

/** Departments over time, hand-over, who has to do with a patient, calendars, why a search found somebody. */
export const structure = text(
  {
    field: { mobile: '手机', phone: '电话', email: '邮箱', qq: 'QQ', wechat: '微信', id_card: '身份证', card: '一卡通', outpatient: '门诊号', inpatient: '住院号', passport: '护照', permit: '通行证', health_card: '健康卡', checkup: '体检号', other: '其他号码' } as Record<string, string>,
    dept: {
      codes: '其他编码', codesHint: '各来源对这个科室的叫法；写「来源:编码」，不写来源则对所有来源有效。', codesAdd: '如 HIS:0301 或 FCK', unchecked: '待核对', uncheckedHint: '数据接入带来的新科室，请核对名称，或并入已有科室。', uncheckedN: (n: number) => `${n} 个科室由数据带入，还没有人核对`, check: '确认', checked: (n: string) => `已确认：${n}`,
      merge: '并入…', mergeTitle: (n: string) => `把「${n}」并入另一个科室`, mergeHint: '编码、员工和下级科室都归到新科室，此后的数据也是；过去的就诊仍显示原名称。合并后不能恢复。', mergeInto: '并入哪个科室', merged: (n: string) => `已并入 ${n}`, mergeDo: '并入',
      division: '独立版块', divisionHint: '数据范围为「本版块」的角色，只看到这里及以下科室的患者。', mergedInto: (n: string) => `已并入 ${n}`, sites: '院区', site: '院区', newSite: '新建院区', siteCode: '院区编码', siteName: '院区名称', siteSaved: '院区已保存', search: '名称、拼音或编码', move: '改名或移动',
    },
    hand: {
      leave: '离职交接', absence: '暂时离岗', title: (n: string) => `${n} · 工作交接`, why: '原因', kinds: { leave: '离职：全部交出，账号停用', absence: '暂时离岗：到期自动还回' } as Record<string, string>, until: '返回日期', holds: '此人手上有', nothing: '此人手上没有未完成的工作。', total: (n: number) => `共 ${n} 项`, to: '交给谁',
      ways: { person: '一位同事', evenly: '几位同事平均', department: '各项所属科室的同事' } as Record<string, string>, wayHint: { person: '全部由这位同事接手。', evenly: '轮流分给所选的同事。', department: '每一项交给它所属科室的同事；可以限定在所选的人，不选则由该科室在岗的人轮流。' } as Record<string, string>,
      receivers: '接收人', plan: (n: number, people: number) => `${n} 项将交给 ${people} 位同事，每人约 ${people ? Math.ceil(n / people) : 0} 项。`, planNear: (n: number) => `${n} 项将按科室分给在岗的同事。`, after: { leave: '完成后账号变为「已离职」，所有登录立即失效，共享同时收回。', absence: '到期或提前返回时，未完成的会还回来。' } as Record<string, string>,
      start: '开始交接', running: '正在交接', done: (n: number) => `交接完成：${n} 项已有接收人，遗留 0 项`, failed: (n: number) => `还有 ${n} 项没有接收人，请再交接一次`, returned: '已全部还回', back: '现在返回', backDone: '正在还回未完成的工作', past: '交接记录', states: { running: '进行中', done: '完成', returned: '已还回', failed: '有遗留' } as Record<string, string>, line: (moved: number, at: string) => `${at} · ${moved} 项`,
    },
    access: {
      title: '负责与共享', none: '还没有人负责这位患者', noneHint: '指定负责人后，此人就能看到并跟进。', add: '增加', kind: { staff: '同事', department: '科室', site: '院区' } as Record<string, string>, role: '关系', who: '谁', until: '到', noEnd: '长期',
      roles: { owner: '负责', attending: '主管医生', nurse: '随访护士', consultant: '咨询师', referrer: '转介人', unit: '单位负责人', share: '临时共享', creator: '登记人', doctor: '接诊医生', encounter: '就诊科室', appointment: '预约科室', followup: '随访任务' } as Record<string, string>,
      ends: (d: string) => `${d} 结束`, by: (n: string, d: string) => `${n} 于 ${d} 设定`, rule: '由就诊、任务自动产生', end: '结束', ended: '已结束', saved: '已保存', shareHint: '共享到期自动收回，精确到分钟。', give: '保存', endOf: (n: string) => `结束 ${n}`, date: '结束时间', day: { d1: '1 天', d7: '7 天', d30: '30 天' },
    },
    transfer: { title: (n: number) => `移交 ${n} 位患者`, all: (n: number) => `移交筛选出的全部 ${n} 位`, button: '移交…', to: '新的负责人', reason: '原因', reasonHint: '会记入审计', start: '开始移交', running: (n: number | string, of: number | string) => `已移交 ${n} / ${of}`, done: (n: number, s: number) => `移交完成：${n} 位${s ? `，${s} 位原本就归此人` : ''}`, undo: '撤销移交', undone: '已撤销，患者回到原负责人' },
    role: { division: '本版块', keys: '哪些关系算「自己负责」', keysHint: '不选则全部都算。自己登记的和共享给自己的始终算。', off: '停用角色', on: '启用角色', inactive: '已停用', offHint: '停用后不能再分给新账号；已有账号不受影响。' },
    cal: {
      title: '日历', whole: '全院', who: '适用范围', year: '年份', week: '每周休息日', weekHint: '不选则每天开放，含周末。', days: ['周一', '周二', '周三', '周四', '周五', '周六', '周日'], letters: ['一', '二', '三', '四', '五', '六', '日'], saved: '休息日已保存', off: '休', work: '班', legal: '法定', own: '导入', open: '开放', closedWeek: '每周休息', listed: (off: number, work: number) => `${off} 天休息，${work} 天补班`,
      paste: '导入年度安排', pasteHint: '每行一天：日期,休或班,名称。可直接粘贴国务院通知整理出的表。已有的同一时间段会被替换。', example: '2027-02-05,休,春节\n2027-02-20,班,春节调休', look: '预览', take: '导入', taken: (n: number) => `已导入 ${n} 天`, moves: (s: number, p: number) => (s ? `会影响 ${p} 个进行中计划的 ${s} 个步骤` : '不影响进行中的计划'), now: (s: number, p: number) => `${p} 个计划的 ${s} 个待办步骤与现在的日历不一致`, replan: '按新日历重排', keepAs: '暂不重排', replanned: (s: number) => `已重排 ${s} 个步骤`, step: '步骤', from: '原日期', dest: '新日期',
      history: '导入记录', historyNone: '还没有导入过', line: (f: string, l: string, off: number, work: number, by: string) => `${f} – ${l}：休 ${off}，班 ${work} · ${by}`, none: '这一年没有特别的日子', months: (m: number) => `${m} 月`, readOnly: '您可以查看，不能修改。', legend: '图例', own1: '科室单独设置', hospitalNext: '科室没有单独导入时，使用全院的安排。',
    },
  },
  {
    field: { mobile: 'Mobile', phone: 'Phone', email: 'E-mail', qq: 'QQ', wechat: 'WeChat', id_card: 'ID card', card: 'One-card', outpatient: 'Outpatient no.', inpatient: 'Inpatient no.', passport: 'Passport', permit: 'Permit', health_card: 'Health card', checkup: 'Check-up no.', other: 'Other number' },
    dept: {
      codes: 'Other codes', codesHint: 'What sources call this department; write “source:code”, or the code alone for every source.', codesAdd: 'e.g. HIS:0301 or FCK', unchecked: 'Unchecked', uncheckedHint: 'A feed brought it: check the name, or merge it into one you have.', uncheckedN: n => `${n} departments came with data and nobody has looked at them`, check: 'Confirm', checked: n => `Confirmed: ${n}`,
      merge: 'Merge…', mergeTitle: n => `Merge “${n}” into another department`, mergeHint: 'Codes, staff and lower departments go there, and so does what comes from now on; past visits keep the old name. This cannot be undone.', mergeInto: 'Into which department', merged: n => `Merged into ${n}`, mergeDo: 'Merge',
      division: 'Division of its own', divisionHint: 'Roles that reach by division see the patients of this department and those below only.', mergedInto: n => `went into ${n}`, sites: 'Campuses', site: 'Campus', newSite: 'New campus', siteCode: 'Code', siteName: 'Name', siteSaved: 'Saved', search: 'Name, pinyin or code', move: 'Rename or move',
    },
    hand: {
      leave: 'Hand over and leave', absence: 'Away for a while', title: n => `${n} · hand-over`, why: 'Why', kinds: { leave: 'Leaving: everything goes, the account closes', absence: 'Away: it comes back by itself' }, until: 'Back on', holds: 'They hold', nothing: 'They hold no open work.', total: n => `${n} in all`, to: 'To whom',
      ways: { person: 'One colleague', evenly: 'Several, evenly', department: 'Colleagues of each item’s department' }, wayHint: { person: 'This colleague takes everything.', evenly: 'In turn to those chosen.', department: 'Each item goes to a colleague of its department: those chosen, or whoever is present there, in turn.' },
      receivers: 'Receivers', plan: (n, people) => `${n} items go to ${people} colleagues, about ${people ? Math.ceil(n / people) : 0} each.`, planNear: n => `${n} items go to colleagues of their departments.`, after: { leave: 'Then the account has left: every session ends at once and shares are taken back.', absence: 'What is still open comes back on that day, or earlier.' },
      start: 'Hand over', running: 'Handing over', done: n => `Done: ${n} items have somebody, 0 are left`, failed: n => `${n} items have nobody yet; hand over again`, returned: 'Everything is back', back: 'Back now', backDone: 'Open work is coming back', past: 'Earlier hand-overs', states: { running: 'running', done: 'done', returned: 'returned', failed: 'items left' }, line: (moved, at) => `${at} · ${moved} items`,
    },
    access: {
      title: 'Who cares', none: 'Nobody answers for this patient yet', noneHint: 'Whoever is made responsible sees the patient and follows up.', add: 'Add', kind: { staff: 'Colleague', department: 'Department', site: 'Campus' }, role: 'Relation', who: 'Who', until: 'until', noEnd: 'no end',
      roles: { owner: 'Responsible', attending: 'Attending doctor', nurse: 'Follow-up nurse', consultant: 'Consultant', referrer: 'Referred by', unit: 'For the employer', share: 'Shared', creator: 'Recorded by', doctor: 'Saw the patient', encounter: 'Visited', appointment: 'Booked', followup: 'Has a task' },
      ends: d => `ends ${d}`, by: (n, d) => `${n}, ${d}`, rule: 'Follows from visits and tasks', end: 'End', ended: 'Ended', saved: 'Saved', shareHint: 'A share ends by itself, to the minute.', give: 'Save', endOf: n => `End ${n}`, date: 'Ends', day: { d1: '1 day', d7: '7 days', d30: '30 days' },
    },
    transfer: { title: n => `Hand over ${n} patients`, all: n => `Hand over all ${n} found`, button: 'Hand over…', to: 'New owner', reason: 'Reason', reasonHint: 'kept in the audit trail', start: 'Hand over', running: (n, of) => `${n} of ${of} handed over`, done: (n, s) => `Done: ${n} patients${s ? `, ${s} were theirs already` : ''}`, undo: 'Undo', undone: 'Undone; the patients are back with their owners' },
    role: { division: 'the division', keys: 'Which relations count as “own”', keysHint: 'None chosen: all of them. What one recorded oneself and what is shared with one always counts.', off: 'Retire', on: 'Use again', inactive: 'Retired', offHint: 'No new account gets it; those who have it keep it.' },
    cal: {
      title: 'Calendars', whole: 'Whole hospital', who: 'For', year: 'Year', week: 'Closed every week', weekHint: 'None chosen: open every day, weekends too.', days: ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'], letters: ['M', 'T', 'W', 'T', 'F', 'S', 'S'], saved: 'Saved', off: 'off', work: 'work', legal: 'by law', own: 'imported', open: 'open', closedWeek: 'closed weekly', listed: (off, work) => `${off} days off, ${work} make-up workdays`,
      paste: 'Take in a year’s list', pasteHint: 'One day a line: date,off or work,name. What stands in the same span is replaced.', example: '2027-02-05,off,Spring Festival\n2027-02-20,work,make-up', look: 'Preview', take: 'Take in', taken: n => `${n} days taken in`, moves: (s, p) => (s ? `${s} steps of ${p} running plans would move` : 'No running plan would move'), now: (s, p) => `${s} pending steps of ${p} plans differ from the calendar`, replan: 'Move them', keepAs: 'Leave them', replanned: s => `${s} steps moved`, step: 'Step', from: 'Was', dest: 'Becomes',
      history: 'Lists taken in', historyNone: 'None yet', line: (f, l, off, work, by) => `${f} – ${l}: ${off} off, ${work} workdays · ${by}`, none: 'No special days in this year', months: m => ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'][m - 1] ?? '', readOnly: 'You may look, not change.', legend: 'Legend', own1: 'Set for the department', hospitalNext: 'Where a department has no list of its own, the hospital’s holds.',
    },
  },
)
