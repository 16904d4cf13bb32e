// The Worker: HTTP, the minute's sweep, and the entrypoint the object's alarm starts deliveries through.
import { WorkerEntrypoint, waitUntil } from 'cloudflare:workers'
import { begin, deliver } from '../lib/delivery/deliver.ts'
import { sweep } from '../lib/delivery/sweep.ts'
import { errorFields } from '../lib/log.ts'
import { CLAIM_MAX } from '../lib/rules/numbers.ts'
import { type Deps, type PostaStub, wire } from '../lib/wire.ts'
import { createApp } from './http/app.ts'

export { PostaObject } from './object.ts'

const built = new WeakMap<object, Deps>()

/** Built once per isolate: bindings do not change while it lives. */
function depsFor(env: Cloudflare.Env): Deps {
  const known = built.get(env)
  if (known) return known
  const deps = wire({
    env: { ...env },
    // The stub's type loses what a generic method says; the class implements exactly this interface.
    object: (name) => env.POSTA_OBJECT.getByName(name) as unknown as PostaStub,
    now: () => Date.now(),
    random: (bytes) => crypto.getRandomValues(new Uint8Array(bytes)),
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    write: (line) => console.log(line),
    background: (work) => waitUntil(work),
  })
  built.set(env, deps)
  return deps
}

const app = createApp(depsFor)

/** Called by the object's alarm: answers at once, the work goes on here. */
export class Delivery extends WorkerEntrypoint<Cloudflare.Env> {
  async deliver(ids: string[], whose: 'own' | 'other'): Promise<void> {
    const { core } = depsFor(this.env)
    // Of another store's rows the object does not know the priority: one is named, the other places go by that.
    const what = whose === 'own' ? { ids } : { ids: ids.slice(0, 1), due: true }
    const work = deliver(core, what).catch((error) => core.log('error', 'deliver_failed', errorFields(error)))
    this.ctx.waitUntil(work)
  }

  /** Answers once what is due has been claimed: true when there may be more of it. */
  async drain(): Promise<boolean> {
    const { core } = depsFor(this.env)
    const { claimed, unclaimed, work } = await begin(core, { due: true })
    this.ctx.waitUntil(work)
    return claimed + unclaimed.length >= CLAIM_MAX
  }
}

export default {
  fetch: app.fetch,
  async scheduled(_controller, env): Promise<void> {
    await sweep(depsFor(env).core)
  },
} satisfies ExportedHandler<Cloudflare.Env>
