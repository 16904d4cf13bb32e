// Three tiers: node (tables, simulation, real backends), edge (inside workerd), e2e (the built Worker over HTTP).
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { cloudflareTest } from '@cloudflare/vitest-plugin'
import { defineConfig, type Plugin } from 'vitest/config'

/** Redis scripts and those of pages are imported as text, as the rules of wrangler.toml do in the Worker. */
const asText: Plugin = {
  name: 'as-text',
  enforce: 'pre',
  transform: (code, id) => (/\.(?:lua|css|page\.js)$/.test(id) ? `export default ${JSON.stringify(code)}` : null),
}

/** Of [alias] in wrangler.toml the one that is not installed; tests in Node use the others as they are. */
const alias = {
  '@react-email/render': join(import.meta.dirname, 'lib/providers/left-out.ts'),
}

/** wrangler loads .dev.vars here too. Empty counts as unset, so no test can send through somebody's real account. */
const devVars = join(import.meta.dirname, '.dev.vars')
const personal = existsSync(devVars) ? Object.keys(parseEnv(readFileSync(devVars, 'utf8'))) : []
const blank = Object.fromEntries(personal.map((name) => [name, '']))

/** Generous: a shared machine may be ten times slower than it was a minute ago. */
const TIMEOUT_MS = 30_000

/** Tests that measure time, or kill processes at random: nothing else may run beside them. */
const ALONE = ['test/e2e/timing.test.ts', 'test/e2e/chaos.test.ts']

export default defineConfig({
  test: {
    projects: [
      {
        plugins: [asText],
        resolve: { alias },
        test: { name: 'node', environment: 'node', include: ['test/node/**/*.test.ts'], testTimeout: TIMEOUT_MS },
      },
      {
        plugins: [
          cloudflareTest({
            wrangler: { configPath: './wrangler.toml' },
            miniflare: { bindings: { ...blank, POSTA_ENV: 'development' } },
          }),
        ],
        resolve: { alias },
        test: {
          name: 'edge',
          include: ['test/edge/**/*.test.ts'],
          // One workerd for all files (2 s instead of 12): use unique names, or `afterEach(reset)` of cloudflare:test.
          isolate: false,
          testTimeout: TIMEOUT_MS,
        },
      },
      {
        plugins: [asText],
        resolve: { alias },
        test: {
          name: 'e2e',
          environment: 'node',
          include: ['test/e2e/**/*.test.ts'],
          exclude: ALONE,
          // A story may start a Worker of its own while three others do: half a minute on two cores.
          testTimeout: 120_000,
          hookTimeout: 120_000,
          // They wait more than they compute: two at a time.
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        plugins: [asText],
        resolve: { alias },
        test: {
          name: 'alone',
          environment: 'node',
          include: ALONE,
          testTimeout: 60_000,
          hookTimeout: 120_000,
          fileParallelism: false,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
})
