// Development only: the inbox as a page, and the gallery of templates. The pages are loaded with the first request.
import * as z from 'zod'
import { refuse } from '../../lib/outcome/result.ts'
import type { RenderInput } from '../../lib/ports/renderer.ts'
import type { Deps } from '../../lib/wire.ts'
import { identify } from '../http/callers.ts'
import { answer, type Route, redirect, route } from '../http/route.ts'
import { locale } from '../http/schemas.ts'
import { inFrame, SANDBOX } from './preview.ts'

const form = () => z.enum(['html', 'text'])
const scheme = () => z.enum(['light', 'dark'])

const devRoute = route({
  method: 'GET',
  path: '/dev',
  who: ['public'],
  tag: 'development',
  summary: 'To the inbox',
  development: true,
  answers: { 303: 'redirect' },
  problems: [],
  handle: async function goToInbox() {
    return redirect('/dev/inbox')
  },
})

const inboxRoute = route({
  method: 'GET',
  path: '/dev/inbox',
  who: ['public'],
  tag: 'development',
  summary: 'The development inbox: mails as they come, and faults on demand',
  development: true,
  answers: { 200: 'html' },
  problems: [],
  handle: async function showInbox({ deps, request }) {
    const { inboxPage } = await import('./inbox.tsx')
    const { html, headers } = await inboxPage({
      origin: new URL(request.url).origin,
      knownKey: await opens(deps, 'posta_development'),
      providers: deps.core.providers.map(({ name }) => ({ name, takes: takes(deps.config, name) })),
    })
    return answer(200, html, { headers })
  },
})

const galleryRoute = route({
  method: 'GET',
  path: '/dev/templates',
  who: ['public'],
  tag: 'development',
  summary: 'Every template with sample data, by language and form',
  development: true,
  query: () =>
    z.object({
      template: z.string().optional(),
      locale: locale().optional(),
      form: form().default('html'),
      scheme: scheme().optional(),
      width: z.enum(['full', 'phone']).default('full'),
    }),
  answers: { 200: 'html' },
  problems: [],
  handle: async function showGallery({ deps: { core } }, { query }) {
    const { galleryPage } = await import('./gallery.tsx')
    const look = { ...query, locale: query.locale ?? core.policy.locale }
    const samples = await core.renderer.samples()
    const inLocale = samples.filter((one) => one.locale === look.locale)
    const cards = await Promise.all(
      inLocale.map(async (input) => ({ ...input, rendered: await core.renderer.render(input) })),
    )
    const chosen = query.template ? cards.find((one) => one.template === query.template) : cards[0]
    if (!chosen) return refuse({ code: 'not_found' })
    const locales = [...new Set(samples.map((one) => one.locale))]
    const { html, headers } = await galleryPage({ cards, chosen, locales, look })
    return answer(200, html, { headers })
  },
})

const sampleRoute = route({
  method: 'GET',
  path: '/dev/templates/:template',
  who: ['public'],
  tag: 'development',
  summary: 'One template with its sample data, as it would be sent',
  development: true,
  params: () => z.object({ template: z.string() }),
  query: () => z.object({ locale: locale().optional(), form: form().default('html'), scheme: scheme().optional() }),
  answers: { 200: 'html' },
  problems: [],
  handle: async function showSample({ deps: { core } }, { params, query }) {
    const wanted = (one: RenderInput) =>
      one.template === params.template && one.locale === (query.locale ?? core.policy.locale)
    const sample = (await core.renderer.samples()).find(wanted)
    if (!sample) return refuse({ code: 'not_found' })
    const { html, text } = await core.renderer.render(sample)
    const shown = query.scheme ? inFrame(html, query.scheme) : html
    return answer(200, query.form === 'text' ? text : shown, {
      headers: {
        'Content-Type': `text/${query.form === 'text' ? 'plain' : 'html'}; charset=utf-8`,
        'Content-Security-Policy': `default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; base-uri 'none'; frame-ancestors 'self'; sandbox ${SANDBOX}`,
      },
    })
  },
})

/** Whether the key everybody knows works here: then the first request can be pasted as it stands. */
async function opens(deps: Deps, key: string): Promise<boolean> {
  const request = new Request('http://posta.invalid', { headers: { Authorization: `Bearer ${key}` } })
  return (await identify(request, ['service'], deps, deps.accountsAt('http://posta.invalid'))).ok
}

/** Where a mail given to that provider ends: the inbox plays every vendor that has no key. */
function takes(config: Deps['config'], name: string): 'inbox' | 'console' | 'vendor' {
  if (name === 'console') return 'console'
  return config.ready.includes(name) ? 'vendor' : 'inbox'
}

export const pageRoutes: readonly Route[] = [devRoute, inboxRoute, galleryRoute, sampleRoute]
