// argon2id (RFC 9106) of npm `argon2id` over a module compiled by whoever calls: its WASM with SIMD.
import setupWasm from 'argon2id/lib/setup.js'

export interface Argon2Parameters {
  memoryKib: number
  passes: number
  parallelism: number
}

/** Synchronous: it holds the isolate's one thread for some 50 ms. */
export type Argon2id = (
  password: Uint8Array,
  salt: Uint8Array,
  parameters: Argon2Parameters,
  tagBytes: number,
) => Uint8Array

/** One instance has 65 MiB of address space, touched only as far as `memoryKib` reaches: an isolate keeps one. */
export async function argon2idOf(simd: WebAssembly.Module): Promise<Argon2id> {
  const load = (imports: WebAssembly.Imports) => ({ module: simd, instance: new WebAssembly.Instance(simd, imports) })
  // The second loader is for machines without SIMD; workerd and Node have it everywhere.
  const compute = await setupWasm(load, load)
  return (password, salt, { memoryKib, passes, parallelism }, tagBytes) =>
    compute({ password, salt, memorySize: memoryKib, passes, parallelism, tagLength: tagBytes })
}
