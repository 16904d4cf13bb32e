// What no service of this kind gets below here: the HTTP exchanges of a posta code, with no work between them. It derives,
// seals, limits, renders and logs nothing, and every code is the same.
import { env, waitUntil } from 'cloudflare:workers'

async function redis(...command) {
  const response = await fetch(env.REDIS_URL, {
    method: 'POST',
    headers: { Authorization: `Bearer ${env.REDIS_TOKEN}` },
    body: JSON.stringify(command),
  })
  return response.json()
}

async function mail(to) {
  const response = await fetch(`${env.MAIL_URL}/emails`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ to, text: '000000' }),
  })
  await response.text()
  // What posta writes of the outcome.
  await redis('PING')
}

export default {
  async fetch(request) {
    const { to } = await request.json()
    await redis('PING')
    if (to) waitUntil(mail(to))
    return Response.json({ ok: true })
  },
}
