// A service sends a receipt or an offer: now or later, with or without an end; calls it back, moves it, sends it again.

import type { Core } from '../../lib/core.ts'
import { accept } from '../../lib/delivery/accept.ts'
import { sealPayload } from '../../lib/delivery/payload.ts'
import { newId } from '../../lib/names/ids.ts'
import type { Admitted, NewMessage } from '../../lib/ports/admission.ts'
import { GIVE_UP_MS, KEY_RULE, RECIPIENT_RULE, sendTimeoutMs } from '../../lib/rules/numbers.ts'
import type { MessageClass, Priority } from '../../lib/rules/status.ts'
import { ask, type Person, type Promised } from './client.ts'
import { HOUR, MINUTE, SECOND } from './plan.ts'
import type { Rng } from './prng.ts'
import type { World } from './world.ts'

interface Receipt {
  person: Person
  class: MessageClass
  priority: Priority
  sendAt: number | null
  expiresAt: number | null
  key: string | null
}

export async function receiptStory(world: World, rng: Rng, promised: Promised, person: Person): Promise<void> {
  const { kernel } = world
  const sendAt = rng.chance(0.35)
    ? kernel.wall() + (rng.chance(0.7) ? rng.int(1, 20) * MINUTE : rng.int(1, 9) * HOUR)
    : null
  const lifeMs = rng.chance(0.4) ? (rng.chance(0.6) ? rng.int(10, 120) * SECOND : rng.int(3, 240) * MINUTE) : null
  const receipt: Receipt = {
    person,
    class: rng.weighed({ transactional: 3, promotional: 1, security: 0 }),
    priority: rng.weighed({ high: 1, medium: 2, low: 1 }),
    sendAt,
    expiresAt: lifeMs === null ? null : (sendAt ?? kernel.wall()) + lifeMs,
    key: rng.chance(0.7) ? `receipt-${kernel.base()}-${rng.int(0, 1e9)}` : null,
  }
  const waits = rng.chance(0.3)
  const admit = () => ask(world, rng, 3, 'receipt', (core) => admitReceipt(core, receipt, waits))
  const id = await admit()
  if (!id) return
  if (receipt.key) promised.told(receipt.key, [id])
  if (receipt.key && rng.chance(0.3)) {
    const again = await admit()
    if (again) promised.told(receipt.key, [again])
  }
  for (let turn = rng.int(0, 3); turn > 0; turn--) {
    const waitMs = {
      moment: rng.int(0, 2) * SECOND,
      seconds: rng.int(2, 30) * SECOND,
      minutes: rng.int(1, 60) * MINUTE,
    }
    await kernel.sleep(waitMs[rng.weighed({ moment: 3, seconds: 3, minutes: 4 })])
    await operate(world, rng, id)
  }
}

async function admitReceipt(core: Core, receipt: Receipt, waits: boolean): Promise<string | null> {
  const { person, sendAt, expiresAt, priority, key } = receipt
  const now = core.now()
  const id = newId('msg', now, core.random)
  const recipient = await core.keys.hash('address', person.email)
  const sealed = await sealPayload(core, id, {
    to: { address: person.email, name: null },
    from: core.policy.from,
    replyTo: null,
    render: {
      template: 'receipt',
      version: 1,
      locale: 'es',
      brand: { appName: core.policy.appName },
      data: { note: `for ${id}` },
    },
    code: null,
  })
  const dueAt = Math.max(now, sendAt ?? now)
  const giveUpAt = dueAt + GIVE_UP_MS[priority]
  const message: NewMessage = {
    id,
    challengeId: null,
    channel: 'email',
    template: 'receipt',
    class: receipt.class,
    priority,
    recipient,
    sealed,
    providers: core.providers.filter((one) => one.channel === 'email').map((one) => one.name),
    dueAt,
    expiresAt,
    startBy: expiresAt === null ? null : expiresAt - sendTimeoutMs(receipt.class),
    giveUpAt: Math.min(giveUpAt, expiresAt ?? giveUpAt),
    after: [],
    slot: id,
    slotSeries: [],
  }
  const { admitted, first } = await accept(core, {
    idempotency: key === null ? null : { key, fingerprint: 'same' },
    takes: [{ series: 'key:main', slot: id, rules: [KEY_RULE] }],
    sends: [{ series: `recipient:${recipient}`, slot: id, rules: [RECIPIENT_RULE] }],
    challenge: null,
    messages: [message],
    now,
  })
  if (waits) await first
  return idOf(admitted, id)
}

function idOf(admitted: Admitted, id: string): string | null {
  if (admitted.kind === 'admitted') return id
  return admitted.kind === 'repeated' ? (admitted.messageIds[0] ?? null) : null
}

async function operate(world: World, rng: Rng, id: string): Promise<void> {
  const { kernel } = world
  switch (rng.weighed({ cancel: 2, reschedule: 2, replay: 3, look: 1 })) {
    case 'cancel':
      await ask(world, rng, 3, `cancel ${id}`, (core) => core.store.outbox.cancel(id, core.now()))
      return
    case 'reschedule': {
      const dueAt = kernel.wall() + rng.int(0, 40) * MINUTE
      await ask(world, rng, 3, `reschedule ${id}`, (core) => core.store.outbox.reschedule(id, dueAt, core.now()))
      return
    }
    case 'replay': {
      const force = rng.chance(0.5)
      await ask(world, rng, 1, `replay ${id}`, (core) =>
        core.store.outbox.replay(id, force, core.now() + GIVE_UP_MS.medium, core.now()),
      )
      return
    }
    case 'look':
      await ask(world, rng, 1, 'look', async (core) => {
        await core.store.outbox.find(id)
        await core.store.outbox.stats(core.now())
        return core.store.outbox.list({ limit: 5 })
      })
  }
}
