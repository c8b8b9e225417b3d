import { useText } from '../../../lib/i18n'
import type { Match } from '../../../api/contract/patient'
import { structure } from '../../../lib/text/structure'

/** Marked shows a text with the part that a search matched. */
export function Marked({ m }: { m: Match }) {
  const all = [...m.text]
  return m.to > m.from ? <span>{all.slice(0, m.from).join('')}<mark>{all.slice(m.from, m.to).join('')}</mark>{all.slice(m.to).join('')}</span> : <span>{m.text}</span>
}

/** Why says which field a search matched where the name itself does not show it; masked values stay masked. */
export function Why({ matches }: { matches?: Match[] }) {
  const t = useText(structure)
  const other = (matches ?? []).filter(m => !['name', 'reading', 'initials'].includes(m.field))
  return <>{other.map((m, i) => <small className="why" key={i}>{t.field[m.field] ?? m.field} <Marked m={m} /></small>)}</>
}

/** Name shows a name with the characters that a search matched, by themselves or by how they are read. */
export function Name({ name, matches }: { name: string; matches?: Match[] }) {
  const m = (matches ?? []).find(x => ['name', 'reading', 'initials'].includes(x.field))
  return m && m.text === name ? <Marked m={m} /> : <>{name}</>
}
