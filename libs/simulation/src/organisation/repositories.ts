import { ORGANISATION, REPOSITORIES } from './names.js'
import type { MountName } from './mounts.js'

export interface Repository {
  readonly id: number
  readonly team: string
  readonly mount: MountName
  /** Jobs take roles of AWS. */
  readonly usesCloud: boolean
  name: string
  /** What it will be called from some moment on. */
  renamed?: { readonly at: number; readonly name: string }
}

/** Of twenty repositories: most map run and attempt. */
const MOUNTS_OF: readonly MountName[] = [
  ...Array<MountName>(13).fill('attempt'),
  ...(['run', 'run', 'repository', 'repository', 'repository', 'undeclared', 'attempt'] as const),
]

/** In a well-kept organisation every role maps run and attempt. */
export function repositoriesOf(teams: readonly string[], count: number, wellKept: boolean): Repository[] {
  return Array.from({ length: count }, (_, index) => ({
    ...repositoryOf(index, teams[index % teams.length] ?? ''),
    ...(wellKept ? { mount: 'attempt' as const } : {}),
  }))
}

function repositoryOf(index: number, team: string): Repository {
  const kind = REPOSITORIES[Math.floor(index / 7) % REPOSITORIES.length] ?? 'api'
  return {
    id: 50_100 + index,
    team,
    mount: MOUNTS_OF[(index * 7) % MOUNTS_OF.length] ?? 'attempt',
    usesCloud: index % 4 === 0,
    name: `${ORGANISATION}/${team}-${kind}${index < 70 ? '' : `-${index}`}`,
  }
}

/** A repository of an incident's own. */
export function ownRepository(serial: number, team: string, mount: MountName): Repository {
  return { id: 58_000 + serial, team, mount, usesCloud: false, name: `${ORGANISATION}/${team}-release-${serial}` }
}
