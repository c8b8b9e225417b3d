import { useText } from '../i18n'
import { common } from '../text/common'

const tones = ['#12805c', '#3f9d62', '#b28a1e', '#cc6a1a', '#b7391f']
const mouths = ['M13 24q7 9 14 0z', 'M13 24q7 6 14 0', 'M13 26h14', 'M13 28q7-6 14 0', 'M12 29q8-9 16 0']

/** Face shows one of five moods (0 very good … 4 very poor), told apart by shape first. */
export function Face({ mood, on = true, size = 24 }: { mood: number; on?: boolean; size?: number }) {
  const t = useText(common)
  const ink = on ? '#fff' : '#5b6b70'
  return (
    <svg viewBox="0 0 40 40" width={size} height={size} role="img" aria-label={t.face[mood]}>
      <circle cx="20" cy="20" r="18.5" fill={on ? tones[mood] : '#f1f4f4'} stroke={on ? tones[mood] : '#c6d0d2'} strokeWidth="1.5" />
      <circle cx="14" cy="16" r="2" fill={ink} /><circle cx="26" cy="16" r="2" fill={ink} />
      <path d={mouths[mood]} fill={mood === 0 ? ink : 'none'} stroke={ink} strokeWidth="2.4" strokeLinecap="round" strokeLinejoin="round" />
    </svg>
  )
}
