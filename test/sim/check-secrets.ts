// No address, password, code, token or IP in any log line or any text a store keeps.
import type { Checker, World } from './world.ts'

/** What an account is called and where it is written to, in its own row. */
const OWN = new Set(['username', 'username_normal', 'email', 'email_normal', 'phone'])

export function checkSecrets(world: World): Checker {
  const look = (): void => {
    const texts = [...world.lines]
    for (const table of world.db.tables()) {
      for (const row of world.db.rows<Record<string, unknown>>(`SELECT * FROM ${table}`)) {
        for (const [name, value] of Object.entries(row)) {
          const isOwn = table === 'users' && OWN.has(name)
          if (typeof value === 'string' && !isOwn) texts.push(value)
        }
      }
    }
    const all = texts.join('\n')
    for (const secret of world.secrets) {
      // A code's six digits may stand inside a longer number or a ciphertext; alone they are the code.
      const alone = /^\d{6}$/.test(secret)
      const found = alone ? new RegExp(`(?<![\\w.-])${secret}(?![\\w-])`).test(all) : all.includes(secret)
      if (found) world.fail('no secret at rest or in a log', '', secret)
    }
  }
  return { healed: look, ended: look }
}
