import type { Connector } from '@catena/domain'
import { parseObject } from '../parsing.js'
import { identifyGitlab } from './identify.js'
import { interpretGitlab } from './interpret.js'
import { redactGitlab } from './redact.js'

/** GitLab: webhooks and audit events of one host. */
export const gitlab: Connector = {
  kind: 'gitlab',
  version: 4,
  redactionVersion: 3,
  parse: parseObject,
  identify: identifyGitlab,
  redact: redactGitlab,
  interpret: interpretGitlab,
}
