import { namespaceOf, type Activity } from '@catena/domain'
import { toldBy, type RecordedLine } from './recorded-lines.js'

/** Does it end anything by a name of this kind? */
export function isEnding(namespace: string): (line: RecordedLine) => boolean {
  return ({ activity }) => keysOf(activity, 'ends').some((key) => namespaceOf(key) === namespace)
}

export function keysOf({ groups }: Activity, verb: string, role?: string) {
  const wanted = groups.filter((group) => group.verb === verb && (role === undefined || group.role === role))
  return wanted.flatMap(({ forms }) => forms.map(({ key }) => key))
}

/** Each line once, in the first part that takes it; what none takes comes first. */
export function partsBy(
  lines: readonly RecordedLine[],
  later: readonly ((line: RecordedLine) => boolean)[],
): RecordedLine[][] {
  const numberOf = (line: RecordedLine): number => later.findIndex((takes) => takes(line)) + 1
  return [0, ...later.map((_, index) => index + 1)].map((part) => lines.filter((line) => numberOf(line) === part))
}

/** Vault's clock is ahead of the others by so much: more than the bound within which links by windows are inferences. */
const AHEAD_MS = 30_000

/** The recorded organisation with a vault whose clock is ahead, and a Keycloak that must not be silent: what may come later, and what does not come. */
export function aheadAndSilent(recorded: readonly RecordedLine[]) {
  const keycloak = new Map<unknown, RecordedLine['source']>()
  const lines = recorded.map(aheadIfVault).map((line) => withHeartbeat(line, keycloak))
  const ofKeycloak = lines.filter(({ source }) => source.kind === 'keycloak').map(({ activity }) => activity.occurredAt).sort((a, b) => a - b) // prettier-ignore
  const middle = ofKeycloak[ofKeycloak.length >> 1]!
  const isLater = ({ source, activity }: RecordedLine): boolean => source.kind === 'keycloak' && activity.occurredAt > middle // prettier-ignore
  const isMinted = ({ activity }: RecordedLine): boolean => ['federated-session', 'federated-attempt'].some((role) => keysOf(activity, 'presents', role).length > 0) // prettier-ignore
  // What shares no name with anybody's login: it says no more than that the source is there.
  const isPlain = ({ activity }: RecordedLine): boolean => ['operation', 'unclassified'].includes(activity.kind)
  const kept = lines.filter((line) => !isLater(line) || isPlain(line))
  return { kept, isLater, isMinted }
}

/** An identity provider that is silent after so many seconds. */
const HEARTBEAT_SECONDS = 20

function withHeartbeat(line: RecordedLine, known: Map<unknown, RecordedLine['source']>): RecordedLine {
  if (line.source.kind !== 'keycloak') return line
  const source = known.get(line.source) ?? { ...line.source, heartbeatSeconds: HEARTBEAT_SECONDS }
  known.set(line.source, source)
  return { ...line, source }
}

function aheadIfVault(one: RecordedLine): RecordedLine {
  if (one.source.kind !== 'vault') return one
  const line = one.line.replace(/"(time|@timestamp|token_issue_time)":"([^"]+)"/g, (_, name: string, at: string) => `"${name}":"${new Date(Date.parse(at) + AHEAD_MS).toISOString()}"`) // prettier-ignore
  return { source: one.source, line, activity: toldBy(one.source, line)! }
}
