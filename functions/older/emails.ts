// The mail of the older terminal program's API, under its own names.
import * as z from 'zod'
import { answer, type Route, route } from '../http/route.ts'
import { EMAIL_PROBLEMS, emailBody, sendEmail } from '../messages/emails.ts'

const sent = () =>
  z.object({
    exito: z.boolean(),
    mensaje: z.string(),
    proveedor_usado: z.string().nullable(),
    message_id: z.string(),
  })

const enviarEmailRoute = route({
  method: 'POST',
  path: '/enviar-email',
  who: ['user', 'service'],
  tag: 'older',
  summary: 'As /v1/emails',
  older: true,
  body: emailBody,
  answers: { 200: sent, 202: sent },
  problems: EMAIL_PROBLEMS,
  handle: async function enviarEmail(context, { body }) {
    const done = await sendEmail(context, body)
    if (!done.ok) return done
    const { id: message_id, provider: proveedor_usado, headers, usage } = done.value
    const exito = proveedor_usado !== null
    const mensaje = exito ? `Correo enviado con ${proveedor_usado}` : 'Correo aceptado; aún no se sabe si ha salido'
    return answer(exito ? 200 : 202, { exito, mensaje, proveedor_usado, message_id }, { headers, usage })
  },
})

export const olderEmailRoutes: readonly Route[] = [enviarEmailRoute]
