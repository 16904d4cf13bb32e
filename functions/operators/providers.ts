// What operators say of a provider.
import * as z from 'zod'
import { wake } from '../../lib/delivery/deliver.ts'
import { refuse } from '../../lib/outcome/result.ts'
import { answer, type Route, route } from '../http/route.ts'
import { typed } from '../http/schemas.ts'

const closeRoute = route({
  method: 'POST',
  path: '/v1/admin/providers/:name/close',
  who: ['admin'],
  tag: 'operators',
  summary: 'A provider is well again: its breaker closes, and what waits behind it goes on in portions',
  params: () => z.object({ name: typed() }),
  answers: { 204: null },
  problems: [],
  handle: async function closeProvider({ deps: { core } }, { params }) {
    if (!core.providers.some((one) => one.name === params.name)) return refuse({ code: 'not_found' })
    const { closed, released } = await core.store.outbox.closeBreaker(params.name, core.now())
    if (closed) core.log('info', 'breaker_closed', { provider: params.name, count: released.length })
    await wake(core, released)
    return answer(204)
  },
})

export const providerRoutes: readonly Route[] = [closeRoute]
