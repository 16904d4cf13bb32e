// The notice of a registration: a welcome and a word to the operators, once per person, whoever vouches for them.
import { describe, expect, it } from 'vitest'
import { notifyFor } from '../../../lib/accounts/notify-registration.ts'
import { logoutAll } from '../../../lib/accounts/sessions.ts'
import { good, HOUR, type Kit, newcomer, no, openAccounts } from '../../fakes/accounts-kit.ts'

const OPERATORS = ['ops.one@example.com', 'ops.two@example.com']
const open = () => openAccounts({ operators: OPERATORS.map((email) => ({ deliver: email, normal: email })) })
type Made = Awaited<ReturnType<Kit['registered']>>

/** For the holder of a session here. */
async function notify(kit: Kit, { tokens }: Pick<Made, 'tokens'>) {
  const { bearer } = await kit.signedIn(tokens)
  return notifyFor(kit.accounts, { bearer, supabase: null })
}
const ids = (told: { messages: { id: string }[] }) => told.messages.map((one) => one.id)

describe('the notice of a registration', () => {
  it('welcomes the person in their language and tells every operator, once', async () => {
    const kit = open()
    const made = await kit.registered({ locale: 'es' })
    const first = good(await notify(kit, made))
    await kit.settled()
    expect(first).toMatchObject({ repeated: false, messages: Array(3).fill({ channel: 'email', status: 'sending' }) })
    expect(kit.mailsTo(made.person.email).at(-1)).toMatchObject({
      subject: expect.stringContaining('Te damos la bienvenida'),
      text: expect.stringContaining(made.person.username),
    })
    for (const operator of OPERATORS) {
      expect(kit.mailsTo(operator)).toMatchObject([{ text: expect.stringContaining(made.person.email) }])
    }
    kit.pass(HOUR)
    const again = good(await notify(kit, made))
    await kit.settled()
    expect(again).toMatchObject({ repeated: true, messages: Array(3).fill({ status: 'sent' }) })
    expect(ids(again)).toEqual(ids(first))
    expect(kit.mails).toHaveLength(4)
  })

  it('is sent once for twenty calls at once', async () => {
    const kit = open()
    const made = await kit.registered()
    const told = await Promise.all(Array.from({ length: 20 }, () => notify(kit, made)))
    await kit.settled()
    expect(new Set(told.map((one) => ids(good(one)).join())).size).toBe(1)
    expect(kit.mailsTo(made.person.email)).toHaveLength(2)
  })

  it('reaches the operators however many sign up within the hour', async () => {
    const kit = open()
    for (let n = 0; n < 40; n++) good(await notify(kit, await kit.registered()))
    await kit.settled()
    for (const operator of OPERATORS) expect(kit.mailsTo(operator)).toHaveLength(40)
  })

  it('is also for who is signed in at Supabase, and goes to the operators alone when they have no address', async () => {
    const kit = open()
    const { email } = newcomer()
    const vouched = (subject: string, address: string | null) =>
      notifyFor(kit.accounts, { bearer: null, supabase: { subject, email: address, name: 'Ana', locale: 'es' } })
    expect(ids(good(await vouched('s1', email)))).toHaveLength(3)
    expect(good(await vouched('s1', email)).repeated).toBe(true)
    expect(ids(good(await vouched('s2', null)))).toHaveLength(2)
    await kit.settled()
    expect(kit.mailsTo(email)).toMatchObject([{ text: expect.stringContaining('Ana') }])
  })

  it('says nothing where nobody is to be told', async () => {
    const kit = openAccounts()
    const supabase = { subject: 's1', email: null, name: null, locale: null }
    expect(good(await notifyFor(kit.accounts, { bearer: null, supabase }))).toEqual({ messages: [], repeated: false })
  })

  it('is not for who is nobody, nor for a session that has ended', async () => {
    const kit = open()
    expect(no(await notifyFor(kit.accounts, { bearer: null, supabase: null })).code).toBe('unauthorized')
    const made = await kit.registered()
    good(await logoutAll(kit.accounts, await kit.signedIn(made.tokens)))
    expect(no(await notify(kit, made)).code).toBe('unauthorized')
    await kit.settled()
    expect(kit.mails).toHaveLength(1)
  })
})
