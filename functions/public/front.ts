// GET /: who opens the address in a browser is told where they are.
import { answer, type Route, route } from '../http/route.ts'

const frontRoute = route({
  method: 'GET',
  path: '/',
  who: ['public'],
  tag: 'public',
  summary: 'A front page in development, one quiet line in production',
  answers: { 200: 'html' },
  problems: [],
  handle: async function showFront({ deps }) {
    if (!deps.config.development) {
      return answer(200, 'posta is running.\n', { headers: { 'Content-Type': 'text/plain; charset=utf-8' } })
    }
    const { frontPage } = await import('../dev/front.tsx')
    const { html, headers } = await frontPage()
    return answer(200, html, { headers })
  },
})

export const frontRoutes: readonly Route[] = [frontRoute]
