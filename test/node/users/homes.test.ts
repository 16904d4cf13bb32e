// Accounts in two homes: with nothing in the old one it is the new one, contract and all; an account of the old one is
// found, reserves its names, and is taken along by what changes it.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { accountsCopy } from '../../../lib/users/copy.ts'
import { homesUsers, leftoverOf } from '../../../lib/users/homes.ts'
import { leavingSteps, oldUsers } from '../../../lib/users/sqlite/leaving.ts'
import { usersSteps } from '../../../lib/users/sqlite/steps.ts'
import { sqliteUsers } from '../../../lib/users/sqlite/users.ts'
import { supabaseUsers } from '../../../lib/users/supabase.ts'
import { usersContract } from '../../contract/users.ts'
import { email, id, newHash, parallel, person, username, word } from '../../contract/users-kit.ts'
import { openSqlite } from '../../fakes/sqlite.ts'
import { type Supabase, startSupabase } from '../../fakes/supabase.ts'

let supabase: Supabase
beforeAll(async () => {
  supabase = await startSupabase()
}, 60_000)
afterAll(() => supabase.close())

function twoHomes() {
  const sqlite = openSqlite()
  const [users, leaving] = [sqlite.runner(usersSteps), sqlite.runner(leavingSteps)]
  let asked = 0
  const old = oldUsers(() => {
    asked++
    return leaving
  })
  const before = sqliteUsers(() => users)
  const current = supabaseUsers({ url: supabase.url, serviceKey: supabase.serviceKey })
  const leftover = leftoverOf(old, Date.now)
  const both = homesUsers(current, old, leftover, Date.now)
  return { users: both, before, current, old, leftover, asked: () => asked }
}

usersContract('two homes, the old one empty', () => ({
  users: twoHomes().users,
  loseAnswer: () => supabase.mode({ kind: 'lose_answer', times: 1 }),
}))

it('asks an object without accounts once', async () => {
  const { users, asked } = twoHomes()
  for (let n = 0; n < 3; n++) expect(await users.byId(id('usr'))).toBeNull()
  expect(asked()).toBe(1)
})

describe('an account of the old home', () => {
  it('is found there, and its name and address are taken', async () => {
    const { users, before, current } = twoHomes()
    const ana = person()
    await before.create(ana)
    expect(await users.byId(ana.id)).toEqual(ana)
    expect(await users.byLogin({ username: ana.username.normal })).toEqual(ana)
    expect(await users.byLogin({ email: ana.email.normal })).toEqual(ana)
    const luis = person({ email: ana.email })
    expect(await users.create(luis)).toEqual({ kind: 'taken', fields: ['email'] })
    const there = person()
    await current.create(there)
    expect(await users.create(person({ username: ana.username, email: there.email }))).toEqual({
      kind: 'taken',
      fields: ['username', 'email'],
    })
    expect(await users.update({ userId: there.id, username: ana.username })).toEqual({
      kind: 'taken',
      fields: ['username'],
    })
    const change = { userId: there.id, from: there.email.deliver, hash: there.passwordHash, to: { email: ana.email } }
    expect(await users.changeAddress({ ...change, challengeId: id('ch'), now: Date.now() })).toEqual({
      kind: 'taken',
      fields: ['email'],
    })
    expect(await current.byId(ana.id)).toBeNull()
  })

  it('moves with the first change, once, whoever else changes it at the same time', async () => {
    const { users, before, current, leftover } = twoHomes()
    const ana = person()
    await before.create(ana)
    const names = await parallel(5, async () => {
      const updated = await users.update({ userId: ana.id, username: username(`ana-${word()}`) })
      return updated.kind
    })
    expect(names).toEqual(['updated', 'updated', 'updated', 'updated', 'updated'])
    const now = await current.byId(ana.id)
    expect(now).toMatchObject({ id: ana.id, email: ana.email, passwordHash: ana.passwordHash })
    expect(await leftover.count()).toBe(0)
    // What the object still has of it is nobody's name any more.
    expect(await users.byLogin({ username: ana.username.normal })).toBeNull()
    expect(await users.byId(ana.id)).toEqual(now)
  })

  it('takes along what challenges have done, so that a repeat does nothing', async () => {
    const { users, before } = twoHomes()
    const ana = person()
    await before.create(ana)
    const by = { challengeId: id('ch'), email: ana.email.deliver }
    const set = { userId: ana.id, hash: newHash(), by, now: Date.now() }
    expect(await before.setPassword(set)).toMatchObject({ kind: 'set' })
    const spent = await users.setPassword({ ...set, hash: newHash() })
    expect(spent).toMatchObject({ kind: 'spent', user: { passwordHash: set.hash } })
  })

  it('stays, and is told of, when another account has its address in the new home', async () => {
    const { users, before, current, old, leftover } = twoHomes()
    const [ana, luis] = [person(), person()]
    await before.create(ana)
    await before.create(luis)
    const double = person({ email: email(ana.email.deliver) })
    await current.create(double)
    const copy = accountsCopy(current, old, leftover)
    const conflict = { id: ana.id, fields: ['email'] }
    expect(await copy.page('', Date.now())).toEqual({ copied: 1, conflicts: [conflict], next: null })
    expect(await copy.page('', Date.now())).toEqual({ copied: 0, conflicts: [conflict], next: null })
    expect(await current.byId(luis.id)).toEqual(luis)
    const odd = person({ passwordHash: 'no hash at all' })
    await before.create(odd)
    const page = await copy.page('', Date.now())
    expect(page.conflicts).toEqual([conflict, { id: odd.id, fields: [] }])
    expect(await copy.left(Date.now())).toBe(2)
    await expect(users.update({ userId: ana.id, locale: 'en' })).rejects.toThrow('users unavailable')
    expect(await users.byId(ana.id)).toEqual(ana)
  })
})

it('moves any number of accounts by the page', async () => {
  const { before, current, old, leftover } = twoHomes()
  const people = Array.from({ length: 450 }, () => person())
  for (const one of people) await before.create(one)
  const copy = accountsCopy(current, old, leftover)
  const copied: number[] = []
  for (let next: string | null = ''; next !== null; ) {
    const page = await copy.page(next, Date.now())
    copied.push(page.copied)
    next = page.next
  }
  expect(copied).toEqual([200, 200, 50])
  expect(await copy.left(Date.now())).toBe(0)
  for (const one of [people[0], people[449]]) expect(await current.byId(one?.id ?? '')).toEqual(one)
}, 20_000)
