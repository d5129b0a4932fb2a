/** What a demo is fed with. */
export interface DemoOrganisation {
  /** One line on what it is. */
  readonly words: string
  /** Holds the files, and the `catena.yaml` of their sources. */
  readonly folder: string
  readonly files: readonly (readonly [source: string, file: string])[]
  /** A trace of it shows one proven chain. */
  readonly term: string
  /** Another term to try. */
  readonly other: string
  readonly incidents: readonly DemoIncident[]
}

export interface DemoIncident {
  readonly title: string
  /** A trace of it shows what made it one. */
  readonly term: string
}
