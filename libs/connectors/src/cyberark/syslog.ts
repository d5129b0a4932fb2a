import { UnreadableRecord, type JsonObject } from '@catena/domain'

/** Members of a CEF extension as the vault's translator names them. */
const CEF_NAMES = namesOf({
  act: 'Action', suser: 'Issuer', fname: 'File', shost: 'Station', src: 'Station', dhost: 'GatewayStation',
  duser: 'TargetUser', reason: 'Reason', msg: 'Message', rt: 'ReceiptTime',
}) // prettier-ignore

/** Labels of the custom members. */
const LABELS = namesOf({
  'affected user name': 'TargetUser',
  'safe name': 'Safe',
  'device type': 'DeviceType',
  'other info': 'ExtraDetails',
  'request id': 'RequestId',
  'ticket id': 'TicketId',
})

const LEEF_NAMES = namesOf({
  action: 'Action', act: 'Action', usrName: 'Issuer', suser: 'Issuer', src: 'Station', devTime: 'ReceiptTime', sev: 'Severity',
}) // prettier-ignore

/** A record may name a member like one that every object has. */
function namesOf(names: Readonly<Record<string, string>>): ReadonlyMap<string, string> {
  return new Map(Object.entries(names))
}

/** `CEF:0|vendor|product|version|code|name|severity|extension`, with `\|` and `\\` in the head. */
export function parseCef(text: string): JsonObject {
  const [head, extension] = headOf(text, 7)
  const members = cefMembers(extension)
  const named: JsonObject = {}
  for (const [name, value] of Object.entries(members)) {
    const label = members[`${name}Label`]?.toLowerCase()
    const known = label === undefined ? CEF_NAMES.get(name) : LABELS.get(label)
    if (known !== undefined && value !== '') named[known] ??= value
  }
  return { format: 'cef', audit_record: { ...titled(head), ...named } }
}

/** `LEEF:1.0|vendor|product|version|code|` and members parted by tabs. */
export function parseLeef(text: string): JsonObject {
  const [head, extension] = headOf(text, 5)
  const named: JsonObject = {}
  for (const member of extension.split('\t')) {
    const at = member.indexOf('=')
    const name = member.slice(0, Math.max(at, 0)).trim()
    if (name !== '' && at < member.length - 1) named[LEEF_NAMES.get(name) ?? name] ??= member.slice(at + 1)
  }
  return { format: 'leef', audit_record: { ...titled(head), ...named } }
}

function titled([, vendor, product, version, code, name, severity]: readonly string[]): JsonObject {
  const title = { Vendor: vendor, Product: product, Version: version, MessageID: code, Desc: name, Severity: severity }
  return Object.fromEntries(Object.entries(title).filter(([, value]) => value !== undefined && value !== ''))
}

function headOf(text: string, parts: number): [string[], string] {
  const head: string[] = []
  let from = 0
  for (let at = 0; at < text.length && head.length < parts; at++) {
    if (text[at] === '\\') at++
    else if (text[at] === '|') {
      head.push(text.slice(from, at).replace(/\\([\\|])/g, '$1'))
      from = at + 1
    }
  }
  if (head.length < parts) throw new UnreadableRecord('a CEF or LEEF head that ends too early')
  return [head, text.slice(from)]
}

/** `name=value` parted by blanks; a value may hold blanks, and `=` where a backslash stands before it or quotes around. */
const MEMBER = /(?:^| )([A-Za-z][A-Za-z0-9_.-]{0,60})=(?=("?))/g

function cefMembers(extension: string): Record<string, string> {
  const starts = [...extension.matchAll(MEMBER)].map((match) => ({
    name: match[1] ?? '',
    at: match.index,
    from: match.index + match[0].length,
  }))
  const members: Record<string, string> = {}
  for (const [index, { name, from }] of starts.entries()) {
    const value = extension.slice(from, starts[index + 1]?.at ?? extension.length).trim()
    members[name] ??= unquoted(value)
  }
  return members
}

function unquoted(value: string): string {
  const inner = value.length > 1 && value.startsWith('"') && value.endsWith('"') ? value.slice(1, -1) : value
  return inner.replace(/\\([\\=|])/g, '$1')
}
