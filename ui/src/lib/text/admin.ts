import { text } from '../i18n'

/** Accounts, roles, departments. */
export const admin = text(
  {
    title: '员工与权限', views: { accounts: '员工', roles: '角色', departments: '科室' },
    create: '新建账号', search: '姓名、拼音或登录名', states: { active: '在岗', frozen: '已冻结', left: '已离职' } as Record<string, string>, allStates: '全部状态', absentUntil: (d: string) => `休假至 ${d}`,
    col: { name: '姓名', login: '登录名', post: '岗位', role: '角色', department: '科室', state: '状态', seen: '最近登录' }, none: '没有符合条件的员工', noneHint: '换一个状态，或清除搜索。',
    password: '密码', passwordHint: '至少 10 位', newPassword: '设置新密码', passwordDone: '密码已更换，原有登录全部失效', absent: '休假', absentFrom: '休假开始', absentTo: '休假结束', absentHint: '期间的任务会转给同科室的人', freeze: '冻结', unfreeze: '恢复', leave: '办理离职', frozen: (n: string) => `已冻结：${n}`, restored: (n: string) => `已恢复：${n}`, left: (n: string) => `已离职：${n}`, saved: '已保存', created: '账号已建立', cannot: '无',
    role: {
      create: '新建角色', name: '角色名称', copy: '复制', newName: '新角色', reach: '能看到谁', reaches: { own: '自己负责的', department: '本科室', division: '本版块', site: '本院区', all: '全院' } as Record<string, string>, days: '只看最近几天', daysHint: '0 为不限', readOnly: '只能看，不能改', unassigned: '可看未分配的患者与号码', matrix: '权限', reads: '查看', writes: '操作', allOf: '全部', staffN: (n: number) => `${n} 人使用`, viewAs: '以此角色查看', viewAsHint: '页面会像此角色看到的一样，所有修改都停用；顶部可随时结束。', viewAsDirty: '先保存，再以此角色查看', none: '还没有角色',
      sentence: (reach: string, days: number, ro: boolean, n: number) => `能看到${reach}患者${days ? `，且只限最近 ${days} 天` : ''}；${ro ? '只能看，不能改' : '可以修改'}；共 ${n} 项权限。`, saved: '角色已保存，使用者下一次操作即生效', lockedWrites: '只读角色不能操作', search: '搜索权限', choose: '选择一个角色',
    },
    rooms: { patient: '患者', visit: '就诊', followup: '随访', message: '短信', consent: '同意与触达', booking: '预约', timeline: '全景', view: '视图', intake: '数据接入', staff: '员工与权限', setting: '系统设置', audit: '审计', backup: '备份', operation: '运行', job: '任务', calendar: '日历', match: '匹配' } as Record<string, string>,
    dept: { create: '新建科室', name: '名称', code: 'HIS 编码', kind: '类别', kinds: { department: '科室', ward: '病区' } as Record<string, string>, parent: '上级', top: '（顶层）', site: '院区', closed: '已停用', close: '停用', reopen: '恢复', rename: '改名或移动', history: '历史名称', now: '至今', none: '还没有科室', noneHint: 'HIS 数据进来时会按编码自动建立，也可以先手工建。', saved: '科室已保存，旧名称仍用于当时的记录', created: '科室已建立', renameHint: '改名后，过去的记录仍显示当时的名称。', unmapped: '未核对' },
  },
  {
    title: 'Staff and roles', views: { accounts: 'Staff', roles: 'Roles', departments: 'Departments' },
    create: 'New account', search: 'Name, pinyin or login', states: { active: 'Active', frozen: 'Frozen', left: 'Left' }, allStates: 'Every state', absentUntil: d => `away until ${d}`,
    col: { name: 'Name', login: 'Login', post: 'Post', role: 'Role', department: 'Department', state: 'State', seen: 'Last seen' }, none: 'Nobody matches', noneHint: 'Choose another state, or clear the search.',
    password: 'Password', passwordHint: 'At least 10 characters', newPassword: 'New password', passwordDone: 'The password is changed; all sessions have ended', absent: 'Absence', absentFrom: 'Away from', absentTo: 'Away until', absentHint: 'Tasks go to colleagues of the department', freeze: 'Freeze', unfreeze: 'Restore', leave: 'Has left', frozen: n => `Frozen: ${n}`, restored: n => `Restored: ${n}`, left: n => `Left: ${n}`, saved: 'Saved', created: 'The account is made', cannot: 'none',
    role: {
      create: 'New role', name: 'Name of the role', copy: 'Copy', newName: 'New role', reach: 'Whose data', reaches: { own: 'own patients', department: 'the department', division: 'the division', site: 'the campus', all: 'the whole hospital' }, days: 'Only the last days', daysHint: '0: no limit', readOnly: 'May look, not change', unassigned: 'Also patients and numbers of nobody', matrix: 'Rights', reads: 'Look', writes: 'Act', allOf: 'All', staffN: n => `${n} people`, viewAs: 'Look as this role', viewAsHint: 'The pages show what this role sees and every change is switched off; end it at the top at any time.', viewAsDirty: 'Save first, then look as this role', none: 'There are no roles yet',
      sentence: (reach, days, ro, n) => `Sees ${reach}${days ? `, only the last ${days} days` : ''}; ${ro ? 'may look, not change' : 'may change'}; ${n} rights.`, saved: 'Saved; it holds from the next click of those who have it', lockedWrites: 'A read-only role cannot act', search: 'Search rights', choose: 'Choose a role',
    },
    rooms: { patient: 'Patients', visit: 'Visits', followup: 'Follow-up', message: 'Messages', consent: 'Consent', booking: 'Booking', timeline: 'Overview', view: 'Views', intake: 'Intake', staff: 'Staff and roles', setting: 'Settings', audit: 'Audit', backup: 'Backup', operation: 'Operations', job: 'Jobs', calendar: 'Calendar', match: 'Matching' },
    dept: { create: 'New department', name: 'Name', code: 'HIS code', kind: 'Kind', kinds: { department: 'Department', ward: 'Ward' }, parent: 'Above', top: '(top)', site: 'Campus', closed: 'Closed', close: 'Close', reopen: 'Reopen', rename: 'Rename or move', history: 'Former names', now: 'now', none: 'There are no departments yet', noneHint: 'They appear by code when HIS data comes in; you may also add one.', saved: 'Saved; the old name stays true for its time', created: 'The department is made', renameHint: 'After a rename, older records still show the name of their time.', unmapped: 'unchecked' },
  },
)
