/** The line that tells of a lease's end. */
export const REVOKED = 'revoked lease'

/** About a lease that was to end and did not; nobody has read more out of them yet. */
const ENDS_THAT_FAILED = ['failed to revoke lease', 'lease revocation failed']

/** What no audit device writes down: the vault opened, closed, or made a root token. */
export const UNAUDITED: ReadonlySet<string> = new Set([
  'security barrier initialized',
  'vault is unsealed',
  'vault is sealed',
  'marked as sealed',
  'root token generated',
  'root generation initialized',
  'root generation finished',
  'recovery token generation finished',
  'recovery operation token generation finished',
  'rekey initialized',
])

/** Messages that are told apart; they hold no value of their own, so they are stored as they are. All others are masked. */
export const TOLD_MESSAGES: ReadonlySet<string> = new Set([REVOKED, ...ENDS_THAT_FAILED, ...UNAUDITED])

/**
 * Modules that keep house: mounts, storage, clustering, indexes. What plugins write (`auth.…`, `secrets.…`) is not among them: nobody
 * knows what they tell.
 */
const HOUSEKEEPING =
  /^server\.(?:log|banner|(?:activity|agent|audit|cluster|config|core|events|expiration|http|identity|license|listener|namespaces?|physical|plugins?|policy|quotas?|raft|replication|rollback|seal|service_registration|snapshots?|storage|system|telemetry|token|ui)(?:\.[\w.-]+)?)$/

/** Is a line with nothing to tell apart in it known to be no word on access? A message that is told apart is stored in clear. */
export function isHousekeeping(type: string, message: string | undefined): boolean {
  return HOUSEKEEPING.test(type) && (message === undefined || !TOLD_MESSAGES.has(message))
}

/** Members of the server's start-up banner; Vault's and OpenBao's are alike. */
const BANNER =
  /^\s*(?:==> (?:Vault|OpenBao) |(?:Administrative Namespace|Api Address|Cgo|Cluster Address|Environment Variables|Experiments|Go Version|HA Storage|Listener \d{1,3}|Log Level|Mlock|Recovery Mode|Seal Type|Storage|Version|Version Sha):)/

export function isBanner(line: string): boolean {
  return BANNER.test(line)
}
