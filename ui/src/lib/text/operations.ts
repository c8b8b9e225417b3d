import { text } from '../i18n'

/** The operations page. */
export const operations = text(
  {
    title: '运行状况', allWell: '一切正常', troubles: (n: number) => `${n} 处需要处理`, version: '版本', engine: '数据库', started: '启动', disk: '磁盘可用', diskLow: '磁盘快满了，请清理或扩容', refreshed: '每 10 秒刷新',
    beats: '定时工作', beatOk: '正常', beatLate: '迟到', beatFailed: '出错', lastOk: '最近成功', beatsNone: '没有定时工作在运行', names: { 'audit.seal': '审计封存', 'backup.schedule': '定时备份', 'followup.assign': '任务分派', 'followup.due': '随访到期', 'followup.escalate': '超时升级', 'followup.remind': '就诊提醒', 'intake.prune': '接入记录清理', 'message.sweep': '短信状态核对', 'staff.prune': '登录清理', 'staff.prune_requests': '请求清理' } as Record<string, string>,
    jobs: '后台任务', jobsNone: '没有等待中的任务', kind: '任务', state: '状态', n: '数量', since: '最早', jobStates: { ready: '等待', running: '进行中', done: '完成', dead: '失败', cancelled: '已停止' } as Record<string, string>,
    dead: '失败的任务', deadNone: '没有失败的任务', error: '原因', retry: '重试', retried: '已重新排队', letters: '未送达的事件', lettersNone: '没有未送达的事件', listener: '接收方', letterHint: '某一步没有处理成功，只影响相关患者；修好原因后可重试。',
    backups: '备份', backupNow: '立即备份', backupStarted: '备份已开始', backupDone: '备份完成', drill: '恢复演练', drillOk: '已演练', drillNever: '未演练', drillHint: '把备份恢复到临时位置并核对条数与摘要', size: '大小', at: '时间', name: '文件', rows: '条数', none: '还没有备份', noneHint: '今晚会自动备份，也可以现在做一次。', lastDrill: (d: string) => `最近一次演练：${d}`, noDrill: '还没有一个备份做过恢复演练', old: '超过 36 小时没有成功的备份', backupStates: { running: '进行中', done: '已完成', verified: '已演练', failed: '失败', bad: '损坏' } as Record<string, string>,
  },
  {
    title: 'Operations', allWell: 'All is well', troubles: n => `${n} ${n === 1 ? 'thing needs' : 'things need'} attention`, version: 'Version', engine: 'Database', started: 'Started', disk: 'Disk free', diskLow: 'The disk is almost full; please clear or enlarge it', refreshed: 'refreshed every 10 s',
    beats: 'Periodic work', beatOk: 'on time', beatLate: 'late', beatFailed: 'failing', lastOk: 'last success', beatsNone: 'No periodic work runs', names: { 'audit.seal': 'Sealing the trail', 'backup.schedule': 'Scheduled backup', 'followup.assign': 'Assigning tasks', 'followup.due': 'Follow-up due', 'followup.escalate': 'Escalation', 'followup.remind': 'Appointment reminders', 'intake.prune': 'Pruning intake', 'message.sweep': 'Checking messages', 'staff.prune': 'Pruning sessions', 'staff.prune_requests': 'Pruning requests' },
    jobs: 'Jobs', jobsNone: 'Nothing waits', kind: 'Kind', state: 'State', n: 'Count', since: 'Oldest', jobStates: { ready: 'waiting', running: 'running', done: 'done', dead: 'failed', cancelled: 'stopped' },
    dead: 'Failed jobs', deadNone: 'No job has failed', error: 'Reason', retry: 'Try again', retried: 'Queued again', letters: 'Undelivered facts', lettersNone: 'Nothing is undelivered', listener: 'Listener', letterHint: 'One step did not take it; only that patient is concerned. Mend the cause, then try again.',
    backups: 'Backups', backupNow: 'Back up now', backupStarted: 'The backup has begun', backupDone: 'The backup is done', drill: 'Restore drill', drillOk: 'drilled', drillNever: 'not drilled', drillHint: 'Restored to a scratch place; counts and hashes compared', size: 'Size', at: 'When', name: 'File', rows: 'Rows', none: 'There are no backups yet', noneHint: 'One is made tonight; you may also make one now.', lastDrill: d => `Last drill: ${d}`, noDrill: 'No backup has been restored in a drill yet', old: 'No good backup for more than 36 hours', backupStates: { running: 'running', done: 'done', verified: 'drilled', failed: 'failed', bad: 'damaged' },
  },
)
