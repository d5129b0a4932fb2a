import { realpath } from 'node:fs/promises'
import { sep } from 'node:path'

/** Does the path lead into one of the folders, all links followed? Also false where it leads nowhere. */
export async function isWithin(path: string, folders: readonly string[]): Promise<boolean> {
  const real = await realpath(path).catch(() => undefined)
  if (real === undefined) return false
  const homes = await Promise.all(folders.map((folder) => realpath(folder).catch(() => undefined)))
  return homes.some((home) => home !== undefined && real.startsWith(home.endsWith(sep) ? home : `${home}${sep}`))
}
