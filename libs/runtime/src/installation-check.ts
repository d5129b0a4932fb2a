import { createHmac } from 'node:crypto'
import { ConfigurationError, connect } from '@catena/platform'

/**
 * Binds a database to the key its record ids are made with: the first process writes the check, all others must have the same key.
 * Throws ConfigurationError, because with another key every known record would be stored again as new.
 */
export async function requireSameKey(databaseUrl: string, installationKey: Buffer, keyFile: string): Promise<void> {
  const check = createHmac('sha256', installationKey).update('catena key check').digest()
  const client = await connect(databaseUrl, { applicationName: 'catena-start' })
  try {
    await client.query('INSERT INTO installation (key_check) VALUES ($1) ON CONFLICT DO NOTHING', [check])
    const { rows } = await client.query<{ key_check: Buffer }>('SELECT key_check FROM installation')
    if (rows[0]?.key_check.equals(check) === true) return
  } finally {
    await client.end()
  }
  throw new ConfigurationError(keyFile, [
    'is not the installation key of this database: set CATENA_INSTALLATION_KEY_FILE (or CATENA_DATA) to the one it was made with',
  ])
}
