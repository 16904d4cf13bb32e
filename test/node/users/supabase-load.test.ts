// The library of Supabase is loaded with the first call: a load that fails costs that call and no other.
import { createClient } from '@supabase/supabase-js'
import { expect, it } from 'vitest'
import { Fault } from '../../../lib/outcome/fault.ts'
import { supabaseUsers } from '../../../lib/users/supabase.ts'
import { freePort } from '../../fakes/free-port.ts'

it('tries a failed load again, and keeps one that worked', async () => {
  let loads = 0
  const users = supabaseUsers({
    url: `http://127.0.0.1:${await freePort()}`,
    serviceKey: 'sb_secret_1',
    load: async () => {
      if (++loads === 1) throw new TypeError('the module did not come')
      return { createClient }
    },
  })
  const causeOf = () => users.byId('usr_1').catch((error: Fault) => [error.constructor, String(error.cause)])
  expect(await causeOf()).toEqual([Fault, 'TypeError: the module did not come'])
  expect(await causeOf()).toEqual([Fault, 'Error: supabase: no answer'])
  expect(await causeOf()).toEqual([Fault, 'Error: supabase: no answer'])
  expect(loads).toBe(2)
})
