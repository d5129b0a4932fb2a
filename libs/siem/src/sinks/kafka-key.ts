import type { FeedContent } from '../feed/event.js'

/** The key of a message: the credential, so that one credential's events stay in order; what is about none goes by its source. */
export function kafkaKey({ credential, source }: Pick<FeedContent, 'credential' | 'source'>): string {
  if (credential === undefined) return source
  return credential.id ?? `${credential.system}/${credential.container ?? ''}${credential.path}`
}
