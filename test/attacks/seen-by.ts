/* eslint @typescript-eslint/no-unsafe-assignment: off, @typescript-eslint/no-unsafe-member-access: off -- an answer has the shape of its query */
import type { RecordedApi } from '../../apps/api/test/recorded-api.js'

type Asked = Pick<RecordedApi, 'ask'>
type Headers = Readonly<Record<string, string>>

export interface SeenCredential {
  readonly id: string
  readonly containerName: string | null
  readonly chains: { readonly edges: readonly { readonly node: { readonly id: string } }[] }
}

/** All credentials that a caller sees. */
export function credentialsSeenBy(api: Asked, headers: Headers): Promise<SeenCredential[]> {
  return everyNode(api, 'credentials', '', '{ id containerName chains(first: 5) { edges { node { id } } } }', headers)
}

/** Ids of all requests that a caller sees under a filter; `filter` begins with a comma, or is empty. */
export async function requestsSeenBy(api: Asked, headers: Headers, filter = ''): Promise<string[]> {
  const asked = `, filter: { retrievalsOnly: false ${filter} }`
  return (await everyNode<{ id: string }>(api, 'retrievals', asked, '{ id }', headers)).map(({ id }) => id)
}

/** All pages of a list of the evidence, whose arguments beside the paging are `more`. */
async function everyNode<T>(api: Asked, list: string, more: string, selection: string, headers: Headers): Promise<T[]> {
  const found: T[] = []
  for (let after = ''; ;) {
    const { data, errors } = await api.ask(
      `{ evidence { ${list}(first: 50${more}${after}) { edges { node ${selection} } pageInfo { hasNextPage endCursor } } } }`,
      {},
      headers,
    )
    if (errors !== undefined) throw new Error(JSON.stringify(errors))
    const { edges, pageInfo } = data.evidence[list]
    found.push(...(edges as { node: T }[]).map(({ node }) => node))
    if (!pageInfo.hasNextPage) return found
    after = `, after: "${pageInfo.endCursor}"`
  }
}
