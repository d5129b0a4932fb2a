import { readFile } from 'node:fs/promises'
import type { Socket } from 'node:net'
import pg from 'pg'

/** Of a database URL: the file that holds the password. A parameter of ours; no server and no driver sees it. */
const PARAMETER = 'password_file'

/** The same URL, with its password in a file. */
export function withPasswordFile(databaseUrl: string, file: string): string {
  const url = new URL(databaseUrl)
  url.searchParams.set(PARAMETER, file)
  return url.toString()
}

export function passwordFileOf(databaseUrl: string): string | undefined {
  return URL.canParse(databaseUrl) ? (new URL(databaseUrl).searchParams.get(PARAMETER) ?? undefined) : undefined
}

export function withoutPasswordFile(databaseUrl: string): string {
  if (passwordFileOf(databaseUrl) === undefined) return databaseUrl
  const url = new URL(databaseUrl)
  url.searchParams.delete(PARAMETER)
  return url.toString()
}

/** Reads the password at each new connection, so that an exchanged one needs no restart. Connections that are open stay so. */
export class PasswordFileClient extends pg.Client {
  constructor(config: pg.ClientConfig & { readonly passwordFile?: string | undefined } = {}) {
    super(config)
    const { passwordFile } = config
    // The driver loses its own option where there is a URL; this is where it looks when the server asks.
    if (passwordFile !== undefined) Object.assign(this, { password: () => this.passwordIn(passwordFile) })
  }

  private async passwordIn(file: string): Promise<string> {
    try {
      return (await readFile(file, 'utf8')).trim()
    } catch (error) {
      // The server would wait for it for a minute, with the connection open.
      const { connection } = this as unknown as { readonly connection: { readonly stream: Socket } }
      connection.stream.destroy()
      throw error
    }
  }
}
