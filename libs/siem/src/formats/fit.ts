import type { Instant } from '@catena/domain'
import type { FeedChain, FeedContent, FeedEvent } from '../feed/event.js'
import type { Format } from './format.js'

/** Parts that may go, bulkiest first. Never who acted, on which credential, and how it went. */
const OPTIONAL: readonly (readonly [name: string, without: (content: FeedContent) => FeedContent])[] = [
  ['chain.path.links', withChain((chain) => ({ ...chain, path: { ...chain.path, links: [] } }))],
  ['details', (content) => lacking(content, 'details')],
  ['related', (content) => lacking(content, 'related')],
  ['chain.right.policies', withChain((chain) => ({ ...chain, right: { ...chain.right, policies: [] } }))],
  ['chain', (content) => lacking(content, 'chain')],
]

function lacking(content: FeedContent, name: 'details' | 'related' | 'chain'): FeedContent {
  return Object.fromEntries(Object.entries(content).filter(([key]) => key !== name)) as unknown as FeedContent
}

function withChain(change: (chain: FeedChain) => FeedChain): (content: FeedContent) => FeedContent {
  return (content) => (content.chain === undefined ? content : { ...content, chain: change(content.chain) })
}

/** No way to make the event small enough without losing what it is about. */
export const TOO_LARGE = Symbol('too large')

/** The event in a format, in at most so many bytes: whole optional parts are left out, in a fixed order, and named. Never cut inside. */
export function fit(format: Format, event: FeedEvent, sentAt: Instant, bytesMax: number): string | typeof TOO_LARGE {
  const whole = format.render(event, sentAt)
  if (isWithin(whole, bytesMax)) return whole
  let content = event.content
  const dropped: string[] = []
  for (const [name, without] of OPTIONAL) {
    dropped.push(name)
    content = { ...without(content), dropped: [...dropped] }
    const text = format.render({ ...event, content }, sentAt)
    if (isWithin(text, bytesMax)) return text
  }
  return TOO_LARGE
}

function isWithin(text: string, bytesMax: number): boolean {
  // A UTF-16 unit takes at most three bytes of UTF-8.
  return text.length * 3 <= bytesMax || Buffer.byteLength(text) <= bytesMax
}
