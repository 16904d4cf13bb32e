// What Hono carries through a request: the bindings, and what the pipeline has found out so far.
import type { Locale } from '../../lib/names/locale.ts'
import type { Deps } from '../../lib/wire.ts'

export type AppEnv = {
  Bindings: Cloudflare.Env
  Variables: { requestId: string; deps: Deps; route: string; isOlder: boolean; locale: Locale }
}
