import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { locked } from './locked.js'
import { fetchBy, run } from './run.js'

const VERSION = '26.4.7'
const ARTIFACT = `org.keycloak:keycloak-quarkus-dist:${VERSION}:zip`

/** A Keycloak on this machine, or why there is none. */
export type FoundKeycloak = { readonly folder: string } | { readonly missing: string }

/** KEYCLOAK_HOME, else the distribution that Maven fetches once per machine (159 MB). Needs Java 17. */
export async function findKeycloak(): Promise<FoundKeycloak> {
  if (spawnSync('java', ['-version']).status !== 0) return { missing: 'no Java: install Java 17' }
  const given = process.env['KEYCLOAK_HOME']
  if (given !== undefined) return existsSync(join(given, 'bin', 'kc.sh')) ? { folder: given } : { missing: `KEYCLOAK_HOME (${given}) is no Keycloak` } // prettier-ignore
  const cache = join(process.env['CATENA_CACHE'] ?? join(homedir(), '.cache', 'catena-test'), 'keycloak')
  const folder = join(cache, VERSION)
  mkdirSync(cache, { recursive: true })
  try {
    return await locked(cache, () => (existsSync(folder) || fetchInto(folder), { folder }))
  } catch (error) {
    return { missing: `Keycloak ${VERSION} cannot be fetched: ${(error as Error).message.slice(0, 300)}` }
  }
}

function fetchInto(folder: string): void {
  if (spawnSync('mvn', ['-v']).status !== 0) throw new Error('no Maven: install it, or set KEYCLOAK_HOME')
  const draft = `${folder}.draft`
  rmSync(draft, { recursive: true, force: true })
  mkdirSync(draft)
  fetchBy('mvn', ['-q', '-B', 'dependency:get', `-Dartifact=${ARTIFACT}`, '-Dtransitive=false'])
  fetchBy('mvn', ['-q', '-B', 'dependency:copy', `-Dartifact=${ARTIFACT}`, `-DoutputDirectory=${draft}`])
  const [archive = ''] = readdirSync(draft)
  run('unzip', ['-q', join(draft, archive), '-d', draft])
  renameSync(join(draft, `keycloak-${VERSION}`), folder)
  rmSync(draft, { recursive: true })
}
