import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'

type Environment = Readonly<Record<string, string | undefined>>

/** Where logins of this person are kept, readable by nobody else: `{"https://catena.example": "catena_login_…"}`. */
export function loginsFile(env: Environment): string {
  return join(env['XDG_CONFIG_HOME'] || join(env['HOME'] ?? homedir(), '.config'), 'catena', 'logins.json')
}

export async function readLogins(env: Environment): Promise<Readonly<Record<string, string>>> {
  const text = await readFile(loginsFile(env), 'utf8').catch(() => '{}')
  const logins = JSON.parse(text) as unknown
  return typeof logins === 'object' && logins !== null ? (logins as Record<string, string>) : {}
}

/** Undefined forgets it. Written aside and renamed, so that nobody reads half of it. */
export async function keepLogin(env: Environment, url: string, token: string | undefined): Promise<void> {
  const others = Object.fromEntries(Object.entries(await readLogins(env)).filter(([known]) => known !== url))
  const file = loginsFile(env)
  await mkdir(dirname(file), { recursive: true, mode: 0o700 })
  const kept = token === undefined ? others : { ...others, [url]: token }
  await writeFile(`${file}.new`, `${JSON.stringify(kept, null, 2)}\n`, { mode: 0o600 })
  await rename(`${file}.new`, file)
}
