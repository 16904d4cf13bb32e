// Composes a step of the parts that it needs: a script's first line is `-- needs: limits, sessions`, or `-- needs: nothing`.

const NEEDS = /^-- needs: ([a-z, -]+)\n/

/** What the first line of a script names. Throws when it does not say. */
function needsOf(name: string, script: string): string[] {
  const named = NEEDS.exec(script)?.[1]
  if (named === undefined) throw new Error(`${name}.lua: the first line must say what it needs`)
  return named === 'nothing' ? [] : named.split(', ')
}

/**
 * Every step behind `head` and the parts it needs, each part once and behind those that it needs itself. Throws for an
 * unknown part and for parts that need each other.
 */
export function compose<N extends string>(
  head: string,
  parts: Record<string, string>,
  steps: Record<N, string>,
): Record<N, string> {
  /** Adds what `name` needs to `found`, deepest first; `trail` are those that led here. */
  function gather(name: string, script: string, found: Set<string>, trail: string[]): void {
    for (const need of needsOf(name, script)) {
      const part = parts[need]
      if (part === undefined) throw new Error(`${name}.lua needs ${need}, which is no part`)
      if (trail.includes(need)) throw new Error(`parts need each other: ${[...trail, need].join(' → ')}`)
      if (found.has(need)) continue
      gather(need, part, found, [...trail, need])
      found.add(need)
    }
  }
  const composed = {} as Record<N, string>
  for (const name of Object.keys(steps) as N[]) {
    const needed = new Set<string>()
    gather(name, steps[name], needed, [])
    composed[name] = [head, ...[...needed].map((need) => parts[need]), steps[name]].join('\n')
  }
  return composed
}
