// POST /v1/admin/doctor: what works, found out where it runs, and what is to be pasted at the providers.
import * as z from 'zod'
import { ANSWERS_WITHOUT_CALL, type ExaminedProvider, examine } from '../../lib/delivery/doctor.ts'
import type { Locale } from '../../lib/names/locale.ts'
import { FAILURES } from '../../lib/rules/failure.ts'
import { OUTCOMES } from '../../lib/rules/status.ts'
import type { Deps } from '../../lib/wire.ts'
import { answer, type Route, route } from '../http/route.ts'
import { at, email, instant } from '../http/schemas.ts'
import { helpFor } from './help.ts'

const examined = () =>
  z.object({
    name: z.string(),
    answer: z.enum([...OUTCOMES, ...ANSWERS_WITHOUT_CALL]),
    code: z.string().nullable(),
    failure: z.enum(FAILURES).nullable(),
    /** What helps, where something does. */
    what: z.string().nullable(),
    ms: z.number().nullable(),
    message_id: z.string(),
    domain: z.object({ name: z.string(), state: z.enum(['accepted', 'refused', 'unknown']) }),
    /** The setting by which its reports are verified, and whether it is set; null = it sends none. */
    webhook: z.object({ setting: z.string(), set: z.boolean() }).nullable(),
    last_report_at: instant().nullable(),
  })

/** `table`: every route, asked when it is there: an address is told only where something answers. */
const doctorRoute = (table: () => readonly Route[]) =>
  route({
    method: 'POST',
    path: '/v1/admin/doctor',
    who: ['admin'],
    tag: 'operators',
    summary: 'Sends one test mail by every provider, and tells what answers, how fast, and what is not set; 3 an hour',
    body: () => z.object({ to: email() }),
    answers: {
      200: () =>
        z.object({
          providers: z.array(examined()),
          /** What SENDING says; anything but on sends no mail. */
          sending: z.enum(['on', 'off', 'drop', 'shadow']),
          store: z.object({ name: z.string(), ms: z.number() }),
          scheduler: z.object({ name: z.string(), answer: z.enum(['ok', 'unavailable']), ms: z.number() }),
          /** When the cron last started the sweeper; it does so every minute. */
          cron_last_at: instant().nullable(),
          /** Of this Worker. */
          clock: z.object({ at: instant() }),
          webhook_urls: z.record(z.string(), z.string()),
        }),
    },
    problems: ['too_many_requests'],
    handle: async function examineAll({ deps, request, locale, background }, { body }) {
      const { core, config, wiring } = deps
      const wordsOf = (provider: string) => WORDS[locale](core.policy.appName, provider)
      const found = await examine(core, { to: body.to, locale, wordsOf, background })
      if (!found.ok) return found
      const { providers, store, scheduler, sweptAt } = found.value
      const origin = config.PUBLIC_URL ?? new URL(request.url).origin
      return answer(200, {
        providers: providers.map((one) => told(deps, one)),
        sending: config.SENDING,
        store: { name: wiring.store, ...store },
        scheduler: { name: wiring.scheduler, answer: scheduler.answers ? 'ok' : 'unavailable', ms: scheduler.ms },
        cron_last_at: sweptAt === null ? null : at(sweptAt),
        clock: { at: at(core.now()) },
        webhook_urls: Object.fromEntries(
          providers
            .map(({ name }) => [name, `/hooks/providers/${name}`] as const)
            .filter(([, path]) => table().some((one) => one.method === 'POST' && one.path === path))
            .map(([name, path]) => [name, origin + path]),
        ),
      })
    },
  })

function told({ config, core, reportsWith }: Deps, { messageId, lastReportAt, domain, ...one }: ExaminedProvider) {
  const setting = reportsWith(one.name)
  const { address } = core.policy.from
  return {
    ...one,
    what: helpFor(one.failure),
    message_id: messageId,
    domain: { name: address.slice(address.lastIndexOf('@') + 1), state: domain },
    webhook: setting === null ? null : { setting, set: config[setting as keyof typeof config] !== undefined },
    last_report_at: lastReportAt === null ? null : at(lastReportAt),
  }
}

const WORDS: Record<Locale, (appName: string, provider: string) => { title: string; text: string }> = {
  en: (appName, provider) => ({
    title: `${appName}: a test by way of ${provider}`,
    text: `An operator of ${appName} asked whether mail by way of ${provider} arrives. It does.\n\nThere is nothing to do.`,
  }),
  es: (appName, provider) => ({
    title: `${appName}: una prueba por medio de ${provider}`,
    text: `Un operador de ${appName} preguntó si llega el correo por medio de ${provider}. Llega.\n\nNo tienes que hacer nada.`,
  }),
}

export const doctorRoutes = (table: () => readonly Route[]): readonly Route[] => [doctorRoute(table)]
