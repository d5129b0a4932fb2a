import type { Connector } from '@catena/domain'
import { parseObject } from '../parsing.js'
import { identifyRow } from './identify.js'
import { interpretRow } from './interpret.js'
import { redactRow } from './redact.js'

/** A directory that comes as a file: people, and workloads with their sponsors. */
export const directoryCsv: Connector = {
  kind: 'directory-csv',
  version: 4,
  redactionVersion: 2,
  parse: parseObject,
  identify: identifyRow,
  redact: redactRow,
  interpret: interpretRow,
}
