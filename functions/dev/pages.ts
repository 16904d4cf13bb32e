// Development only: the inbox as a page, and the gallery of templates. The pages are loaded with the first request.
import * as z from 'zod'
import { preview } from '../../lib/delivery/preview.ts'
import { ok, refuse } from '../../lib/outcome/result.ts'
import type { Rendered } from '../../lib/ports/renderer.ts'
import { smsText } from '../../lib/templates/sms.ts'
import type { Data, Template } from '../../lib/templates/template.ts'
import { TEMPLATES, templateOf } from '../../lib/templates/templates.ts'
import type { Deps } from '../../lib/wire.ts'
import { identify } from '../http/callers.ts'
import { answer, type Route, redirect, route } from '../http/route.ts'
import { locale } from '../http/schemas.ts'
import { toldError } from '../http/words/words.ts'
import { withImages } from '../messages/images.ts'
import { inFrame, SANDBOX } from './preview.ts'
import { typedData } from './typed-data.ts'
import { VARIANTS, variantOf } from './variants.ts'

const FORMS = ['html', 'text', 'sms'] as const
/** No address of a page gets longer. */
const JSON_MAX = 8_000
const scheme = () => z.enum(['light', 'dark'])
/** Which data: see variants.ts. */
const data = () => z.enum(VARIANTS).default('sample')
const images = () => z.enum(['on', 'off']).default('on')
/** Data as it was typed, in the place of ours. */
const json = () => z.string().max(JSON_MAX).optional()

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
  summary: 'Every template with sample data, by language, form and what the data is like',
  development: true,
  query: () =>
    z.object({
      template: z.string().optional(),
      locale: locale().optional(),
      form: z.enum([...FORMS, 'data']).default('html'),
      scheme: scheme().optional(),
      data: data(),
      images: images(),
      json: json(),
      width: z.enum(['full', 'phone']).default('full'),
    }),
  answers: { 200: 'html' },
  problems: [],
  handle: async function showGallery({ deps: { core } }, { query }) {
    const { galleryPage } = await import('./gallery.tsx')
    const { template: wanted, ...asked } = query
    const look = { ...asked, locale: asked.locale ?? core.policy.locale }
    const shown = (one: Template, filled: Data) => preview(core, one, filled, look.locale)
    const template = wanted === undefined ? TEMPLATES[0] : templateOf(wanted)
    if (!template) return refuse({ code: 'not_found' })
    const cards = await Promise.all(
      TEMPLATES.map(async (one) => ({ name: one.name, subject: (await shown(one, one.samples[look.locale])).subject })),
    )
    const { name } = template
    const ours = variantOf(template, look.locale, look.data)
    const typed = look.json === undefined ? ok(ours) : typedData(template, look.json)
    // Until it is right, ours is shown.
    const rendered = await shown(template, typed.ok ? typed.value : ours)
    const chosen = { name, version: core.renderer.versionOf(name), ...rendered }
    const errors = typed.ok || typed.refusal.code !== 'invalid_request' ? [] : typed.refusal.errors
    const data = { json: look.json ?? JSON.stringify(ours, null, 2), errors: errors.map((one) => toldError(one, 'en')) }
    const { html, headers } = await galleryPage({ cards, chosen, data, look })
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
  query: () =>
    z.object({
      locale: locale().optional(),
      form: z.enum(FORMS).default('html'),
      scheme: scheme().optional(),
      data: data(),
      images: images(),
      json: json(),
    }),
  answers: { 200: 'html' },
  problems: [],
  handle: async function showSample({ deps: { core } }, { params, query }) {
    const template = templateOf(params.template)
    if (!template) return refuse({ code: 'not_found' })
    const locale = query.locale ?? core.policy.locale
    const filled =
      query.json === undefined ? ok(variantOf(template, locale, query.data)) : typedData(template, query.json)
    if (!filled.ok) return filled
    const rendered = await preview(core, template, filled.value, locale)
    const html = query.images === 'off' ? rendered.html : withImages(rendered)
    const shown = { html: query.scheme ? inFrame(html, query.scheme) : html, ...plainOf(rendered) }
    return answer(200, shown[query.form], {
      headers: {
        'Content-Type': `text/${query.form === 'html' ? 'html' : 'plain'}; charset=utf-8`,
        'Content-Security-Policy': `default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; base-uri 'none'; frame-ancestors 'self'; sandbox ${SANDBOX}`,
      },
    })
  },
})

/** Its forms without markup. */
const plainOf = ({ text, short }: Rendered) => ({ text, sms: short === null ? '' : smsText(short) })

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
