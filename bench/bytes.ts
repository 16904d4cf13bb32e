// What is uploaded: every module of a bundle, and all of it compressed as wrangler counts it.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Bundle } from '../test/chaos/workerd.ts'

export interface Bytes {
  kib: number
  gzipKib: number
}

export function bytesOf({ folder, modules }: Bundle): Bytes {
  const all = Buffer.concat(modules.map((name) => readFileSync(join(folder, name))))
  return { kib: all.length / 1024, gzipKib: gzipSync(all).length / 1024 }
}
