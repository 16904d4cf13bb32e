// The first start on a Node that is too old: one sentence says what to do, before any TypeScript is read.
import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'

const ROOT = join(import.meta.dirname, '../../..')
const { scripts, engines } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
  scripts: Record<string, string>
  engines: { node: string }
}

interface Ended {
  code: number
  printed: string
  said: string
}

const run = (program: string, args: string[], cwd = ROOT) =>
  new Promise<Ended>((resolve) => {
    execFile(program, args, { cwd }, (error, printed, said) =>
      resolve({ code: error ? Number(error.code) : 0, printed, said }),
    )
  })

const SYSTEM_NODE = '/usr/bin/node'
const system = existsSync(SYSTEM_NODE) ? (await run(SYSTEM_NODE, ['-p', 'process.versions.node'])).printed.trim() : null
/** The scripts a newcomer starts with; none where the system has no older Node, and the tests above have to do. */
const onOlder = system !== null && Number.parseInt(system, 10) < 22 ? ['dev', 'test', 'secret', 'doctor'] : []

describe('every npm script', () => {
  it.each(Object.entries(scripts))('%s looks at its Node first', (_, command) => {
    // The linter is a program of its own and runs on any.
    if (command.startsWith('biome ')) return
    expect(command).toMatch(/^node -r \.\/scripts\/ready\.cjs \S+\.ts$|^node scripts\/ready\.cjs && (?!node )/)
  })
})

describe('scripts/ready.cjs', () => {
  const folder = mkdtempSync(join(tmpdir(), 'posta-ready-'))
  afterAll(() => rmSync(folder, { recursive: true }))

  /** The same file in a project that asks for `needed`, before a script that says it ran. */
  async function start(needed: string): Promise<Ended> {
    mkdirSync(join(folder, 'scripts'), { recursive: true })
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ engines: { node: needed } }))
    writeFileSync(join(folder, 'scripts/ready.cjs'), readFileSync(join(ROOT, 'scripts/ready.cjs')))
    writeFileSync(join(folder, 'main.ts'), `const text: string = 'ran'\nconsole.log(text)\n`)
    return run(process.execPath, ['-r', './scripts/ready.cjs', 'main.ts'], folder)
  }
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)

  it.each([`>=${major}.${minor}`, `>=${major - 1}.${minor + 1}`, engines.node])(
    'lets this Node pass for %s',
    (needed) => expect(start(needed)).resolves.toEqual({ code: 0, printed: 'ran\n', said: '' }),
  )

  it.each([`>=${major}.${minor + 1}`, `>=${major + 1}.0`])('stops it for %s, with one sentence', async (needed) => {
    const { code, printed, said } = await start(needed)
    expect([code, printed, said.split('\n')]).toEqual([
      1,
      '',
      [expect.stringContaining(`needs Node ${needed.slice(2)} or newer and this is ${process.versions.node}: `), ''],
    ])
  })

  it.each(onOlder)('stops npm run %s on the Node of the system, which is older', async (name) => {
    const [, ...args] = (scripts[name] ?? '').split(' ')
    const { code, printed, said } = await run(SYSTEM_NODE, args)
    expect([code, printed]).toEqual([1, ''])
    expect(said).toBe(
      `posta needs Node 22.18 or newer and this is ${system}: \`npm rebuild node --ignore-scripts=false\` installs the Node that posta brings along, which npm scripts then use.\n`,
    )
  })
})
