import type { AsOf } from '@catena/access-chain'
import type { AccessReader, CredentialEntry } from '@catena/projections'
import { describe, expect, it } from '@jest/globals'
import { findCredentials, nameOf } from './credential-names.js'

const AS_OF = {} as AsOf

/** A reader of credentials by name, page by page in their order, as the read model has them. */
function readerOf(paths: readonly string[]): AccessReader {
  const all = [...paths].sort().map((path) => ({ id: path, containerName: 'secret/', path }) as CredentialEntry)
  return {
    credential: () => Promise.resolve(undefined),
    credentials: (_: AsOf, { search = '' }: { search?: string }, { limit, after }: { limit: number; after?: readonly string[] }) => {
      const rest = all.filter((one) => nameOf(one).includes(search) && (after === undefined || one.path > (after[0] ?? '')))
      const items = rest.slice(0, limit).map((item) => ({ item, place: [item.path] }))
      return Promise.resolve({ items, hasMore: rest.length > limit })
    },
  } as unknown as AccessReader
} // prettier-ignore

describe('a term for a credential', () => {
  it('means the one whose path ends in it, however many only hold it in their names', async () => {
    const others = Array.from({ length: 1200 }, (_, n) => `batch/app-${String(n).padStart(4, '0')}`)
    const reader = readerOf([...others, 'team/app'])
    expect((await findCredentials(reader, AS_OF, 'app')).parts.map(nameOf)).toEqual(['secret/team/app'])
    expect((await findCredentials(reader, AS_OF, 'secret/team/app')).exact.map(nameOf)).toEqual(['secret/team/app'])
    expect((await findCredentials(reader, AS_OF, 'app-')).parts).toHaveLength(1200)
  })
})
