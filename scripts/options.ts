// What `wrangler dev` will make of a command line and of the .dev.vars beside its configuration.
import { existsSync, readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { parseEnv } from 'node:util'

/** The values of a flag that may be given often. `greedy`: like wrangler's --var, it takes every word up to the next flag. */
function values(args: string[], names: string[], greedy: boolean): string[] {
  const found: string[] = []
  let taking = false
  for (const arg of args) {
    if (arg.startsWith('-')) {
      const equals = arg.indexOf('=')
      const named = names.includes(equals < 0 ? arg : arg.slice(0, equals))
      if (named && equals >= 0) found.push(arg.slice(equals + 1))
      taking = named && (equals < 0 || greedy)
    } else if (taking) {
      found.push(arg)
      taking = greedy
    }
  }
  return found
}

/** The last value given to `--name` (or `-short`), undefined when there is none. */
export function option(args: string[], name: string, short = name): string | undefined {
  return values(args, [`--${name}`, `-${short}`], false).at(-1)
}

/** The variables the Worker will see from --var and from .dev.vars (or .env, or --env-file); --var wins. */
export function settings(args: string[], root: string): Record<string, string> {
  const config = option(args, 'config', 'c')
  const folder = config === undefined ? root : dirname(resolve(root, config))
  const environment = option(args, 'env', 'e')
  const named = values(args, ['--env-file'], true)
  const candidates = [...(environment === undefined ? [] : [`.dev.vars.${environment}`]), '.dev.vars', '.env']
  const first = candidates.map((name) => resolve(folder, name)).find(existsSync)
  const files = named.length > 0 ? named.map((name) => resolve(folder, name)).filter(existsSync) : first ? [first] : []
  const found: Record<string, string> = {}
  for (const file of files) Object.assign(found, parseEnv(readFileSync(file, 'utf8')))
  for (const pair of values(args, ['--var'], true)) {
    const colon = pair.indexOf(':')
    if (colon > 0) found[pair.slice(0, colon)] = pair.slice(colon + 1)
  }
  return found
}

/** What wrangler.toml binds that posta reads as a setting: `[[send_email]]`, by name. Stands for it, and sends nothing. */
export function bindings(args: string[], root: string): Record<string, object> {
  const config = resolve(root, option(args, 'config', 'c') ?? 'wrangler.toml')
  if (!existsSync(config)) return {}
  const found = readFileSync(config, 'utf8').matchAll(
    /^\[\[send_email\]\]\s*\n(?:(?!\[)[^\n]*\n)*?name\s*=\s*"(\w+)"/gm,
  )
  return Object.fromEntries([...found].map(([, name = '']) => [name, { send() {} }]))
}
