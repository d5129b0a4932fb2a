/** How names of archives end. */
const EXTENSION = '.pgcopy.gz'
const NAME = /^(events-(\d{1,15})-\d{1,15})(?:\.(\d{1,9}))?\.pgcopy\.gz$/

/** `events-1-9.pgcopy.gz`, or where other files of the range have the names before it `events-1-9.2.pgcopy.gz`. */
export function archiveName(range: string, number: number): string {
  return number === 1 ? `${range}${EXTENSION}` : `${range}.${number}${EXTENSION}`
}

export interface ArchiveName {
  /** Its first position, as it is written. */
  readonly first: string
  /** Names that are tried before its own: other files of the range had them. */
  readonly before: readonly string[]
}

/** Undefined: no archive is called so. */
export function readArchiveName(file: string): ArchiveName | undefined {
  const [, range, first, number = '1'] = NAME.exec(file) ?? []
  if (range === undefined || first === undefined) return undefined
  return { first, before: Array.from({ length: Number(number) - 1 }, (_, index) => archiveName(range, index + 1)) } // prettier-ignore
}
