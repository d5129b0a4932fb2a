import type { Named } from './state.js'

/** One line of an import: whose credential it is. */
export interface OwnerLine {
  /** Number of its line in the text, from 1. */
  readonly line: number
  /** Id of the credential, or its name (`secret/payments/stripe`). */
  readonly credential: string
  readonly system: string | undefined
  /** Key, login name or e-mail address. */
  readonly owner: string
  readonly custodians: readonly string[]
}

export interface OwnerFile {
  readonly lines: readonly OwnerLine[]
  /** One sentence for each line that cannot be read. */
  readonly problems: readonly string[]
}

/** Whom a word of the file means. */
export type FindOwner = (term: string) => Promise<readonly Named[]>

const COLUMNS = ['credential', 'owner', 'system', 'custodians'] as const

/** CSV after RFC 4180 with a header line: `credential,owner` and, where wanted, `system` and `custodians` (separated by blanks). */
export function parseOwners(text: string): OwnerFile {
  const rows = csvRows(text)
  const [header] = rows
  const names = header?.cells.map((cell) => cell.trim().toLowerCase()) ?? []
  const missing = COLUMNS.slice(0, 2).filter((name) => !names.includes(name))
  if (missing.length > 0)
    return {
      lines: [],
      problems: [`line 1: the header names no ${missing.join(' and no ')}: begin with "credential,owner"`],
    }
  const lines: OwnerLine[] = []
  const problems: string[] = []
  for (const { line, cells, isCutOff } of rows.slice(1)) {
    const cell = (name: (typeof COLUMNS)[number]): string => cells[names.indexOf(name)]?.trim() ?? ''
    if (isCutOff) problems.push(`line ${line}: a quote opens and never closes: is the file whole?`)
    else if (cells.length !== names.length)
      problems.push(`line ${line}: ${cells.length} cells where the header has ${names.length}`)
    else if (cell('credential') === '' || cell('owner') === '')
      problems.push(`line ${line}: credential and owner must both be there`)
    else
      lines.push({
        line,
        credential: cell('credential'),
        system: cell('system') || undefined,
        owner: cell('owner'),
        custodians: cell('custodians').split(/\s+/).filter(Boolean),
      })
  }
  return { lines, problems }
}

interface Row {
  readonly line: number
  readonly cells: string[]
  /** A quote opens in it and never closes: the text ends before it should. */
  readonly isCutOff: boolean
}

/** Rows that are not blank, each with the number of its first line. */
export function csvRows(text: string): Row[] {
  const rows: Row[] = []
  let cells: string[] = []
  let cell = ''
  let quoted = false
  let [line, began] = [1, 1]
  const endRow = (): void => {
    cells.push(cell)
    if (cells.some((each) => each.trim() !== '')) rows.push({ line: began, cells, isCutOff: quoted })
    ;[cells, cell, began] = [[], '', line]
  }
  for (let index = text.startsWith('\ufeff') ? 1 : 0; index < text.length; index++) {
    const character = text.charAt(index)
    if (character === '\n') line += 1
    if (quoted) {
      if (character !== '"') cell += character
      else if (text.charAt(index + 1) === '"') cell += text.charAt(index++)
      else quoted = false
    } else if (character === '"' && cell === '') quoted = true
    else if (character === ',') {
      cells.push(cell)
      cell = ''
    } else if (character === '\n') endRow()
    else if (character !== '\r') cell += character
  }
  endRow()
  return rows
}
