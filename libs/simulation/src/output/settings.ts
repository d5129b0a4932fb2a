import { PROVIDER } from '../records/aws.js'
import { FILES, type Loss } from '../records/journal.js'
import { SOURCES, type SourceId } from '../options.js'
import { CLUSTER } from '../doings/cluster.js'
import { STAFF_PROVIDER } from '../organisation/agents.js'
import { MOUNTS, SHARED_ACCOUNTS, type Mount } from '../organisation/mounts.js'
import { AGENTS, ORGANISATION, TICKETS, VAULT } from '../organisation/names.js'

/** What Catena is told about the organisation's sources: who trusts whom, what is shared, what is lost. */
export interface SourceSettings {
  readonly id: SourceId
  readonly kind: string
  readonly scope: string
  readonly heartbeat_s: number
  readonly federations: readonly FederationSettings[]
  readonly shared_identities: readonly string[]
  readonly gaps: readonly { readonly from: string; readonly to: string }[]
}

interface FederationSettings {
  readonly mount: string
  readonly issuer: string
  readonly claims: Readonly<Record<string, string>>
  readonly max_session_s?: number
}

const KINDS: Readonly<Record<SourceId, readonly [kind: string, scope: string]>> = {
  vault: ['vault', VAULT],
  keycloak: ['keycloak', ORGANISATION],
  github: ['github', 'github.com'],
  aws: ['aws-cloudtrail', ORGANISATION],
  kubernetes: ['kubernetes', CLUSTER],
  okta: ['okta', ORGANISATION],
  agents: ['cloudevents', AGENTS],
  tickets: ['cloudevents', TICKETS],
}

/** A quiet weekend of a small organisation is no silence. */
const HEARTBEAT_S = 86_400

export function settingsOf(loss: Loss | undefined, skewMs: number): SourceSettings[] {
  return SOURCES.map((id) => {
    const [kind, scope] = KINDS[id]
    return {
      id,
      kind,
      scope,
      heartbeat_s: HEARTBEAT_S,
      federations: federationsOf(id),
      shared_identities: id === 'vault' ? ['auth/approle/', ...SHARED_ACCOUNTS.map((name) => `auth/userpass/login/${name}`)] : [], // prettier-ignore
      gaps: loss?.source === id ? [gapOf(loss, skewMs)] : [],
    }
  })
}

/** By the source's own clock. */
function gapOf({ source, from, to }: Loss, skewMs: number): { from: string; to: string } {
  const ahead = source === 'keycloak' ? skewMs : source === 'github' ? -skewMs : 0
  return { from: new Date(from + ahead).toISOString(), to: new Date(to + ahead).toISOString() }
}

function federationsOf(id: SourceId): FederationSettings[] {
  if (id === 'aws') {
    const claims = { repository: 'subject.repo', run_id: 'subject.run_id', run_attempt: 'subject.run_attempt' }
    return [{ mount: `${PROVIDER}/`, issuer: 'github:github.com', claims }]
  }
  if (id === 'agents') return [{ mount: STAFF_PROVIDER, issuer: `keycloak:${ORGANISATION}`, claims: { sid: 'sid', sub: 'sub' }, max_session_s: 36_000 }] // prettier-ignore
  return id === 'vault' ? Object.values<Mount>(MOUNTS).flatMap(federationOf) : []
}

function federationOf({ point, issuer, claims, isDeclared }: Mount): FederationSettings[] {
  if (issuer === undefined || !isDeclared) return []
  const mapped = Object.fromEntries(claims.map((claim) => [claim, claim]))
  const isPeople = issuer !== 'github'
  return [{ mount: point, issuer: isPeople ? `${issuer}:${ORGANISATION}` : 'github:github.com', claims: mapped, ...(isPeople ? { max_session_s: 36_000 } : {}) }] // prettier-ignore
}

/** `manifest.json`: files, sources and federations, as the recordings have it. */
export function manifestOf(settings: readonly SourceSettings[], files: readonly string[]): string {
  const sources = settings.map((source) => ({
    ...source,
    files: Object.entries(FILES)
      .filter(([file, id]) => id === source.id && files.includes(file))
      .map(([path]) => ({ path })),
  }))
  return JSON.stringify({ name: 'Marlin Works', simulated: files, truth: 'truth.jsonl', incidents: 'incidents.jsonl', administration: 'administration.jsonl', sources }, undefined, 1) // prettier-ignore
}

/** `catena.yaml`: the same for Catena. */
export function yamlOf(settings: readonly SourceSettings[]): string {
  return `# A simulated organisation: one Vault cluster, one Keycloak realm and one Okta organisation for people, one GitHub organisation, one AWS account, one\n# Kubernetes cluster, one runtime of AI agents, one ticket system.\nsources:\n${settings.map(sourceYaml).join('')}`
}

function sourceYaml({ id, kind, scope, heartbeat_s, federations, shared_identities, gaps }: SourceSettings): string {
  const lines = [
    `  - id: ${id}`,
    `    kind: ${kind}`,
    `    scope: ${scope}`,
    `    heartbeat: ${heartbeat_s}`,
    ...(federations.length === 0 ? [] : ['    federations:', ...federations.flatMap(federationYaml)]),
    ...(shared_identities.length === 0 ? [] : [`    shared_identities: [${shared_identities.join(', ')}]`]),
    ...(gaps.length === 0 ? [] : [`    gaps: [${gaps.map(({ from, to }) => `{ from: ${from}, to: ${to} }`).join(', ')}]`]), // prettier-ignore
  ]
  return `${lines.join('\n')}\n`
}

function federationYaml({ mount, issuer, claims, max_session_s }: FederationSettings): string[] {
  const mapped = Object.entries(claims).map(([claim, field]) => `${claim}: ${field}`)
  return [
    `      - mount: ${mount}`,
    `        issuer: ${issuer}`,
    `        claims: { ${mapped.join(', ')} }`,
    ...(max_session_s === undefined ? [] : [`        session_max: ${max_session_s}`]),
  ]
}
