import { AuditOutlined, BankOutlined, BookOutlined, CalendarOutlined, CloudDownloadOutlined, DashboardOutlined, FileDoneOutlined, FormOutlined, FunnelPlotOutlined, HomeOutlined, ImportOutlined, MessageOutlined, MobileOutlined, PartitionOutlined, ProfileOutlined, SettingOutlined, SolutionOutlined, TeamOutlined } from '@ant-design/icons'
import type { ReactNode } from 'react'
import type { shell } from '../lib/text/shell'

type Words = typeof shell.zh
/** One place of the side navigation; it shows when one of may is held. */
export interface Place { to: string; icon: ReactNode; label: (t: Words) => string; may: string[]; pinyin: string; exact?: boolean; /** Only in a demo hospital. */ demo?: boolean }

/** The side navigation, in the order of a day's work. */
export const nav: { group: (t: Words) => string; places: Place[] }[] = [
  { group: t => t.groups.work, places: [
    { to: '/', icon: <HomeOutlined />, label: t => t.nav.home, may: [], pinyin: 'wdgzt', exact: true },
  ] },
  { group: t => t.groups.patients, places: [
    { to: '/patients', icon: <TeamOutlined />, label: t => t.nav.patients, may: ['patient.*'], pinyin: 'hzda' },
    { to: '/segments', icon: <FunnelPlotOutlined />, label: t => t.nav.segments, may: ['segment.*'], pinyin: 'rq' },
    { to: '/organizations', icon: <BankOutlined />, label: t => t.nav.organizations, may: ['organization.*'], pinyin: 'ttdw' },
    { to: '/followup/plans', icon: <FileDoneOutlined />, label: t => t.nav.plans, may: ['followup.plan.*'], pinyin: 'sfjh' },
    { to: '/followup/templates', icon: <ProfileOutlined />, label: t => t.nav.templates, may: ['followup.template.*'], pinyin: 'sfmb' },
    { to: '/followup/groups', icon: <PartitionOutlined />, label: t => t.nav.conditions, may: ['visit.group.*'], pinyin: 'bz' },
  ] },
  { group: t => t.groups.reach, places: [
    { to: '/messages', icon: <MessageOutlined />, label: t => t.nav.messages, may: ['message.*'], pinyin: 'dxhhf' },
  ] },
  { group: t => t.groups.data, places: [
    { to: '/intake', icon: <ImportOutlined />, label: t => t.nav.intake, may: ['intake.*'], pinyin: 'sjjr' },
    { to: '/downloads', icon: <CloudDownloadOutlined />, label: t => t.nav.downloads, may: [], pinyin: 'xzzx' },
    { to: '/demo/phone', icon: <MobileOutlined />, label: t => t.nav.demoPhone, may: [], pinyin: 'yssj', demo: true },
    { to: '/operations', icon: <DashboardOutlined />, label: t => t.nav.operations, may: ['operation.*', 'backup.*'], pinyin: 'yxzk' },
  ] },
  { group: t => t.groups.admin, places: [
    { to: '/staff', icon: <SolutionOutlined />, label: t => t.nav.staff, may: ['staff.*'], pinyin: 'ygyqx' },
    { to: '/calendars', icon: <CalendarOutlined />, label: t => t.nav.calendars, may: ['setting.*'], pinyin: 'rl' },
    { to: '/fields', icon: <FormOutlined />, label: t => t.nav.fields, may: ['field.definition.update'], pinyin: 'zdyzd' },
    { to: '/dictionaries', icon: <BookOutlined />, label: t => t.nav.dictionaries, may: ['setting.dictionary.update', 'setting.setting.read'], pinyin: 'zd' },
    { to: '/audit', icon: <AuditOutlined />, label: t => t.nav.audit, may: ['audit.*'], pinyin: 'sj' },
    { to: '/settings', icon: <SettingOutlined />, label: t => t.nav.settings, may: ['setting.*'], pinyin: 'xtsz' },
  ] },
]
