// Runs every property test with seeds that nobody has tried: `npm run explore -- 20`. Stops at the first that fails and says how to repeat it.
import { spawnSync } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const rounds = Number(process.argv[2] ?? 5)
if (!Number.isInteger(rounds) || rounds < 1) throw new Error('how many seeds? npm run explore -- 20')

const files = ['libs', 'apps', 'test'].flatMap((folder) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((path) => join(folder, path)),
)
const drawing = files.filter(
  (path) =>
    path.endsWith('.ts') &&
    path !== join('test', 'property-seed.ts') &&
    readFileSync(path, 'utf8').includes("from 'fast-check'"),
)
const node = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning']
const jest = [...node, 'node_modules/jest/bin/jest.js', '--silent', '--findRelatedTests', ...drawing]

for (let round = 1; round <= rounds; round++) {
  const seed = String(randomInt(2 ** 31))
  const env = { ...process.env, CATENA_SEED: seed }
  const { status, stderr } = spawnSync(process.execPath, jest, { env, encoding: 'utf8' })
  if (status !== 0) throw new Error(`${stderr}\nRepeat it with CATENA_SEED=${seed} npm test -- <the spec that failed>`)
  process.stdout.write(`${round}/${rounds}: seed ${seed} holds\n`)
}
