// For tests of programs: a service of its own for each test, all behind one port, and a folder for the program's files.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, vi } from 'vitest'
import { type Served, serve } from './served.ts'
import { type Service, service } from './service.ts'

/** To be called where the tests are described; what the service logs is not printed. */
export function servedEach(settings: Record<string, string>) {
  const folder = mkdtempSync(join(tmpdir(), 'posta-program-'))
  let posta: Service
  let served: Served
  beforeAll(async () => {
    vi.spyOn(console, 'log').mockImplementation(() => {})
    served = await serve(() => posta)
  })
  beforeEach(() => {
    posta = service(settings)
  })
  afterAll(async () => {
    rmSync(folder, { recursive: true })
    await served.close()
  })
  return {
    folder,
    get posta() {
      return posta
    },
    get url() {
      return served.url
    },
  }
}
