import type { AsOf } from '@catena/access-chain'
import type { AccessReader, CredentialEntry } from '@catena/projections'

/** Credentials read at once. */
const PAGE = 500

/** As people write it: mount and path, without the verbs of an API. */
export function nameOf({ containerName, path }: Pick<CredentialEntry, 'containerName' | 'path'>): string {
  return `${containerName ?? ''}${path}`
}

/**
 * `exact`: the term is the credential's path, also as an API path (`secret/data/x`, `/v1/secret/data/x`).
 * `parts`: the term is the end of its path at a slash; else any part of it.
 */
export async function findCredentials(
  reader: AccessReader,
  asOf: AsOf,
  term: string,
): Promise<{ exact: CredentialEntry[]; parts: CredentialEntry[] }> {
  const byId = await reader.credential(asOf, term)
  if (byId !== undefined) return { exact: [byId], parts: [] }
  const path = term.replace(/^\/?v1\//, '').replace(/^\//, '')
  const found = new Map<string, CredentialEntry>()
  for (const search of [path, ...withoutApiVerb(path)]) {
    for await (const entry of namesWith(reader, asOf, search)) found.set(entry.id, entry)
  }
  const all = [...found.values()]
  const exact = all.filter((entry) => spellings(entry).includes(path))
  const ends = all.filter((entry) => spellings(entry).some((name) => name.endsWith(`/${path}`)))
  return {
    exact,
    parts: ends.length > 0 ? ends : all.filter((entry) => nameOf(entry).toLowerCase().includes(path.toLowerCase())),
  }
}

/** All of them: the one that is meant may come behind many that only hold its name. */
async function* namesWith(reader: AccessReader, asOf: AsOf, search: string): AsyncGenerator<CredentialEntry> {
  for (let after: readonly string[] | undefined; ;) {
    const page = await reader.credentials(asOf, { search }, { limit: PAGE, after })
    for (const { item } of page.items) yield item
    after = page.items.at(-1)?.place
    if (!page.hasMore || after === undefined) return
  }
}

function spellings({ containerName = '', path }: CredentialEntry): string[] {
  return [`${containerName}${path}`, `${containerName}data/${path}`, `${containerName}metadata/${path}`]
}

/** The path with each `data/` or `metadata/` left out in turn. */
function withoutApiVerb(path: string): string[] {
  return [...path.matchAll(/(?<=\/)(?:meta)?data\//g)].map(
    (match) => path.slice(0, match.index) + path.slice(match.index + match[0].length),
  )
}
