import type { Request } from 'express'

/** Where this process listens. Never from the Host header, which a client writes. */
export function originOf({ socket }: Pick<Request, 'socket'>, host: string): string {
  const isEncrypted = 'encrypted' in socket && socket.encrypted === true
  return `${isEncrypted ? 'https' : 'http'}://${host.includes(':') ? `[${host}]` : host}:${socket.localPort ?? 0}`
}

/** A path of this server; anything that could lead elsewhere is the first page. */
export function pathWithin(to: unknown): string {
  return typeof to === 'string' && /^\/(?![/\\])[\x21-\x7e]*$/.test(to) ? to : '/'
}

/** Did a page of this server send it? Browsers say where a request comes from; what says nothing is no browser. */
export function isOwnPage({ headers }: Pick<Request, 'headers'>, origin: string): boolean {
  const { origin: from } = headers
  const site = headers['sec-fetch-site']
  if (from !== undefined && from !== 'null') return from === origin
  return from === undefined && (site === undefined || site === 'same-origin' || site === 'none')
}
