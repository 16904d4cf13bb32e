// The Worker's argon2id: compiled when it is deployed, since production refuses to compile at run time.
// Import it with `await import()`, and never in Node, which hands out an instance here; see `argon2idOf`.
import simd from 'argon2id/dist/simd.wasm'
import { type Argon2id, argon2idOf } from './argon2.ts'

let loaded: Promise<Argon2id> | undefined

/** One instance for the isolate, whoever asks. */
export function argon2id(): Promise<Argon2id> {
  loaded ??= argon2idOf(simd).catch((error) => {
    // What failed once is tried again with the next password.
    loaded = undefined
    throw error
  })
  return loaded
}
