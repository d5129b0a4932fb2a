/** PEM texts of a TLS connection. Certificates are always verified; there is no switch that turns that off. */
export interface TlsFiles {
  /** Authorities to trust instead of the system's. */
  readonly ca?: string
  /** Client certificate with its key. */
  readonly cert?: string
  readonly key?: string
  /** Name that the certificate must bear, where it is not the host's. */
  readonly servername?: string
}
