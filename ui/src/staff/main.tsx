import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { createRouter, RouterProvider } from '@tanstack/react-router'
import { ApiError } from '../api/call'
import { language } from '../lib/i18n'
import { parse, stringify } from '../lib/url'
import { routeTree } from './routes'
import { Crash } from './crash'
import '../lib/base.css'
import '../lib/components.css'
import './staff.css'

document.documentElement.lang = language()

const client = new QueryClient({
  defaultOptions: {
    queries: { staleTime: 15_000, refetchOnWindowFocus: true, retry: (n, e) => n < 2 && !(e instanceof ApiError && e.status < 500) },
    mutations: { retry: false },
  },
})
const router = createRouter({ routeTree, defaultPreload: 'intent', defaultPendingMs: 300, parseSearch: parse, stringifySearch: stringify, defaultErrorComponent: Crash as never, scrollRestoration: true })
declare module '@tanstack/react-router' { interface Register { router: typeof router } }

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <QueryClientProvider client={client}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  </StrictMode>,
)
