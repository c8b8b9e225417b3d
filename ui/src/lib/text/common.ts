import { text } from '../i18n'

/** Words that every page shares. */
export const common = text(
  {
    save: '保存', cancel: '取消', close: '关闭', ok: '确定', edit: '编辑', remove: '删除', add: '新增', open: '打开', back: '返回', retry: '重新加载', more: '更多', all: '全部', none: '无', yes: '是', no: '否',
    search: '搜索', clear: '清除', clearFilters: '清除筛选', copy: '复制', copied: '已复制', undo: '撤销', export: '导出', print: '打印', loading: '正在加载', saving: '正在保存…', saved: '已保存', unsaved: '未保存', required: '必填', optional: '选填',
    male: '男', female: '女', unknown: '未知', sexOf: { male: '男', female: '女', other: '其他', unknown: '未知' } as Record<string, string>,
    list: {
      columns: '列设置', density: '行高', compact: '紧凑', roomy: '宽松', first: '第一页', prev: '上一页', next: '下一页', shown: (a: number, b: number) => `第 ${a}–${b} 条`, of: (n: string) => `共 ${n} 条`,
      selected: (n: number) => `已选 ${n} 项`, unselect: '取消选择', select: '选择', earlier: (c: string) => `${c}前移`, later: (c: string) => `${c}后移`, width: (c: string) => `${c}列宽（像素）`, asBefore: '恢复默认', perPage: (n: number) => `${n} 条/页`, batch: '批量操作',
    },
    states: {
      emptyTitle: '没有符合条件的记录', emptyHint: '减少一个筛选条件，或清除筛选后再看。', errorTitle: '没有加载出来', errorHint: '数据没有丢失。通常是网络中断或服务器正在重启，请重新加载。',
      deniedTitle: '您没有查看此页的权限', deniedHint: '如工作需要，请向科主任或系统管理员申请，并说明页面名称。', missingTitle: '没有找到这条记录', missingHint: '它可能已被合并、删除，或不在您的数据范围内。', requestId: '编号',
      offline: '网络已断开。您写的内容保存在本机，恢复后会自动继续。', offlineBack: '网络已恢复。', reconnecting: '实时消息中断，正在重新连接…', progress: (a: string, b: string) => `已完成 ${a} / ${b}`, leave: '可以离开此页，任务会在后台继续。', cancelJob: '停止', errorsFile: '下载错误清单',
    },
    keys: { title: '键盘快捷键', global: '全局', page: '本页', list: '列表', move: '上下移动', select: '选中', open: '打开', find: '定位到搜索框', palette: '搜索患者和功能', help: '显示本帮助', close: '关闭', prevNext: '前后翻页', undoLast: '撤销刚才的操作', goHome: '回工作台' },
    mask: {
      reveal: '查看完整内容', title: (what: string) => `查看完整${what}`, note: '本次查看会写入审计记录。拨打电话不需要查看号码。', reason: '查看原因', reasons: { verify: '核实身份', callback: '患者要求回拨其他设备', update: '更新联系方式', other: '其他' } as Record<string, string>, why: '请写明原因', show: (s: number) => `查看 ${s} 秒`, left: (s: number) => `${s} 秒后隐藏 · 已记录`, hide: '立即隐藏',
      fields: { phone: '手机号', id_card: '证件号', address: '地址', email: '邮箱' } as Record<string, string>,
    },
    view: { label: '视图', save: '保存为视图', name: '视图名称', shared: '与本科室共享', private: '仅自己可见', created: '视图已保存', remove: '删除视图', removed: '视图已删除' },
    system: '系统', overdue: (n: number) => `逾期 ${n} 天`, day: (n: number) => `第 ${n} 天`, ruler: '日程尺', timeline: '时间线', toast: { failed: '没有成功', conflict: '刚被其他同事修改过，已为您刷新。', offline: '网络不通，没有发出去。内容还在，请稍后再试。' }, face: ['很好', '好', '一般', '不好', '很不好'],
    grade: { A: '超级忠诚', B: '忠诚', C: '普通', D: '敏感' } as Record<string, string>, gradeOf: (g: string, label: string) => `${g} 级：${label}`,
  },
  {
    save: 'Save', cancel: 'Cancel', close: 'Close', ok: 'OK', edit: 'Edit', remove: 'Delete', add: 'Add', open: 'Open', back: 'Back', retry: 'Reload', more: 'More', all: 'All', none: 'None', yes: 'Yes', no: 'No',
    search: 'Search', clear: 'Clear', clearFilters: 'Clear filters', copy: 'Copy', copied: 'Copied', undo: 'Undo', export: 'Export', print: 'Print', loading: 'Loading', saving: 'Saving…', saved: 'Saved', unsaved: 'Not saved', required: 'Required', optional: 'Optional',
    male: 'Male', female: 'Female', unknown: 'Unknown', sexOf: { male: 'M', female: 'F', other: 'Other', unknown: 'Unknown' },
    list: {
      columns: 'Columns', density: 'Row height', compact: 'Compact', roomy: 'Roomy', first: 'First page', prev: 'Previous', next: 'Next', shown: (a, b) => `${a}–${b}`, of: n => `of ${n}`,
      selected: n => `${n} selected`, unselect: 'Clear selection', select: 'Select', earlier: c => `Move ${c} forward`, later: c => `Move ${c} back`, width: c => `Width of ${c} in pixels`, asBefore: 'Restore defaults', perPage: n => `${n} per page`, batch: 'Batch actions',
    },
    states: {
      emptyTitle: 'Nothing matches', emptyHint: 'Drop one filter, or clear them all.', errorTitle: 'This did not load', errorHint: 'No data is lost. Usually the network dropped or the server is restarting. Please reload.',
      deniedTitle: 'You may not see this page', deniedHint: 'If your work needs it, ask the head of department or the administrator and name the page.', missingTitle: 'Record not found', missingHint: 'It may have been merged or deleted, or it lies outside your data scope.', requestId: 'Reference',
      offline: 'You are offline. What you write is kept on this machine and continues when the network is back.', offlineBack: 'Back online.', reconnecting: 'Live updates stopped; connecting again…', progress: (a, b) => `${a} of ${b} done`, leave: 'You may leave this page; the work goes on.', cancelJob: 'Stop', errorsFile: 'Download the error list',
    },
    keys: { title: 'Keyboard shortcuts', global: 'Everywhere', page: 'This page', list: 'List', move: 'Move up and down', select: 'Select', open: 'Open', find: 'Go to the search box', palette: 'Search people and commands', help: 'Show this help', close: 'Close', prevNext: 'Turn pages', undoLast: 'Undo the last action', goHome: 'Go to the worklist' },
    mask: {
      reveal: 'Show in full', title: what => `Show the full ${what}`, note: 'This is written to the audit trail. Dialling does not need the number.', reason: 'Reason', reasons: { verify: 'Verify identity', callback: 'Patient asked to be called on another phone', update: 'Update contact details', other: 'Other' }, why: 'Please give the reason', show: s => `Show for ${s} s`, left: s => `hidden in ${s} s · logged`, hide: 'Hide now',
      fields: { phone: 'phone number', id_card: 'ID number', address: 'address', email: 'e-mail address' },
    },
    view: { label: 'Views', save: 'Save as view', name: 'Name of the view', shared: 'Share with my department', private: 'Only for me', created: 'View saved', remove: 'Delete view', removed: 'View deleted' },
    system: 'System', overdue: n => `${n} d overdue`, day: n => `Day ${n}`, ruler: 'Day ruler', timeline: 'Timeline', toast: { failed: 'That did not work', conflict: 'A colleague has just changed this; it has been refreshed.', offline: 'No network, so nothing was sent. Your text is still here; please try again.' }, face: ['Very good', 'Good', 'Fair', 'Poor', 'Very poor'],
    grade: { A: 'Very loyal', B: 'Loyal', C: 'Regular', D: 'Sensitive' }, gradeOf: (g, label) => `Grade ${g}: ${label}`,
  },
)
