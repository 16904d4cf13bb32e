// The store's contract on the real Durable Object, inside workerd.
import { env } from 'cloudflare:test'
import { tableOf } from '../../lib/steps/steps.ts'
import { sqliteStore } from '../../lib/store/sqlite/store.ts'
import type { PostaStub } from '../../lib/wire.ts'
import { storeContract } from '../contract/store.ts'

storeContract('sqlite', () =>
  sqliteStore(tableOf(() => env.POSTA_OBJECT.getByName('contract') as unknown as PostaStub, 'store')),
)
