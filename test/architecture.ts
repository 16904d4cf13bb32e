// The layers of CONTRIBUTING.md as checks over a map of path → source; each check returns one sentence per violation.
import { dirname, join } from 'node:path/posix'
import { parseAst } from 'vitest/node'

/** Paths relative to the repository, with `/`. */
export type Files = ReadonlyMap<string, string>

const LINES_MAX = 300

type Layer =
  | 'functions'
  | 'emails'
  | 'core'
  | 'ports'
  | 'adapter'
  | 'wire'
  | 'kernel'
  /** Tools and tests, which may look everywhere. */
  | 'outside'

const ADAPTERS = /^lib\/(store|scheduler|users|providers|renderer)\//
const ENTRY = 'functions/index.ts'
const WIRE = 'lib/wire.ts'

/** What each layer may import besides itself. npm packages are `PACKAGES`' business. */
const MAY_IMPORT: Record<Exclude<Layer, 'outside'>, readonly Layer[]> = {
  functions: ['core', 'ports', 'kernel', 'wire'],
  core: ['ports', 'kernel'],
  ports: [],
  adapter: ['ports', 'kernel'],
  kernel: ['ports'],
  wire: ['core', 'ports', 'adapter', 'kernel'],
  emails: [],
}

/** Packages a layer is limited to; a layer that is not listed may use any. */
const PACKAGES: Partial<Record<Layer, readonly string[]>> = { core: [], ports: [], emails: ['react', 'react-email'] }

function layerOf(path: string): Layer {
  if (path === WIRE) return 'wire'
  if (path.startsWith('functions/')) return 'functions'
  if (path.startsWith('emails/')) return 'emails'
  if (/^lib\/(core\.ts$|accounts\/|codes\/|delivery\/)/.test(path)) return 'core'
  if (path.startsWith('lib/ports/')) return 'ports'
  if (ADAPTERS.test(path)) return 'adapter'
  return path.startsWith('lib/') ? 'kernel' : 'outside'
}

interface Node {
  type: string
  [field: string]: unknown
}

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'

function nodesOf(value: unknown, found: Node[] = []): Node[] {
  if (Array.isArray(value)) for (const item of value) nodesOf(item, found)
  else if (isNode(value)) {
    found.push(value)
    for (const field of Object.values(value)) if (typeof field === 'object') nodesOf(field, found)
  }
  return found
}

const cache = new Map<string, Node>()

function parse(path: string, source: string): Node {
  const key = `${path}\n${source}`
  const known = cache.get(key)
  if (known) return known
  const program: unknown = parseAst(source, { lang: path.endsWith('.tsx') ? 'tsx' : 'ts' })
  if (!isNode(program)) throw new Error(`${path} did not parse`)
  cache.set(key, program)
  return program
}

const isScript = (path: string) => /\.tsx?$/.test(path)
const scripts = (files: Files) => [...files].filter(([path]) => isScript(path))
const nameOf = (node: unknown): string | null => (isNode(node) && typeof node.name === 'string' ? node.name : null)

/** Every specifier a file names: import, export … from, import() and import types. */
function specifiers(path: string, source: string): string[] {
  return nodesOf(parse(path, source)).flatMap((node) => {
    if (!/^(Import(Declaration|Expression)|Export(All|Named)Declaration|TSImportType)$/.test(node.type)) return []
    return isNode(node.source) && typeof node.source.value === 'string' ? [node.source.value] : []
  })
}

const resolved = (path: string, specifier: string) => join(dirname(path), specifier)
const packageOf = (specifier: string) =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')

function mayImport(path: string, target: string): boolean {
  const [from, to] = [layerOf(path), layerOf(target)]
  if (from === 'outside') return to !== 'functions' || /^(test|bench)\//.test(path)
  if (from === 'adapter' && to === 'adapter') return ADAPTERS.exec(path)?.[1] === ADAPTERS.exec(target)?.[1]
  if (from === 'adapter' && to === 'emails') return path.startsWith('lib/renderer/')
  if (path === ENTRY && to === 'adapter') return true
  return from === to || MAY_IMPORT[from].includes(to)
}

export function layers(files: Files): string[] {
  return scripts(files).flatMap(([path, source]) =>
    specifiers(path, source).flatMap((specifier) => {
      if (!specifier.startsWith('.')) {
        const packages = PACKAGES[layerOf(path)]
        if (!packages || packages.includes(packageOf(specifier))) return []
        return [`${path} imports ${specifier}: ${layerOf(path)} may use ${packages.join(', ') || 'no package'}`]
      }
      const target = resolved(path, specifier)
      return mayImport(path, target)
        ? []
        : [
            `${path} imports ${target}: ${layerOf(path)} must not know ${layerOf(path) === layerOf(target) ? 'another one' : layerOf(target)}`,
          ]
    }),
  )
}

/** Each cycle once, written from its alphabetically first file on. */
export function cycles(files: Files): string[] {
  const graph = new Map(
    scripts(files).map(([path, source]) => {
      const targets = specifiers(path, source).filter((specifier) => specifier.startsWith('.'))
      return [path, targets.map((specifier) => resolved(path, specifier)).filter((target) => files.has(target))]
    }),
  )
  const found = new Set<string>()
  const done = new Set<string>()
  const visit = (path: string, trail: string[]) => {
    const start = trail.indexOf(path)
    if (start >= 0) {
      const loop = trail.slice(start)
      const first = loop.indexOf([...loop].sort()[0] ?? '')
      found.add([...loop.slice(first), ...loop.slice(0, first), loop[first]].join(' → '))
    } else if (!done.has(path)) {
      for (const target of graph.get(path) ?? []) visit(target, [...trail, path])
      done.add(path)
    }
  }
  for (const path of graph.keys()) visit(path, [])
  return [...found].map((loop) => `import cycle: ${loop}`)
}

const IMPURE_MEMBERS: Record<string, RegExp> = {
  Date: /^now$/,
  Math: /^random$/,
  crypto: /^(randomUUID|getRandomValues)$/,
  performance: /^now$/,
  globalThis: /^(Date|Math|crypto|performance|fetch|setTimeout|setInterval)$/,
}
const IMPURE_CALLS = /^(fetch|setTimeout|setInterval|Date)$/

function impurity(node: Node): string | null {
  if (node.type === 'MemberExpression') {
    const [object, property] = [nameOf(node.object) ?? '', nameOf(node.property) ?? '']
    return IMPURE_MEMBERS[object]?.test(property) ? `${object}.${property}` : null
  }
  if (node.type === 'NewExpression' && nameOf(node.callee) === 'Date') {
    return Array.isArray(node.arguments) && node.arguments.length === 0 ? 'new Date()' : null
  }
  if (node.type === 'CallExpression' && IMPURE_CALLS.test(nameOf(node.callee) ?? '')) return `${nameOf(node.callee)}()`
  if (node.type === 'VariableDeclarator') {
    const name = nameOf(node.init) ?? ''
    return name in IMPURE_MEMBERS || IMPURE_CALLS.test(name) ? `${name} by another name` : null
  }
  return null
}

/** The core is handed time, randomness and the network; it never reaches for them. */
export function purity(files: Files): string[] {
  return scripts(files)
    .filter(([path]) => layerOf(path) === 'core')
    .flatMap(([path, source]) =>
      nodesOf(parse(path, source)).flatMap((node) => {
        const what = impurity(node)
        return what === null ? [] : [`${path} uses ${what}: take it as an argument`]
      }),
    )
}

export function sizes(files: Files): string[] {
  return [...files].flatMap(([path, source]) => {
    const lines = source.split('\n').length - (source.endsWith('\n') ? 1 : 0)
    return lines > LINES_MAX ? [`${path} has ${lines} lines: ${LINES_MAX} at most`] : []
  })
}

const VAGUE = /^(common|((.*[-_.])?(utils?|helpers?|managers?)))$/i

export function names(files: Files): string[] {
  return [...files.keys()].flatMap((path) => {
    const vague = path.split('/').find((part) => VAGUE.test(part.replace(/(\.test)?\.(tsx?|lua)$/, '')))
    return vague === undefined ? [] : [`${path}: ${vague} says nothing; name it for what it does`]
  })
}

/** A file of nothing but imports and re-exports. */
export function barrels(files: Files): string[] {
  return scripts(files).flatMap(([path, source]) => {
    const { body } = parse(path, source)
    const statements = Array.isArray(body) ? body.filter(isNode) : []
    const passesOn = (node: Node) =>
      node.type === 'ExportAllDeclaration' || (node.type === 'ExportNamedDeclaration' && !node.declaration)
    const idle = statements.every((node) => passesOn(node) || node.type === 'ImportDeclaration')
    return idle && statements.some(passesOn) ? [`${path} only re-exports: import from the file itself`] : []
  })
}

export function mocks(files: Files): string[] {
  return scripts(files).flatMap(([path, source]) =>
    nodesOf(parse(path, source)).flatMap((node) => {
      if (node.type !== 'MemberExpression' || nameOf(node.object) !== 'vi') return []
      const property = nameOf(node.property) ?? ''
      return /^(do)?mock$/i.test(property)
        ? [`${path} uses vi.${property}: pass a small real implementation instead`]
        : []
    }),
  )
}
