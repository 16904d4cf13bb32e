// A Worker whose mail leaves through providers that fail on demand.
import { type MailVendors, startMailVendors } from '../fakes/mail-vendors.ts'
import { type AccountClient, accountsOf } from './accounts.ts'
import { type Client, clientOf, codeIn, until } from './client.ts'
import type { Running, Wiring } from './wirings.ts'

export interface Stage {
  worker: Running
  vendors: MailVendors
  client: Client
  people: AccountClient
  /** Waits for the mail that a provider takes. */
  taken: (to: string) => Promise<{ text: string; code: string }>
  close: () => Promise<void>
}

/** A Worker of its own, over Resend and SendGrid of its own. */
export async function startStage(wiring: Wiring, vars: Record<string, string> = {}): Promise<Stage> {
  const vendors = await startMailVendors()
  const worker = await wiring.start({
    LIMITS: 'off',
    RESEND_API_KEY: 're_test',
    RESEND_BASE_URL: `${vendors.url}/resend`,
    SENDGRID_API_KEY: 'SG.test',
    SENDGRID_BASE_URL: `${vendors.url}/sendgrid`,
    ...vars,
  })
  const client = clientOf(worker.url)
  const taken = async (to: string) => {
    const found = await until(
      async () => vendors.accepted().find((mail) => mail.to === to),
      (mail) => mail !== undefined,
      20_000,
    )
    return { text: found?.text ?? '', code: codeIn(found?.text ?? '') }
  }
  const close = async () => {
    await worker.stop()
    await vendors.close()
  }
  return { worker, vendors, client, people: accountsOf(client), taken, close }
}

/** Tells one story on a stage of its own. */
export async function using(wiring: Wiring, vars: Record<string, string>, story: (stage: Stage) => Promise<void>) {
  const stage = await startStage(wiring, vars)
  try {
    await story(stage)
  } finally {
    await stage.close()
  }
}
