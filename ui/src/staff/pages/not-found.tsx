import { Button } from 'antd'
import { Link } from '@tanstack/react-router'
import { useText } from '../../lib/i18n'
import { shell } from '../../lib/text/shell'
import { State } from '../../lib/ui'

export default function NotFound() {
  const t = useText(shell)
  return <div className="page"><State title={t.pages.notFound} hint={t.pages.notFoundHint} action={<Link to="/"><Button type="primary">{t.pages.home}</Button></Link>} /></div>
}
