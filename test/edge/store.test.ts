// The store's contract on the real Durable Object, inside workerd.
import { env } from 'cloudflare:test'
import type { StepRunner } from '../../lib/store/sqlite/store.ts'
import { sqliteStore } from '../../lib/store/sqlite/store.ts'
import { storeContract } from '../contract/store.ts'

storeContract('sqlite', () => sqliteStore(() => env.POSTA_OBJECT.getByName('contract') as unknown as StepRunner))
