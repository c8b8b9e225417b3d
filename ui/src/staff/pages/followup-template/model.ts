import type { CallOutcome, ReplyCode, StepKind, Template, TemplateInput, TemplateStep } from '../../../api/contract/followup'

/** The placeholders a message text may hold. */
export const variables = ['name', 'date', 'department', 'hospital'] as const

/** What is wrong, by path as the server writes it ("steps.2.text"). */
export type Faults = Record<string, string>

interface Words { name: string; title: string; day: string; window: string; text: string; codeTwice: string; keyTwice: string; label: string; trigger: string; steps: string }

/** blank is a template with nothing in it. */
export const blank = (): TemplateInput => ({ code: '', name: '', family: '', department_id: '', source: '', triggers: [], steps: [] })

/** inputOf keeps what a person may write of a stored template. */
export function inputOf(x: Template): TemplateInput {
  return {
    code: x.code, name: x.name, family: x.family, summary: x.summary, department_id: x.department_id, source: x.source, triggers: x.triggers,
    steps: x.steps.map(s => ({ ...s, codes: s.codes ?? [], outcomes: s.outcomes ?? [] })),
  }
}

/** newStep makes a step a week after the last one, with a key that no other has. */
export function newStep(steps: TemplateStep[], title: string): TemplateStep {
  const day = steps.length ? Math.max(...steps.map(s => s.day)) + 7 : 7
  return { key: freeKey(steps, 'message', day), title, day, kind: 'message', shift: '', window_from: '09:00', window_to: '18:00', text: '', codes: [], outcomes: [], script: '' }
}

/** freeKey is a step key that is stable, readable and not yet taken. */
export function freeKey(steps: TemplateStep[], kind: StepKind, day: number): string {
  const want = `${kind}-${day}`
  let key = want
  for (let n = 2; steps.some(s => s.key === key); n++) key = `${want}-${n}`
  return key
}

/** defaultShift is the rule a kind of step follows when none is chosen. */
export const defaultShift = (kind: StepKind) => (kind === 'message' ? 'earlier' : 'later')

const clock = /^([01]\d|2[0-3]):[0-5]\d$|^24:00$/
const repeated = (list: string[]) => list.map((x, i) => x !== '' && list.indexOf(x) !== i)

/** check finds what the server would refuse, so that it shows while writing. */
export function check(x: TemplateInput, w: Words): Faults {
  const out: Faults = {}
  if (!x.name.trim() || [...x.name].length > 60) out.name = w.name
  if (x.steps.length === 0) out.steps = w.steps
  x.triggers.forEach((g, i) => { if ((g.kind === 'procedure' && !g.code && !g.name) || (g.kind === 'condition' && !g.code && !g.name && !g.group_id)) out[`triggers.${i}`] = w.trigger })
  x.steps.forEach((s, i) => checkStep(s, `steps.${i}`, w, out))
  return out
}

function checkStep(s: TemplateStep, at: string, w: Words, out: Faults) {
  if (!s.title.trim()) out[`${at}.title`] = w.title
  if (!(Number.isInteger(s.day) && s.day >= 0 && s.day <= 3650)) out[`${at}.day`] = w.day
  if (!clock.test(s.window_from) || !clock.test(s.window_to) || s.window_from >= s.window_to) out[`${at}.window`] = w.window
  if (s.kind !== 'call' && !s.text?.trim()) out[`${at}.text`] = w.text
  repeated((s.codes ?? []).map(c => c.code)).forEach((twice, i) => { if (twice) out[`${at}.codes.${i}`] = w.codeTwice })
  ;(s.codes ?? []).forEach((c: ReplyCode, i) => { if (!c.code || !c.label.trim()) out[`${at}.codes.${i}`] ??= w.label })
  repeated((s.outcomes ?? []).map(o => o.key)).forEach((twice, i) => { if (twice) out[`${at}.outcomes.${i}`] = w.keyTwice })
  ;(s.outcomes ?? []).forEach((o: CallOutcome, i) => { if (!o.key || !o.label.trim()) out[`${at}.outcomes.${i}`] ??= w.label })
}

/** strangers lists the variables in a text that do not exist. */
export const strangers = (text: string) => [...text.matchAll(/\{\{\s*([^{}|\s]+)\s*(?:\|[^{}]*)?\}\}/g)].map(m => m[1]!).filter(v => !(variables as readonly string[]).includes(v))

/** fill puts sample values into a text. */
export const fill = (text: string, values: Record<string, string>) => text.replace(/\{\{\s*([^{}|\s]+)\s*(?:\|([^{}]*))?\}\}/g, (m, name: string, or?: string) => values[name] ?? or ?? m)
