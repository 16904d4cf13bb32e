// Accounts in Supabase, through the real supabase-js, on a real PostgreSQL: the contract, the locks, and the faults.
// PGlite always; the machine's own server too where there is one, because only that one does two things at once.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { Fault } from '../../../lib/outcome/fault.ts'
import { supabaseUsers } from '../../../lib/users/supabase.ts'
import { usersContract } from '../../contract/users.ts'
import { newHash, person, registered } from '../../contract/users-kit.ts'
import { type Mode, type Supabase, startSupabase } from '../../fakes/supabase.ts'
import { startPglite } from '../../fakes/supabase-database.ts'
import { postgresMissing, startPostgres } from '../../fakes/supabase-postgres.ts'

const databases = [
  { name: 'PGlite', start: startPglite },
  ...(postgresMissing === null ? [{ name: 'PostgreSQL', start: startPostgres }] : []),
]

describe.each(databases)('on $name', ({ name, start }) => {
  let supabase: Supabase
  const adapter = (serviceKey = supabase.serviceKey) =>
    supabaseUsers({ url: supabase.url, serviceKey, timeoutMs: 1_500 })
  beforeAll(async () => {
    supabase = await startSupabase({ start })
  }, 60_000)
  afterEach(() => supabase.mode({ kind: 'ok' }))
  afterAll(() => supabase.close())

  usersContract(`supabase users on ${name}`, () => ({
    users: adapter(),
    loseAnswer: () => supabase.mode({ kind: 'lose_answer', times: 1 }),
  }))

  const sql = (text: string) => supabase.database.exec(text)
  const refusedAs = (role: string, text: string) =>
    expect(supabase.database.as(role, text)).rejects.toMatchObject({ code: '42501' })

  describe('nobody but the service key', () => {
    it('may call a function, with a request that would work', async () => {
      const user = await registered({ users: adapter(), loseAnswer() {} })
      const calls = await sql(
        `select string_agg(proname, ' ' order by proname) from pg_proc where proname like 'posta\\_%'`,
      )
      expect(calls?.split(' ')).toHaveLength(8)
      for (const role of ['anon', 'authenticated']) {
        for (const call of calls?.split(' ') ?? []) {
          const args = call.endsWith('_ping') ? '' : `'{"id": "${user.id}"}'`
          await refusedAs(role, `select public.${call}(${args})`)
        }
      }
      await expect(adapter(supabase.anonKey).byId(user.id)).rejects.toThrow(Fault)
      await expect(adapter(supabase.anonKey).create(person())).rejects.toThrow(Fault)
    })

    it('may read or write a table, not even the service key itself', async () => {
      for (const role of ['anon', 'authenticated', 'service_role']) {
        for (const table of ['posta.users', 'posta.user_effects']) {
          await refusedAs(role, `select count(*) from ${table}`)
          await refusedAs(role, `delete from ${table}`)
        }
        await refusedAs(role, `select posta.instant('1')`)
      }
    })

    it('sees or changes a row, even where a table was granted by mistake', async () => {
      const user = await registered({ users: adapter(), loseAnswer() {} })
      await sql('grant usage on schema posta to anon; grant all on all tables in schema posta to anon')
      try {
        expect(await supabase.database.as('anon', 'select count(*)::text from posta.users')).toBe('0')
        await supabase.database.as('anon', `update posta.users set password_hash = '$stolen'`)
        await refusedAs('anon', `insert into posta.user_effects values ('ch_x', '${user.id}', 'password', now())`)
      } finally {
        await sql('revoke all on all tables in schema posta from anon; revoke usage on schema posta from anon')
      }
      expect(await adapter().byId(user.id)).toEqual(user)
    })

    it('finds a function that looks up names where a caller may put his own', async () => {
      const open = await sql(
        `select coalesce(string_agg(proname, ' '), '') from pg_proc p
           where (pronamespace = 'posta'::regnamespace or proname like 'posta\\_%')
             and not coalesce(proconfig::text like '%search_path=%', false)`,
      )
      expect(open).toBe('')
    })
  })

  describe('the tables themselves', () => {
    it.each([
      ['a hash that is a password', { passwordHash: 'hunter2' }],
      ['a phone that is no E.164', { phone: '0991234567' }],
      ['a verified phone that is none', { phoneVerified: true }],
      ['an e-mail that is not normal', { email: { deliver: 'a@example.com', normal: 'A@example.com' } }],
    ])('refuse %s', async (_, more) => {
      supabase.reset()
      await expect(adapter().create(person(more))).rejects.toMatchObject({ cause: { message: 'supabase: 23514' } })
      expect(supabase.requests()).toBe(1)
    })

    it('forget what challenges did after seven days, a few at a time', async () => {
      const user = await registered({ users: adapter(), loseAnswer() {} })
      const now = Date.now()
      await sql(
        `insert into posta.user_effects select 'ch_old_' || n, '${user.id}', 'verified', to_timestamp(${now / 1_000}) - interval '7 days' from generate_series(1, 12) n`,
      )
      const old = () => sql(`select count(*)::text from posta.user_effects where challenge_id like 'ch_old_%'`)
      const step = (n: number) =>
        adapter().setPassword({
          userId: user.id,
          hash: newHash(),
          by: { challengeId: `ch_new_${n}`, email: user.email.deliver },
          now,
        })
      await step(1)
      expect(await old()).toBe('2')
      await step(2)
      expect(await old()).toBe('0')
      expect(await supabase.dump()).toContain('ch_new_2')
    })
  })

  describe('requests', () => {
    it('are one a step', async () => {
      const users = adapter()
      await users.ping()
      const user = person()
      const base = { userId: user.id, challengeId: 'ch_one', now: Date.now() }
      const steps = {
        create: () => users.create(user),
        byLogin: () => users.byLogin({ email: user.email.normal }),
        byId: () => users.byId(user.id),
        markVerified: () => users.markVerified({ ...base, contact: 'email', address: user.email.deliver }),
        changeAddress: () =>
          users.changeAddress({
            ...base,
            challengeId: 'ch_two',
            from: null,
            hash: user.passwordHash,
            to: { phone: '+593991234567' },
          }),
        setPassword: () =>
          users.setPassword({ ...base, hash: newHash(), by: { challengeId: 'ch_three', email: user.email.deliver } }),
        update: () => users.update({ userId: user.id, locale: 'en' }),
      }
      for (const [step, call] of Object.entries(steps)) {
        supabase.reset()
        await call()
        expect([step, supabase.requests()]).toEqual([step, 1])
      }
    })
  })

  describe('a fault', () => {
    const secret = 'name-to-keep-quiet'
    const faultOf = async (call: Promise<unknown>): Promise<Fault> => {
      const error = await call.then(
        () => null,
        (thrown: unknown) => thrown,
      )
      expect(error).toBeInstanceOf(Fault)
      return error as Fault
    }
    /** Everything a careless log could print of it. */
    const whole = (error: unknown): string =>
      error instanceof Error ? `${error.message}\n${error.stack}\n${whole(error.cause)}` : String(error)

    it.each<[string, Mode, string]>([
      ['down', { kind: 'down' }, 'no answer'],
      ['hanging', { kind: 'slow', ms: 5_000 }, 'no answer'],
      ['losing every answer', { kind: 'lose_answer' }, 'no answer'],
      ['answering by halves', { kind: 'half' }, 'HTTP 200'],
      ['behind a broken gateway', { kind: 'gateway' }, 'HTTP 502'],
    ])('of a Supabase that is %s comes in time, after one repeat', async (_, mode, told) => {
      const users = adapter()
      await users.ping()
      supabase.mode(mode)
      supabase.reset()
      const startedAt = performance.now()
      const fault = await faultOf(users.byLogin({ username: secret }))
      expect(performance.now() - startedAt).toBeLessThan(3_300)
      expect(fault).toMatchObject({ port: 'users', cause: { message: `supabase: ${told}` } })
      expect(supabase.requests()).toBe(2)
      expect(whole(fault)).not.toMatch(/name-to-keep-quiet|sb_secret|127\.0\.0\.1/)
    })

    it('of a wrong key comes at once and quotes neither the key nor the request', async () => {
      const users = adapter('sb_secret_not_the_key')
      supabase.reset()
      const fault = await faultOf(users.byLogin({ username: secret }))
      expect(fault).toMatchObject({ cause: { message: 'supabase: HTTP 401' } })
      expect(supabase.requests()).toBe(1)
      expect(whole(fault)).not.toMatch(/sb_secret|name-to-keep-quiet/)
    })

    it('of a database without our functions names the code and quotes nothing', async () => {
      await sql('alter function public.posta_users_find(jsonb) rename to posta_users_gone')
      try {
        const fault = await faultOf(adapter().byLogin({ username: secret }))
        expect(fault).toMatchObject({ cause: { message: 'supabase: PGRST202' } })
        expect(whole(fault)).not.toMatch(/name-to-keep-quiet/)
      } finally {
        await sql('alter function public.posta_users_gone(jsonb) rename to posta_users_find')
      }
    })

    it('is over as soon as Supabase is back', async () => {
      const users = adapter()
      supabase.mode({ kind: 'down', times: 2 })
      await faultOf(users.ping())
      await users.ping()
      supabase.mode({ kind: 'half', times: 1 })
      await users.ping()
    })
  })
})
