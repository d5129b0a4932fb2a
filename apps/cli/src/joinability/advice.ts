import type { Advice, LoginPlace, Provability, Setting } from '@catena/joinability'
import { counted } from '../terminal/numbers.js'
import { dim, plain, type Span, type Style } from '../terminal/paint.js'
import type { Branch } from '../terminal/tree.js'

export const PROVABILITY_STYLES: Readonly<Record<Provability, Style>> = {
  provable: 'green',
  inferable: 'yellow',
  impossible: 'red',
}

/** `vault auth/jwt-ci/ as ci-repo` */
export function placeWords({ source, mount, role, origin }: LoginPlace): string {
  const isNamed = role !== undefined && (origin === 'federated' || origin === 'undeclared')
  return `${source} ${mount}${isNamed ? ` as ${role}` : ''}`
}

/** One change with what it is good for; settings that are needed together stand below each other. */
export function adviceBranch({ settings, becomes, helps }: Advice): Branch {
  const gain: Span[] = [
    plain('then '),
    { text: becomes, style: PROVABILITY_STYLES[becomes] },
    plain(`, helps ${counted(helps, 'retrieval')}`),
  ]
  return { head: [{ text: 'set   ', style: 'bold' }], text: gain, branches: settings.map(settingBranch) }
}

function settingBranch({ system, where, field, value }: Setting): Branch {
  const [first = '', ...rest] = value.split('\n')
  return {
    text: [plain(`${system} ${where}: `), { text: field, style: 'bold' }, plain(` ${first}`)],
    // YAML keeps its indentation: a line of its own for each.
    branches: rest.map((line) => ({ text: [dim(line.trimStart())] })),
  }
}
