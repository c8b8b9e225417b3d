import { text } from '../i18n'

/** Changing the own password. */
export const password = text(
  { title: '修改密码', current: '现在的密码', next: '新密码', again: '再输入一次', go: '修改', done: '密码已修改。', differs: '两次输入的新密码不一致。', short: '新密码至少 10 个字符，用一句话最容易记。' },
  { title: 'Change password', current: 'Current password', next: 'New password', again: 'Once more', go: 'Change', done: 'Password changed.', differs: 'The two new passwords differ.', short: 'At least 10 characters; a sentence is easiest to remember.' },
)
