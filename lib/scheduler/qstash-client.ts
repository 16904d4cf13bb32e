// The QStash SDK's client. A file of its own, loaded with the first wake: imported by name, the rest of the SDK (its
// receiver, with a second copy of jose) stays out of the bundle.
import { Client } from '@upstash/qstash'

export const qstashClient = (baseUrl: string, token: string): Client =>
  // Without devMode: false, QSTASH_DEV in the environment would replace url and token by public ones.
  new Client({ baseUrl, token, devMode: false, retry: false, enableTelemetry: false })
