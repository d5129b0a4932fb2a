import type { SourceInstance } from '@catena/domain'
import type { Chance } from './chance.js'
import type { Attempt, Device } from './raw.js'

export interface Person {
  readonly id: string
  readonly username: string
  readonly entity: string
  email: string
  /** The records tell the e-mail address of every moment. */
  emailKnown: boolean
  deletedAt?: number
  disabledAt?: number
}

/** A session of a person or an attempt of a CI run. */
export interface Origin {
  readonly key: string
  readonly start: number
  end?: number
  /** Does the issuer's record of its beginning, of its end, exist? */
  readonly isRecorded: boolean
  endRecorded: boolean
  readonly person?: Person
  readonly attempt?: Attempt
  isForged?: boolean
}

export interface Mount {
  readonly name: string
  readonly type: 'oidc' | 'jwt' | 'userpass' | 'approle'
  readonly accessor: string
  /** Claim → metadata field. */
  readonly claims: Readonly<Record<string, string>>
  readonly isDeclared: boolean
}

const PEOPLE_CLAIMS = [['sid', 'email'], ['sid'], ['email'], ['sub'], ['sub', 'email'], ['preferred_username'], []]
const CI_CLAIMS = [
  ['run_id', 'run_attempt', 'repository'],
  ['run_id', 'run_attempt'],
  ['run_id'],
  ['repository'],
  ['repository_id'],
  [],
]
const OFFSETS = [0, 0, 0, 0, 0, 250, -250, 2_500, -2_500, 40_000, -40_000, 7_200_000, -7_200_000]

/** A small organisation: what its chance made of it before anything happens. */
export class Organisation {
  readonly mounts: readonly Mount[]
  readonly repositories = [
    { id: 501, name: 'acme/shop' },
    { id: 502, name: 'acme/infra' },
  ]
  readonly devices: readonly Device[]
  readonly keycloakOffset: number
  readonly githubOffset: number

  constructor(readonly chance: Chance) {
    const mapped = (claims: readonly string[]): Record<string, string> =>
      // Under a name of its own a login name reads like anything else, and redaction masks it.
      Object.fromEntries(
        claims.map((claim) => [claim, claim !== 'preferred_username' && chance.is(0.3) ? `x_${claim}` : claim]),
      )
    const mount = (name: string, type: Mount['type'], claims: readonly string[] = [], isDeclared = true): Mount => ({
      name: `auth/${name}/`,
      type,
      accessor: `auth_${type}_${chance.id().slice(0, 8)}`,
      claims: mapped(claims),
      isDeclared,
    })
    this.mounts = [
      mount('corp-sso', 'oidc', chance.pick(PEOPLE_CLAIMS)),
      mount('people-jwt', 'jwt', chance.pick(PEOPLE_CLAIMS)),
      mount('login', 'oidc', ['sid'], chance.is(0.5)),
      mount('ci-oidc', 'jwt', chance.pick(CI_CLAIMS)),
      mount('ci-other', 'jwt', chance.pick(CI_CLAIMS)),
      mount('staff', 'userpass'),
      mount('contractors', 'userpass'),
      mount('robots', 'approle'),
    ]
    const device = (clearAccessors: boolean): Device => ({ clearAccessors, salt: chance.id(), isOff: false, lines: [] })
    this.devices = [device(false), device(true)]
    this.keycloakOffset = chance.pick(OFFSETS)
    this.githubOffset = chance.pick(OFFSETS)
  }

  mount(name: string): Mount {
    const found = this.mounts.find((mount) => mount.name === `auth/${name}/`)
    if (found === undefined) throw new Error(`no mount ${name}`)
    return found
  }

  sources(): SourceInstance[] {
    const plain = { federations: [], sharedIdentities: [], gaps: [] }
    const federations = this.mounts
      .filter(({ type, isDeclared }) => isDeclared && (type === 'oidc' || type === 'jwt'))
      .map(({ name, claims }) => ({
        mount: name,
        issuer: name.includes('ci-')
          ? ({ kind: 'github', scope: 'github.com' } as const)
          : ({ kind: 'keycloak', scope: 'acme' } as const),
        claims,
      }))
    return [
      { ...plain, id: 'vault', kind: 'vault', scope: 'prod', federations, sharedIdentities: ['auth/robots/'] },
      { ...plain, id: 'keycloak', kind: 'keycloak', scope: 'acme' },
      { ...plain, id: 'github', kind: 'github', scope: 'github.com' },
    ]
  }
}
