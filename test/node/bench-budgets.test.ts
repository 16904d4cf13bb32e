// Budgets that follow from the code and not from the machine: bytes uploaded, and what the cold path must not load.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bytesOf } from '../../bench/bytes.ts'
import { type Bundle, buildBundle } from '../chaos/workerd.ts'

/** The target is 450. */
const GZIP_KIB_MAX = 350

/** esbuild's, as far as it is read. */
interface Metafile {
  outputs: Record<string, { inputs: Record<string, { bytesInOutput: number }> }>
}

describe('the built Worker', () => {
  let folder: string
  let bundle: Bundle
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'posta-bytes-'))
    bundle = await buildBundle(folder)
  }, 60_000)
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it(`is at most ${GZIP_KIB_MAX} KiB compressed`, () => {
    expect(bytesOf(bundle).gzipKib).toBeLessThanOrEqual(GZIP_KIB_MAX)
  })

  it('brings no second renderer, no Tailwind, no OpenAPI library and no part of an SDK that posta never calls', () => {
    const { outputs } = JSON.parse(readFileSync(bundle.metafile ?? '', 'utf8')) as Metafile
    const inputs = Object.values(outputs).flatMap((output) => Object.entries(output.inputs))
    // What was read and shaken out again has no bytes.
    const paths = inputs.flatMap(([path, { bytesInOutput }]) => (bytesInOutput > 0 ? [path] : []))
    const holds = (name: string) => paths.some((path) => path.includes(`node_modules/${name}/`))
    expect(holds('hono')).toBe(true)
    for (const name of [
      'tailwindcss',
      'prettier',
      '@react-email/render',
      'html-to-text',
      'zod-openapi',
      'fast-check',
      'axios',
      'postal-mime',
      'standardwebhooks',
    ]) {
      expect(holds(name), name).toBe(false)
    }
  })
})
