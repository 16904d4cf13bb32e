// The floors of CONTRIBUTING.md as checks over a map of path → source; each check returns one sentence per violation.
import { dirname, join } from 'node:path/posix'
import { parseAst } from 'vitest/node'

/** Paths relative to the repository, with `/`. */
export type Files = ReadonlyMap<string, string>

const LINES_MAX = 300

/**
 * The floors of the house, from the roof down. A file may import its own room and every room on a floor below;
 * rooms that share a floor do not see each other.
 */
const FLOORS: readonly (readonly string[])[] = [
  ['functions/'],
  ['lib/wire.ts'],
  ['lib/config.ts'],
  ['lib/accounts/'],
  ['lib/codes/'],
  ['lib/delivery/'],
  ['lib/core.ts'],
  [
    'lib/providers/',
    'lib/store/homes/',
    'lib/store/redis/',
    'lib/store/sqlite/',
    'lib/scheduler/',
    'lib/users/',
    'lib/renderer/',
    'lib/reports/',
  ],
  ['lib/templates/'],
  ['lib/settings/', 'lib/steps/'],
  ['lib/passwords/'],
  ['lib/secrets/'],
  ['lib/net/'],
  ['lib/log.ts'],
  ['lib/ports/'],
  ['lib/names/'],
  ['lib/outcome/'],
  ['lib/rules/'],
  ['lib/bytes.ts', 'emails/'],
]
const ROOMS = FLOORS.flat()
const ADAPTERS = FLOORS.find((floor) => floor.includes('lib/providers/')) ?? []
const CORES = ['lib/accounts/', 'lib/codes/', 'lib/delivery/', 'lib/core.ts']
/** The only files that may name an adapter; config.ts reads the vendors' own lists of settings. */
const NAME_ADAPTERS = ['lib/wire.ts', 'functions/index.ts', 'functions/object.ts', 'functions/shape.ts']
const VENDORS = 'lib/providers/vendors.ts'

/** Rooms with a door only some may use, beside the rule of the floors. */
const DOORS: Record<string, (path: string, target: string) => boolean> = {
  ...Object.fromEntries(
    ADAPTERS.map((room) => [
      room,
      (path: string, target: string) =>
        NAME_ADAPTERS.includes(path) || (path === 'lib/config.ts' && target === VENDORS),
    ]),
  ),
  'emails/': (path) => path.startsWith('lib/renderer/'),
}

/** Packages a room is limited to; a room that is not listed may use any. */
const PACKAGES: Record<string, readonly string[]> = {
  ...Object.fromEntries([...CORES, 'lib/ports/', 'lib/rules/', 'lib/outcome/'].map((room) => [room, []])),
  'emails/': ['react', 'react-email'],
}

/** null for tools and tests, which may look everywhere; a loose file of lib/ is a room nobody planned. */
function roomOf(path: string): string | null {
  const room = ROOMS.find((one) => (one.endsWith('/') ? path.startsWith(one) : path === one))
  return room ?? (path.startsWith('lib/') ? path : null)
}

const floorOf = (room: string) => FLOORS.findIndex((floor) => floor.includes(room))

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

interface Import {
  specifier: string
  isType: boolean
}

/** Every specifier a file names: import, export … from, import() and import types. */
function imports(path: string, source: string): Import[] {
  return nodesOf(parse(path, source)).flatMap((node) => {
    if (!/^(Import(Declaration|Expression)|Export(All|Named)Declaration|TSImportType)$/.test(node.type)) return []
    if (!isNode(node.source) || typeof node.source.value !== 'string') return []
    const isType = node.type === 'TSImportType' || node.importKind === 'type' || node.exportKind === 'type'
    return [{ specifier: node.source.value, isType }]
  })
}

const specifiers = (path: string, source: string) => imports(path, source).map(({ specifier }) => specifier)

const resolved = (path: string, specifier: string) => join(dirname(path), specifier)
const packageOf = (specifier: string) =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')

/** Why the import is wrong; null when it is right. */
function objection(path: string, target: string, isType: boolean): string | null {
  const [from, to] = [roomOf(path), roomOf(target)]
  if (from === null) return to === 'functions/' && !/^(test|bench)\//.test(path) ? 'nobody imports functions/' : null
  if (to === null) return target.startsWith('lib/') ? 'it has no floor' : `${target} is a tool or a test`
  if (from === to) return null
  if (floorOf(from) === floorOf(to)) return `${from} and ${to} share a floor`
  if (floorOf(to) < floorOf(from)) return `${to} stands above ${from}`
  if (DOORS[to] && !DOORS[to](path, target)) return `${to} has a door of its own`
  if (from !== 'lib/ports/') return null
  if (!['lib/names/', 'lib/rules/'].includes(to)) return 'ports know names and rules alone'
  return isType ? null : 'ports import types alone'
}

/** Every file of the house stands on a floor, and imports only what stands below it. */
export function floors(files: Files): string[] {
  return scripts(files).flatMap(([path, source]) => {
    const room = roomOf(path)
    if (room !== null && !ROOMS.includes(room)) return [`${path}: no floor has a place for it`]
    return imports(path, source).flatMap(({ specifier, isType }) => {
      if (specifier.startsWith('.')) {
        const target = resolved(path, specifier)
        const why = objection(path, target, isType)
        return why === null ? [] : [`${path} imports ${target}: ${why}`]
      }
      const packages = room === null ? undefined : PACKAGES[room]
      if (!packages || packages.includes(packageOf(specifier))) return []
      return [`${path} imports ${specifier}: ${room} may use ${packages.join(', ') || 'no package'}`]
    })
  })
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
    .filter(([path]) => CORES.includes(roomOf(path) ?? ''))
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
