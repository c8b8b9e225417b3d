import { PageSkeleton } from '../../lib/ui'

export default function Page() { return <PageSkeleton /> }
