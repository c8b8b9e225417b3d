import { text } from '../i18n'

/** Files that belong to a patient. */
export const attachments = text(
  {
    title: '附件', add: '上传附件', drop: '松开鼠标即可上传', hint: '把文件拖到这里，或点击“上传附件”。支持 PDF、图片、DOCX、XLSX、TXT。', empty: '还没有附件', none: '暂无', uploading: (n: string) => `正在上传 ${n}`, added: (n: string) => `已上传“${n}”`,
    view: '预览', fetch: '下载', rename: '改标题与类别', remove: '删除', removed: (n: string) => `已删除“${n}”`, by: (who: string) => `${who} 上传`, category: '类别', name: '标题', broken: '无法显示预览，请下载后查看。', actions: (n: string) => `${n}的操作`, saved: '已保存',
  },
  {
    title: 'Attachments', add: 'Attach a file', drop: 'Let go to upload', hint: 'Drop files here, or press “Attach a file”. PDF, pictures, DOCX, XLSX, TXT.', empty: 'No attachments', none: 'none', uploading: n => `Uploading ${n}`, added: n => `“${n}” attached`,
    view: 'Preview', fetch: 'Download', rename: 'Title and category', remove: 'Remove', removed: n => `“${n}” removed`, by: who => `by ${who}`, category: 'Category', name: 'Title', broken: 'No preview; download it to look at it.', actions: n => `Actions for ${n}`, saved: 'Saved',
  },
)
