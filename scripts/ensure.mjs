// Makes a checkout ready: dependencies, generated code and, with --build, the build. Does only what is missing or stale.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, rmSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const OLDEST_NODE = [20, 19]
/** Comes as a dependency, where there is one for this system (docs/adr/0052-catena-brings-its-node.md). */
const OWN_NODE = join(root, 'node_modules/.bin/node')

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1])) {
  console.error(`Catena needs Node ${OLDEST_NODE.join('.')} or later; this is ${process.versions.node}`)
  process.exit(1)
}

if (isStale('node_modules/.package-lock.json', ['package-lock.json'])) {
  console.error('Installing dependencies…')
  run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'])
  if (existsSync(OWN_NODE) && spawnSync(OWN_NODE, ['--version']).status !== 0) {
    console.error(`The Node that comes with Catena does not run on this system; Node ${process.versions.node} is used`)
    rmSync(OWN_NODE)
  }
}
if (isStale('libs/ledger/src/generated/client.ts', ['prisma/schema.prisma', 'package-lock.json'])) {
  // The generator needs no schema engine, which the Prisma CLI would otherwise try to download.
  run('node', ['node_modules/prisma/build/index.js', 'generate'], {
    PRISMA_SCHEMA_ENGINE_BINARY: '/bin/true',
    CHECKPOINT_DISABLE: '1',
  })
}
if (process.argv.includes('--build') && isStale('dist/apps/cli/src/main.js', sources())) {
  console.error('Building…')
  run('node', ['node_modules/@nestjs/cli/bin/nest.js', 'build'])
  run('node', ['dist/apps/api/src/pages/build.js'])
}

function run(command, args, env = {}) {
  const { status } = spawnSync(command, args, { cwd: root, stdio: ['ignore', 2, 2], env: { ...process.env, ...env } })
  if (status !== 0) {
    console.error(`${command} ${args.join(' ')} failed`)
    process.exit(status ?? 1)
  }
}

function isStale(target, inputs) {
  const made = timeOf(target)
  return made === 0 || inputs.some((input) => timeOf(input) > made)
}

function timeOf(path) {
  const absolute = join(root, path)
  return existsSync(absolute) ? statSync(absolute).mtimeMs : 0
}

/** What the build is made of: the pages come from scripts and styles of their own. */
function isBuilt(path) {
  if (/^apps.api.client./.test(path)) return true
  return path.endsWith('.ts') && !path.endsWith('.spec.ts')
}

function sources() {
  const files = []
  const walk = (folder) => {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      const path = join(folder, entry.name)
      if (entry.isDirectory()) walk(path)
      else if (isBuilt(path)) files.push(path)
    }
  }
  for (const folder of ['apps', 'libs', 'bench', 'test/truth', 'test/controls'])
    if (existsSync(join(root, folder))) walk(folder)
  return [...files, 'tsconfig.json', 'tsconfig.build.json', 'nest-cli.json']
}
