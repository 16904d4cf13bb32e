// The only randomness of the simulation: streams that follow from a seed and a name.

export interface Rng {
  /** In [0, 1). */
  next(): number
  /** Whole number in [min, max]. */
  int(min: number, max: number): number
  chance(probability: number): boolean
  pick<T>(list: readonly T[]): T
  /** One of the words, as often as its weight says. */
  weighed<K extends string>(weights: Record<K, number>): K
  bytes(count: number): Uint8Array<ArrayBuffer>
}

/** sfc32 (Chris Doty-Humphrey's Small Fast Chaotic PRNG), started from FNV-1a hashes of the name. */
export function rngOf(seed: number, name: string): Rng {
  let a = fnv(`${seed}/${name}/a`)
  let b = fnv(`${seed}/${name}/b`)
  let c = fnv(`${seed}/${name}/c`)
  let counter = 1
  const word = (): number => {
    const sum = (((a + b) | 0) + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = ((c << 21) | (c >>> 11)) + sum
    return sum >>> 0
  }
  for (let i = 0; i < 12; i++) word()
  const next = () => word() / 4_294_967_296
  const rng: Rng = {
    next,
    int: (min, max) => min + Math.floor(next() * (max - min + 1)),
    chance: (probability) => next() < probability,
    pick: (list) => list[Math.floor(next() * list.length)]!,
    weighed(weights) {
      const entries = Object.entries(weights) as [keyof typeof weights, number][]
      let left = next() * entries.reduce((sum, [, weight]) => sum + weight, 0)
      for (const [name, weight] of entries) {
        left -= weight
        if (left < 0) return name
      }
      return entries[0]![0]
    },
    bytes(count) {
      const bytes = new Uint8Array(count)
      for (let at = 0; at < count; at += 4) {
        const random = word()
        for (let i = at; i < Math.min(count, at + 4); i++) bytes[i] = random >>> (8 * (i - at))
      }
      return bytes
    },
  }
  return rng
}

function fnv(text: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return hash | 0
}
