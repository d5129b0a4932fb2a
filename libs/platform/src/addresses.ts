import { lookup } from 'node:dns/promises'
import { BlockList, isIP } from 'node:net'
import { fetchAt } from './pinned-fetch.js'

/** Addresses that no destination outside may have: this machine, its networks, and what cloud providers serve secrets from. */
const FORBIDDEN = new BlockList()
for (const [network, prefix] of [
  ['0.0.0.0', 8], ['10.0.0.0', 8], ['100.64.0.0', 10], ['127.0.0.0', 8], ['169.254.0.0', 16], ['172.16.0.0', 12], ['192.0.0.0', 24],
  ['192.0.2.0', 24], ['192.168.0.0', 16], ['198.18.0.0', 15], ['198.51.100.0', 24], ['203.0.113.0', 24], ['224.0.0.0', 4], ['240.0.0.0', 4],
] as const) FORBIDDEN.addSubnet(network, prefix, 'ipv4') // prettier-ignore
for (const [network, prefix] of [
  ['::', 96], ['::1', 128], ['64:ff9b::', 96], ['64:ff9b:1::', 48], ['100::', 64], ['2001:db8::', 32], ['2002::', 16], ['fc00::', 7], ['fe80::', 10], ['ff00::', 8],
] as const) FORBIDDEN.addSubnet(network, prefix, 'ipv6') // prettier-ignore

/** Serve a cloud's credentials; no destination, and no exception. */
const METADATA = new BlockList()
METADATA.addSubnet('169.254.0.0', 16, 'ipv4')
// Of Alibaba, Oracle and Azure outside the link's own network, and by IPv6 of Amazon and Google.
for (const address of ['100.100.100.200', '192.0.0.192', '168.63.129.16']) METADATA.addAddress(address, 'ipv4')
for (const address of ['fd00:ec2::254', 'fd20:ce::254']) METADATA.addAddress(address, 'ipv6')

const LOOPBACK = new BlockList()
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4')
LOOPBACK.addSubnet('0.0.0.0', 8, 'ipv4')
LOOPBACK.addAddress('::1', 'ipv6')
LOOPBACK.addAddress('::', 'ipv6')

/** A host resolves to an address that is not allowed. */
export class ForbiddenAddress extends Error {
  constructor(host: string, address: string, hint: string) {
    super(`${host} resolves to ${address}, which is ${hint}`)
    this.name = 'ForbiddenAddress'
  }
}

export type Resolve = (host: string) => Promise<readonly string[]>

const resolveAll: Resolve = async (host) => (await lookup(host, { all: true })).map(({ address }) => address)

/**
 * All addresses of a host, each of them allowed. Connect to what this returns and never resolve again: the next answer may be another.
 * Throws ForbiddenAddress, and what the resolver throws.
 */
export async function allowedAddresses(
  host: string,
  allowPrivate: boolean,
  resolve: Resolve = resolveAll,
): Promise<readonly string[]> {
  const bare = host.replace(/^\[|\]$/g, '')
  const addresses = isIP(bare) === 0 ? await resolve(bare) : [bare]
  if (addresses.length === 0) throw new Error(`${host} has no address`)
  for (const address of addresses) requireAllowed(bare, address, allowPrivate)
  return addresses
}

function requireAllowed(host: string, address: string, allowPrivate: boolean): void {
  if (isIn(METADATA, address)) throw new ForbiddenAddress(host, address, 'where clouds serve their credentials: no destination may be there') // prettier-ignore
  if (!allowPrivate && isIn(FORBIDDEN, address)) {
    throw new ForbiddenAddress(host, address, 'private: add the destination with --allow-private if that is meant')
  }
}

/** An IPv4 address that is written as IPv6 counts as itself: mapped, translated (RFC 6052), or in the form that is out of use. */
function isIn(list: BlockList, address: string): boolean {
  const family = isIP(address) === 6 ? 'ipv6' : 'ipv4'
  if (list.check(address, family)) return true
  const mapped = mappedAddress(address)
  return mapped !== undefined && list.check(mapped, 'ipv4')
}

const IPV4_IN_IPV6 = /^(?:::ffff:|64:ff9b::|::)(?:(\d+\.\d+\.\d+\.\d+)|([0-9a-f]{1,4}):([0-9a-f]{1,4}))$/

function mappedAddress(address: string): string | undefined {
  const [bare = ''] = address.split('%')
  // In its one short form, whatever the name server wrote.
  const short = isIP(bare) === 6 ? new URL(`http://[${bare}]`).hostname.slice(1, -1) : bare
  const [, dotted, first, second] = IPV4_IN_IPV6.exec(short) ?? []
  if (dotted !== undefined) return dotted
  if (first === undefined || second === undefined) return undefined
  const [high, low] = [Number.parseInt(first, 16), Number.parseInt(second, 16)]
  return [high >> 8, high & 255, low >> 8, low & 255].join('.')
}

/** Libraries spell what is absent as undefined, which `fetch` takes alike. */
type Asked = { readonly [P in keyof RequestInit]?: RequestInit[P] | undefined }

/** Is this host, as a URL writes it, where clouds serve their credentials? Names are not resolved. */
export function isMetadata(host: string): boolean {
  const bare = host.replace(/^\[|\]$/g, '')
  return (isIP(bare) !== 0 && isIn(METADATA, bare)) || /^metadata(\.google\.internal)?\.?$/i.test(bare)
}

/** Sends a question to one of the addresses that were looked at. */
export type AskAt = (addresses: readonly string[], question: Request) => Promise<Response>

/**
 * `fetch` for addresses that configuration or a provider's own description names: never to where clouds serve credentials, and to this machine
 * only where `loopback` says that the configuration meant it. Private networks are allowed: identity providers live there. The name is resolved
 * once: what was looked at is what is connected to, whatever it resolves to by then. Redirects are not followed. Throws ForbiddenAddress.
 */
export function guardedFetch(loopback: boolean, resolve: Resolve = resolveAll, ask: AskAt = fetchAt) {
  return async (input: string | URL, init?: Asked): Promise<Response> => {
    const question = new Request(input, init as RequestInit)
    const { hostname } = new URL(input)
    const addresses = await allowedAddresses(hostname, true, resolve)
    for (const address of addresses)
      if (!loopback && isIn(LOOPBACK, address))
        throw new ForbiddenAddress(hostname, address, 'this machine, and nothing there is meant')
    return ask(addresses, question)
  }
}
