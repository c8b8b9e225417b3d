import { text } from '../i18n'

/** Systems that push to us: FHIR and HL7 V3 with a token of their own. */
export const hook = text(
  {
    title: '推送接口', note: '其他系统把 FHIR 或 HL7 V3（互联互通）消息推送到这里，每个系统一个令牌。', add: '添加来源系统', none: '还没有推送接口。', noneHint: '添加来源系统后，把地址和令牌交给对方的接口工程师。',
    formats: { fhir: 'FHIR R4', v3: 'HL7 V3（SOAP）' } as Record<string, string>, active: '可用', revoked: '已撤销', address: '地址', from: '允许的来源', anywhere: '不限', seen: '最近调用', never: '还没有', made: '令牌生成',
    edit: '设置', rotate: '换新令牌', revoke: '撤销令牌', restore: '重新启用', name: '系统名称', nameHint: '如“集成平台”，接入记录里用它称呼这个来源', format: '格式', allow: '允许的来源地址', allowHint: '网段或地址，用空格分开，如 10.1.0.0/16；不填则不限',
    issuer: '默认发放机构', issuerHint: '消息没有写明时，号码算哪个系统发的；应与 HL7 消息里的一致，如 HIS', systems: '标识系统对照', systemsHint: '每行一条：标识系统（网址或 OID）= 类型@机构。类型有 id_card、card、outpatient、inpatient、health_card、passport、permit、checkup、other；FHIR 就诊号写 visit@机构。国家 OID 已内置。',
    paths: 'XPath 覆盖', pathsHint: '每行一条：字段 = XPath，优先于内置映射，例如 patient.name = patientPerson/name/text()', bad: '这一行没有“=”', saved: '已保存', gone: '已撤销，对方从现在起无法推送',
    tokenTitle: (n: string) => `${n} 的令牌`, tokenOnce: '令牌只显示这一次，请现在复制并交给对方；系统里只保存它的摘要。', copy: '复制', copied: '已复制', usage: '用法', close: '我已保存', rotateAsk: (n: string) => `给“${n}”换新令牌？旧令牌立即失效。`, revokeAsk: (n: string) => `撤销“${n}”的令牌？对方将立即无法推送，已收到的数据不受影响。`,
  },
  {
    title: 'Systems that push', note: 'Other systems push FHIR or HL7 V3 messages here, each with a token of its own.', add: 'Admit a system', none: 'No system pushes yet. ', noneHint: 'Admit one and hand address and token to its interface engineer.',
    formats: { fhir: 'FHIR R4', v3: 'HL7 V3 (SOAP)' }, active: 'active', revoked: 'revoked', address: 'Address', from: 'May call from', anywhere: 'anywhere', seen: 'Last call', never: 'never', made: 'Token made',
    edit: 'Settings', rotate: 'New token', revoke: 'Revoke token', restore: 'Activate again', name: 'Name of the system', nameHint: 'Such as “integration platform”; records name their source by it', format: 'Format', allow: 'May call from', allowHint: 'Networks or addresses separated by blanks, for example 10.1.0.0/16; empty means anywhere',
    issuer: 'Default issuer', issuerHint: 'Whose numbers they are where a message does not say; as in the HL7 messages, for example HIS', systems: 'Identifier systems', systemsHint: 'One a line: system (URL or OID) = kind@issuer. Kinds: id_card, card, outpatient, inpatient, health_card, passport, permit, checkup, other; FHIR visit numbers visit@issuer. National OIDs are built in.',
    paths: 'XPath overrides', pathsHint: 'One a line: field = XPath, tried before the built-in mapping, for example patient.name = patientPerson/name/text()', bad: 'This line has no “=”', saved: 'Saved', gone: 'Revoked; it can no longer push',
    tokenTitle: n => `Token of ${n}`, tokenOnce: 'The token is shown this once. Copy it now and hand it over; only its digest is kept here.', copy: 'Copy', copied: 'Copied', usage: 'Use', close: 'I have kept it', rotateAsk: n => `Make a new token for “${n}”? The old one ends at once.`, revokeAsk: n => `Revoke the token of “${n}”? It can no longer push; what was received stays.`,
  },
)
