/** Does a name of a container, as a record has it, belong to one of these vaults? What names none belongs to none. Undefined: any will do. */
export function isWithinVaults(name: string | undefined, vaults: readonly string[] | undefined): boolean {
  return vaults === undefined || (name !== undefined && spellings(vaults).includes(name))
}

/** Mounts are recorded with a slash at their end, safes and projects without; people write either. */
export function spellings(vaults: readonly string[]): string[]
export function spellings(vaults: readonly string[] | undefined): string[] | undefined
export function spellings(vaults: readonly string[] | undefined): string[] | undefined {
  return vaults?.map((name) => name.replace(/\/$/, '')).flatMap((name) => [name, `${name}/`])
}
