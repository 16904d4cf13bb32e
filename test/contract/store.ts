// The store's contract: every adapter passes all of it, on the real thing, sharing one store between all tests.
import { beforeAll, describe } from 'vitest'
import type { Store } from '../../lib/ports/store.ts'
import { accountsContract } from './store-accounts.ts'
import { admitContract } from './store-admit.ts'
import { approvalContract } from './store-approval.ts'
import { auditContract } from './store-audit.ts'
import { behindContract } from './store-behind.ts'
import { breakerContract } from './store-breaker.ts'
import { chainContract } from './store-chain.ts'
import { challengesContract } from './store-challenges.ts'
import { claimContract } from './store-claim.ts'
import { effectsContract } from './store-effects.ts'
import { exceptContract } from './store-except.ts'
import { failuresContract } from './store-failures.ts'
import { guardContract } from './store-guard.ts'
import { limitsContract } from './store-limits.ts'
import { locksContract } from './store-locks.ts'
import { lookContract } from './store-look.ts'
import { namesContract } from './store-names.ts'
import { operateContract } from './store-operate.ts'
import { probeContract } from './store-probe.ts'
import { repeatsContract } from './store-repeats.ts'
import { reportContract } from './store-report.ts'
import { resendContract } from './store-resend.ts'
import { sendsContract } from './store-sends.ts'
import { sessionsContract } from './store-sessions.ts'
import { settleContract } from './store-settle.ts'
import { stagesContract } from './store-stages.ts'
import { throttleContract } from './store-throttle.ts'
import { turnContract } from './store-turn.ts'

export function storeContract(name: string, open: () => Promise<Store> | Store): void {
  describe(name, () => {
    let store: Store
    beforeAll(async () => {
      store = await open()
      await store.ping()
    })
    const opened = () => store
    admitContract(opened)
    repeatsContract(opened)
    sendsContract(opened)
    resendContract(opened)
    limitsContract(opened)
    challengesContract(opened)
    approvalContract(opened)
    locksContract(opened)
    claimContract(opened)
    chainContract(opened)
    settleContract(opened)
    breakerContract(opened)
    behindContract(opened)
    probeContract(opened)
    stagesContract(opened)
    operateContract(opened)
    reportContract(opened)
    lookContract(opened)
    namesContract(opened)
    throttleContract(opened)
    sessionsContract(opened)
    turnContract(opened)
    exceptContract(opened)
    guardContract(opened)
    accountsContract(opened)
    effectsContract(opened)
    auditContract(opened)
    failuresContract(opened)
  })
}
