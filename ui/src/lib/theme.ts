import { theme as antd, type ThemeConfig } from 'antd'
import { useSyncExternalStore } from 'react'

/** How the pages look: by the machine's setting, or chosen. */
export type Mode = 'system' | 'light' | 'dark'

const font = '-apple-system, BlinkMacSystemFont, "PingFang SC", "Microsoft YaHei UI", "Microsoft YaHei", "Segoe UI", "Noto Sans CJK SC", "Source Han Sans SC", sans-serif'

const shape: ThemeConfig['token'] = { borderRadius: 6, fontSize: 14, wireframe: false, motionDurationMid: '0.12s', motionDurationSlow: '0.18s', fontFamily: font }

const light: ThemeConfig = {
  token: {
    ...shape,
    colorPrimary: '#0f6b73', colorPrimaryBg: '#e6f2f2', colorPrimaryBgHover: '#d3e8e8', colorPrimaryHover: '#1a8089', colorPrimaryActive: '#0b5259',
    controlItemBgActive: '#e6f2f2', controlItemBgActiveHover: '#d3e8e8',
    colorInfo: '#0f6b73', colorLink: '#0f6b73', colorSuccess: '#1a7f4b', colorWarning: '#9a6410', colorError: '#b8301f',
    colorTextBase: '#17262b', colorTextSecondary: '#4b5b60', colorTextTertiary: '#5a686d', colorTextPlaceholder: '#667378', colorTextDescription: '#5a686d', colorTextDisabled: '#7b898d',
    colorBgLayout: '#f4f6f6', colorBorder: '#cdd6d8', colorBorderSecondary: '#e4e9ea',
  },
  components: {
    Table: { headerBg: '#f7f9f9', headerColor: '#5a686d', headerSplitColor: 'transparent', cellPaddingBlockSM: 7, cellPaddingInlineSM: 10, rowHoverBg: '#f3f8f8', rowSelectedBg: '#e8f3f3', rowSelectedHoverBg: '#dfeeee', cellFontSizeSM: 13 },
    Button: { primaryShadow: 'none', defaultShadow: 'none', dangerShadow: 'none', fontWeight: 500 },
    Tabs: { horizontalItemGutter: 22, titleFontSize: 14 },
    Segmented: { trackBg: '#e9eeee' },
    Card: { headerFontSize: 15 },
  },
}

const dark: ThemeConfig = {
  algorithm: antd.darkAlgorithm,
  token: {
    ...shape,
    colorPrimary: '#1f8b93', colorPrimaryBg: '#12302f', colorPrimaryBgHover: '#174040', colorPrimaryHover: '#35a5ac', colorPrimaryActive: '#17747b',
    controlItemBgActive: '#153536', controlItemBgActiveHover: '#1a4344',
    colorInfo: '#4fb3ba', colorLink: '#5cc0c6', colorSuccess: '#4fbf86', colorWarning: '#e0a84a', colorError: '#f0806a',
    colorTextBase: '#e6eeee', colorTextSecondary: '#b9c6c8', colorTextTertiary: '#9dabae', colorTextPlaceholder: '#92a1a4', colorTextDescription: '#9dabae',
    colorBgBase: '#101a1c', colorBgLayout: '#0c1416', colorBgContainer: '#142023', colorBgElevated: '#1a282c', colorBorder: '#33464b', colorBorderSecondary: '#243337',
  },
  components: {
    Table: { headerBg: '#18262a', headerColor: '#9dabae', headerSplitColor: 'transparent', cellPaddingBlockSM: 7, cellPaddingInlineSM: 10, rowHoverBg: '#1a2a2d', rowSelectedBg: '#153536', rowSelectedHoverBg: '#1a4344', cellFontSizeSM: 13 },
    Button: { primaryShadow: 'none', defaultShadow: 'none', dangerShadow: 'none', fontWeight: 500, primaryColor: '#fff', dangerColor: '#2b0f08' },
    Tabs: { horizontalItemGutter: 22, titleFontSize: 14 },
    Segmented: { trackBg: '#1d2c30', itemSelectedBg: '#2f6f73', itemSelectedColor: '#ffffff' },
    Card: { headerFontSize: 15 },
  },
}

/** themeOf is the Ant Design theme; variables instead of hashes let the nonce cover one small style. */
export const themeOf = (isDark: boolean): ThemeConfig => ({ cssVar: { key: 'h' }, hashed: false, ...(isDark ? dark : light) })

/** nonce is what the server put into the page; Ant Design stamps it on the styles it makes. */
export const nonce = document.querySelector<HTMLMetaElement>('meta[name=csp-nonce]')?.content

/**
 * Ant Design measures scroll bars with a style element that it forgets to stamp; the policy blocks it and the console complains.
 * Stamping every style element that scripts make is no weaker: a script that could make one can read the nonce too.
 */
const make = document.createElement.bind(document) as (tag: string, o?: ElementCreationOptions) => HTMLElement
document.createElement = ((tag: string, o?: ElementCreationOptions) => {
  const e = make(tag, o)
  if (nonce && tag.toLowerCase() === 'style') e.nonce = nonce
  return e
}) as typeof document.createElement

const machine = window.matchMedia('(prefers-color-scheme: dark)')
const readers = new Set<() => void>()
let mode: Mode = (localStorage.getItem('renxin.theme') as Mode | null) ?? 'light'

const isDark = () => (mode === 'system' ? machine.matches : mode === 'dark')
function paint() {
  document.documentElement.dataset.theme = isDark() ? 'dark' : 'light'
  readers.forEach(f => f())
}
machine.addEventListener?.('change', paint)
paint()

/** setMode remembers and applies the look. */
export function setMode(next: Mode) {
  mode = next
  localStorage.setItem('renxin.theme', next)
  paint()
}

function subscribe(f: () => void) {
  readers.add(f)
  return () => { readers.delete(f) }
}

/** useDark tells whether the dark look is on. */
export const useDark = () => useSyncExternalStore(subscribe, isDark)

/** useMode is the chosen mode. */
export const useMode = () => useSyncExternalStore(subscribe, () => mode)

/** Grade colours after Okabe–Ito: told apart under deuteranopia, protanopia and in grey print; the letter is always shown. */
export const grades = {
  A: { fg: '#ffffff', bg: '#00577f' },
  B: { fg: '#00432f', bg: '#7fd0b0' },
  C: { fg: '#37474c', bg: '#dfe5e6' },
  D: { fg: '#ffffff', bg: '#c2500a' },
} as const
export type GradeKey = keyof typeof grades
