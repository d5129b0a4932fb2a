import { NAMESPACES, namespaceOf, scopeOf, valueOf, type Activity, type Instant, type Key } from '@catena/domain'
import { timeNear } from '../terminal/numbers.js'
import type { FoundChain } from './find-chains.js'

/** Names and times as one chain shows them: persons by login instead of id, times without the day of the retrieval. */
export interface Naming {
  key(key: Key): string
  time(instant: Instant): string
  /** A sentence of the walk, with its keys and times made readable. */
  sentence(words: string): string
}

const KEY = new RegExp(`\\b(?:${Object.keys(NAMESPACES).join('|')}):[^\\s:]+:[^\\s,()]+`, 'g')
const TIME = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g

export function namingOf({ chain, hops }: FoundChain): Naming {
  const persons = personNames([chain.fact, ...hops.values()])
  const key = (one: Key): string => keyName(one, persons)
  const time = (instant: Instant): string => timeNear(instant, chain.fact.occurredAt)
  const sentence = (words: string): string =>
    words.replace(KEY, (text) => key(text as Key)).replace(TIME, (text) => time(Date.parse(text)))
  return { key, time, sentence }
}

function keyName(key: Key, persons: ReadonlyMap<Key, string>): string {
  if (namespaceOf(key) === 'person') return `${persons.get(key) ?? valueOf(key)} (${scopeOf(key)})`
  if (namespaceOf(key) === 'repository-name') return valueOf(key)
  return `${nounOf(key)} ${shortened(valueOf(key))}`
}

function nounOf(key: Key): string {
  return namespaceOf(key) === 'idp-session' ? 'session' : NAMESPACES[namespaceOf(key)].noun
}

/** A hashed value is too long to read and too short of meaning to keep; its start tells it from others. */
export function shortened(value: string): string {
  return value.replace(/^(hmac(?:-sha256)?:.{8}).+$/, '$1…')
}

function personNames(facts: readonly Activity[]): Map<Key, string> {
  const names = new Map<Key, string>()
  for (const { groups, attributes } of facts) {
    const name = attributes['username'] ?? attributes['initiator']
    for (const group of groups.filter(({ role }) => role === 'person' || role === 'initiator'))
      for (const { key } of group.forms) if (typeof name === 'string') names.set(key, name)
  }
  return names
}

/** The clear name of a token where the records show one. */
export function tokenOf(fact: Activity | undefined, key: Key | undefined): string | undefined {
  const forms = fact?.groups.find(({ role }) => role === 'caller')?.forms.map((form) => form.key) ?? []
  const clear = [...forms, ...(key === undefined ? [] : [key])].map(valueOf).find((value) => !value.startsWith('hmac'))
  if (clear !== undefined) return clear
  return key === undefined ? undefined : shortened(valueOf(key))
}
