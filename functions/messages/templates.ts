// /v1/templates and /v1/messages/preview: what there is to send, and what it would look like.
import * as z from 'zod'
import { preview } from '../../lib/delivery/preview.ts'
import { smsText } from '../../lib/templates/sms.ts'
import { isSendable } from '../../lib/templates/template.ts'
import { describedOf, TEMPLATES } from '../../lib/templates/templates.ts'
import { answer, type Route, route } from '../http/route.ts'
import { locale, sentBy, text } from '../http/schemas.ts'
import { withImages } from './images.ts'
import { readData, readTemplate } from './template-data.ts'

const templatesRoute = route({
  method: 'GET',
  path: '/v1/templates',
  who: ['service', 'admin'],
  tag: 'messages',
  summary: 'Every template: names, channels, the JSON schema of its data and a sample of it',
  answers: {
    200: () =>
      z.object({
        templates: z.array(
          z.object({
            name: z.string(),
            aliases: z.array(z.string()),
            version: z.int(),
            channels: z.array(sentBy()),
            sendable: z.boolean(),
            schema: z.record(z.string(), z.unknown()),
            sample: z.record(z.string(), z.unknown()),
          }),
        ),
      }),
  },
  problems: [],
  handle: async function listTemplates({ deps: { core }, locale: spoken }) {
    const templates = TEMPLATES.map((one) => ({
      name: one.name,
      aliases: [...(one.aliases ?? [])],
      version: core.renderer.versionOf(one.name),
      channels: [...one.channels],
      sendable: isSendable(one),
      schema: describedOf(one),
      sample: one.samples[spoken],
    }))
    return answer(200, { templates })
  },
})

const previewRoute = route({
  method: 'POST',
  path: '/v1/messages/preview',
  who: ['service', 'admin'],
  tag: 'messages',
  summary: 'A message as it would be sent: images are within the HTML, and sms is null where only e-mail carries it',
  body: () =>
    z.object({
      template: text().max(64),
      data: z.record(z.string(), z.unknown()).default({}),
      locale: locale().optional(),
    }),
  answers: {
    200: () => z.object({ subject: z.string(), html: z.string(), text: z.string(), sms: z.string().nullable() }),
  },
  problems: [],
  handle: async function previewMessage({ deps: { core } }, { body }) {
    const template = readTemplate(body.template)
    if (!template.ok) return template
    const data = readData(template.value, body.data)
    if (!data.ok) return data
    const rendered = await preview(core, template.value, data.value, body.locale ?? core.policy.locale)
    return answer(200, {
      subject: rendered.subject,
      html: withImages(rendered),
      text: rendered.text,
      sms: rendered.short === null ? null : smsText(rendered.short),
    })
  },
})

export const templateRoutes: readonly Route[] = [templatesRoute, previewRoute]
