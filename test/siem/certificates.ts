import { makeAuthority, type Authority, type Certificate } from '@catena/testing'

export interface CollectorCertificates {
  readonly authority: Authority
  readonly server: Certificate
  /** Of whoever sends. */
  readonly client: Certificate
  /** That neither is from. */
  readonly otherAuthority: Authority
}

/** Server and client are both `collector.test`. */
export function makeCertificates(folder: string): CollectorCertificates {
  const authority = makeAuthority(folder, 'own')
  const issue = (): Certificate => authority.issue('collector.test', { names: 'DNS:collector.test' })
  return { authority, server: issue(), client: issue(), otherAuthority: makeAuthority(folder, 'other') }
}
