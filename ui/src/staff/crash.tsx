import type { ErrorComponentProps } from '@tanstack/react-router'
import { useText } from '../lib/i18n'
import { shell } from '../lib/text/shell'

/** Crash replaces a page that broke. A chunk that is gone means that the system was updated. */
export function Crash({ error }: ErrorComponentProps) {
  const t = useText(shell)
  const stale = /dynamically imported module|Importing a module script|Failed to fetch/i.test((error as Error).message)
  return (
    <div className="state warn page" role="alert">
      <h2>{stale ? t.pages.stale : t.pages.crash}</h2>
      {!stale && <p>{t.pages.crashHint}<br /><small>{(error as Error).message}</small></p>}
      <button className="plain-btn" onClick={() => location.reload()}>↻</button>
    </div>
  )
}
