import type { SourceInstance, SourceKind } from '@catena/domain'
import type { KafkaTopic } from '@catena/ingest'

/** Topics and the kinds of sources whose records they carry. */
export const TOPICS: readonly { readonly topic: string; readonly kinds: readonly SourceKind[] }[] = [
  { topic: 'catena.vault', kinds: ['vault', 'cyberark', 'onepassword'] },
  { topic: 'catena.idp', kinds: ['keycloak', 'okta', 'entra', 'teleport', 'spire'] },
  { topic: 'catena.ci', kinds: ['github', 'gitlab'] },
  { topic: 'catena.cloud', kinds: ['aws-cloudtrail', 'kubernetes', 'azure-key-vault', 'google-cloud'] },
  { topic: 'catena.events', kinds: ['cloudevents'] },
]

/** Where a topic can carry records of one configured source only, its messages need no header. */
export function topicsFor(sources: readonly SourceInstance[]): KafkaTopic[] {
  return TOPICS.map(({ topic, kinds }) => {
    const fitting = sources.filter((source) => kinds.includes(source.kind))
    return fitting.length === 1 && fitting[0] !== undefined ? { topic, defaultSource: fitting[0].id } : { topic }
  })
}
