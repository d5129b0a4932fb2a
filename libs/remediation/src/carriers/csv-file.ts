import { appendFile, mkdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { formatInstant, notAFormula } from '@catena/domain'
import { OutsideFailed, type ReceiverSettings } from '@catena/platform'
import type { OrderSlip } from '../action.js'
import type { Receiver } from './carrier.js'

const COLUMNS = ['id', 'campaign', 'outcome', 'accessor', 'system', 'path', 'due', 'why'] as const

/** Hands orders to people: a line each in `remediation-orders.csv` of the folder (RFC 4180). After a crash a line can stand there twice, with one id. */
export function csvFileReceiver({ id, folder }: Extract<ReceiverSettings, { kind: 'csv' }>): Receiver {
  const file = join(folder, 'remediation-orders.csv')
  return {
    id,
    handOver: async (slip) => {
      try {
        await mkdir(folder, { recursive: true })
        const isNew = (await stat(file).catch(() => undefined)) === undefined
        await appendFile(file, `${isNew ? `${COLUMNS.join(',')}\r\n` : ''}${lineOf(slip)}\r\n`, { mode: 0o600 })
      } catch (error) {
        throw new OutsideFailed(`${file} cannot be written: ${(error as NodeJS.ErrnoException).code ?? 'unknown reason'}`)
      }
      return `written to ${file}`
    },
  }
} // prettier-ignore

function lineOf(slip: OrderSlip): string {
  const { id, campaign, outcome, accessor, system, path, dueAt, why } = slip
  return [id, campaign, outcome, accessor, system, path, formatInstant(dueAt), why].map(cell).join(',')
}

function cell(text: string): string {
  return `"${notAFormula(text).replaceAll('"', '""')}"`
}
