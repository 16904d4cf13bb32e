// Loaded before every script of ours, by `node -r`: a Node that cannot read TypeScript is told in one sentence, not by a
// stack. Runs on Node 18 and later, so it is JavaScript, and needs no package.
const { engines } = require('../package.json')

const numbers = (version) => version.match(/\d+/g).map(Number)
const [major, minor] = numbers(process.versions.node)
const [majorMin, minorMin] = numbers(engines.node)

if (major < majorMin || (major === majorMin && minor < minorMin)) {
  // Also for people who have `ignore-scripts` in their settings.
  const install = 'npm rebuild node --ignore-scripts=false'
  console.error(
    `posta needs Node ${majorMin}.${minorMin} or newer and this is ${process.versions.node}: \`${install}\` installs the Node that posta brings along, which npm scripts then use.`,
  )
  process.exit(1)
}
