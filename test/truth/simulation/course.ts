import { Chance } from './chance.js'
import { Organisation, type Mount, type Origin, type Person } from './organisation.js'
import {
  audit,
  jobWebhook,
  keycloakAdmin,
  keycloakEvent,
  keycloakLine,
  runWebhook,
  type Token,
  type VaultRequest,
} from './raw.js'
import type { Behind, Held } from './held.js'
import { behindLogin, truthOfUse } from './oracle.js'
import type { Truth } from './truth.js'

const KV = { point: 'apps/secret/', type: 'kv', accessor: 'kv_1' }
const TOKEN = { point: 'auth/token/', type: 'token', accessor: 'auth_token_1' }
const SYS = { point: 'sys/', type: 'system', accessor: 'system_1' }

/** A course of work in an organisation: raw records on one side, what really happened on the other. */
export class Course {
  readonly organisation: Organisation
  readonly keycloak: string[] = []
  readonly github: string[] = []
  readonly people: Person[] = []
  readonly origins: Origin[] = []
  readonly logins: {
    readonly mount: Mount
    readonly origin: Origin | undefined
    readonly at: number
    readonly person?: Person | undefined
  }[] = []
  private readonly pending: (() => Truth)[] = []
  private readonly held: Held[] = []
  private now = Date.UTC(2026, 2, 2, 8)
  private run = 9000

  constructor(
    private readonly chance: Chance,
    steps: number,
  ) {
    this.organisation = new Organisation(chance)
    for (const name of ['ada', 'ben', 'cleo']) this.hire(name, `${name}@acme.example`, false)
    this.held.push(this.rootToken())
    const actions = [
      ...[this.signIn, this.signIn, this.startRun, this.startRun, this.logInPerson, this.logInPerson, this.logInPerson],
      ...[
        this.logInRun,
        this.logInRun,
        this.logInAccount,
        this.use,
        this.use,
        this.use,
        this.use,
        this.use,
        this.makeChild,
      ],
      ...[this.wrap, this.revoke, this.endOrigin, this.endOrigin, this.changePerson, this.disturbDevice],
    ]
    for (let step = 0; step < steps; step++) {
      this.now += chance.between(200, chance.is(0.1) ? 60_000 : 4_000)
      chance.pick(actions).call(this)
    }
    this.now += 5_000
    // Of some attempts only the end is told, so they have one.
    for (const origin of this.origins) if (origin.attempt !== undefined && origin.end === undefined) this.finish(origin)
  }

  truths(): Truth[] {
    return this.pending.map((truth) => truth())
  }

  directory(): string[] {
    return this.people
      .filter(({ deletedAt }) => deletedAt === undefined)
      .map(({ id, username, email, disabledAt }) =>
        JSON.stringify({ id, username, email, enabled: disabledAt === undefined, createdTimestamp: null }),
      )
  }

  private hire(username: string, email: string, isNew: boolean): void {
    const person = { id: this.chance.id(), username, email, entity: this.chance.id(), emailKnown: true }
    this.people.push(person)
    if (isNew) this.administer('CREATE', person)
  }

  private administer(operation: string, person: Person, representation = true): void {
    const { username, email } = person
    const stated = { username, email, enabled: person.disabledAt === undefined }
    this.tellKeycloak(
      keycloakAdmin(
        this.now + this.organisation.keycloakOffset,
        this.chance.id(),
        operation,
        person.id,
        representation ? stated : undefined,
      ),
    )
  }

  private tellKeycloak(line: string): void {
    this.keycloak.push(line, ...(this.chance.is(0.1) ? [line] : []))
  }

  private event(type: string, origin: Origin, client: string, at: number, isTold = true): void {
    const person = origin.person
    if (person === undefined || !isTold) return
    const event = {
      type,
      clientId: client,
      userId: person.id,
      sessionId: origin.key.slice('idp-session:'.length),
      details: { username: person.username, code_id: origin.key.slice('idp-session:'.length) },
    }
    const stamp = at + this.organisation.keycloakOffset
    const forms = this.chance.pick([['rest'], ['log'], ['rest', 'log']])
    if (forms.includes('rest')) this.tellKeycloak(keycloakEvent(stamp, { ...event, id: this.chance.id() }))
    if (forms.includes('log')) this.tellKeycloak(keycloakLine(stamp + 0.4, event))
  }

  private signIn(): void {
    const person = this.chance.pick(this.present())
    const isRecorded = !this.chance.is(0.06)
    const origin: Origin = {
      key: `idp-session:${this.chance.id()}`,
      start: this.now,
      person,
      isRecorded,
      endRecorded: true,
    }
    this.origins.push(origin)
    this.event('LOGIN', origin, this.chance.pick(['portal', 'vault']), this.now, isRecorded)
  }

  private present(): Person[] {
    return this.people.filter(({ deletedAt, disabledAt }) => deletedAt === undefined && disabledAt === undefined)
  }

  private startRun(): void {
    const earlier = this.origins.filter(({ attempt, end }) => attempt !== undefined && end !== undefined)
    const again = earlier.length > 0 && this.chance.is(0.3) ? this.chance.pick(earlier).attempt : undefined
    const number =
      again === undefined
        ? 1
        : 1 +
          Math.max(
            ...earlier.filter((other) => other.attempt?.run === again.run).map((other) => other.attempt?.attempt ?? 0),
          )
    if (
      again !== undefined &&
      this.origins.some((other) => other.attempt?.run === again.run && other.end === undefined)
    )
      return
    const attempt = {
      run: again?.run ?? this.run++,
      attempt: number,
      repository: again?.repository ?? this.chance.pick(this.organisation.repositories),
      start: this.now,
    }
    const mode = this.chance.pick(['all', 'all', 'all', 'started', 'jobs', 'completed', 'none'])
    const origin: Origin = {
      key: `ci-attempt:${attempt.run}/${attempt.attempt}`,
      start: this.now,
      attempt,
      isRecorded: mode !== 'none',
      endRecorded: mode === 'all' || mode === 'completed',
    }
    this.origins.push(origin)
    if (mode === 'all' || mode === 'started') this.tellRun(origin, 'requested')
    if (mode === 'all' || mode === 'jobs') this.tellJob(origin, 'queued')
    if (this.chance.is(0.05) && mode === 'all') this.forge(origin)
  }

  private tellRun({ attempt }: Origin, action: string): void {
    const offset = this.organisation.githubOffset
    if (attempt !== undefined)
      this.github.push(
        ...this.twice(runWebhook(this.chance.id(), this.now + offset, action, attempt, attempt.start + offset)),
      )
  }

  private tellJob({ attempt }: Origin, action: string): void {
    const offset = this.organisation.githubOffset
    if (attempt !== undefined)
      this.github.push(
        ...this.twice(jobWebhook(this.chance.id(), this.now + offset, action, attempt, attempt.start + offset)),
      )
  }

  private twice(line: string): string[] {
    return this.chance.is(0.1) ? [line, line] : [line]
  }

  /** A delivery that names another repository for the same attempt. */
  private forge(origin: Origin): void {
    if (origin.attempt === undefined) return
    origin.isForged = true
    this.tellRun(
      { ...origin, attempt: { ...origin.attempt, repository: { id: 666, name: 'evil/fork' } } },
      'in_progress',
    )
  }

  private endOrigin(): void {
    const alive = this.origins.filter(({ end }) => end === undefined)
    if (alive.length === 0) return
    this.finish(this.chance.pick(alive))
  }

  private finish(origin: Origin): void {
    origin.end = this.now
    if (origin.person !== undefined) this.endSession(origin)
    else if (origin.endRecorded) this.tellRun(origin, 'completed')
  }

  private endSession(origin: Origin): void {
    const { person } = origin
    if (person === undefined || !this.chance.is(0.3)) {
      this.event('LOGOUT', origin, 'portal', this.now)
      return
    }
    for (const other of this.origins) if (other.person === person) other.end ??= this.now
    this.administer('ACTION', person, false)
  }

  private logInPerson(): void {
    const mount = this.organisation.mount(this.chance.pick(['corp-sso', 'people-jwt', 'login']))
    const isMinted = mount.claims.sid !== undefined
    const usable = this.origins.filter(
      ({ person, end, isRecorded }) => person !== undefined && end === undefined && (isMinted || isRecorded),
    )
    if (usable.length === 0) return
    const origin = this.chance.pick(usable)
    const { person } = origin
    if (person === undefined || person.deletedAt !== undefined) return
    const values = {
      sid: origin.key.slice('idp-session:'.length),
      email: person.email,
      sub: person.id,
      preferred_username: person.username,
    }
    const isCallback = mount.type === 'oidc'
    const to = this.now + 40
    if (isCallback) this.event('CODE_TO_TOKEN', origin, 'vault', this.now + 20)
    this.logIn(mount, isCallback ? 'oidc/callback' : 'login', values, {
      origin,
      entity: person.entity,
      name: person.email,
      to,
      isCallback,
    })
  }

  private logInRun(): void {
    const mount = this.organisation.mount(this.chance.pick(['ci-oidc', 'ci-other']))
    const isMinted = mount.claims.run_attempt !== undefined
    const usable = this.origins.filter(
      ({ attempt, end, isRecorded, isForged }) =>
        attempt !== undefined && end === undefined && (isMinted || (isRecorded && isForged !== true)),
    )
    if (usable.length === 0) return
    const origin = this.chance.pick(usable)
    const { attempt } = origin
    if (attempt === undefined) return
    const values = {
      run_id: String(attempt.run),
      run_attempt: String(attempt.attempt),
      repository: attempt.repository.name,
      repository_id: String(attempt.repository.id),
    }
    this.logIn(mount, 'login', values, {
      origin,
      entity: `entity-${attempt.repository.id}`,
      name: attempt.repository.name,
      to: this.now + 5,
      isCallback: false,
    })
  }

  private logInAccount(): void {
    const mount = this.organisation.mount(this.chance.pick(['staff', 'contractors', 'robots']))
    const isRobot = mount.type === 'approle'
    const name = isRobot ? 'fleet' : this.chance.pick(['sam', 'ada'])
    const joined = mount.name === 'auth/staff/' && name === 'ada' ? this.people[0] : undefined
    const metadata = isRobot ? { role_name: name } : { username: name }
    const issues = this.token(
      `${mount.name.slice(5, -1)}-${name}`,
      joined?.entity ?? `entity-${mount.name}-${name}`,
      metadata,
      isRobot && this.chance.is(0.4),
    )
    this.logins.push({ mount, at: this.now, origin: undefined, person: joined })
    this.finishLogIn(
      mount,
      isRobot ? 'login' : `login/${name}`,
      issues,
      behindLogin(this, { mount, origin: undefined, at: this.now, isCallback: false, joined, account: name }),
      this.now + 5,
    )
  }

  private logIn(
    mount: Mount,
    path: string,
    values: Readonly<Record<string, string>>,
    how: { origin: Origin; entity: string; name: string; to: number; isCallback: boolean },
  ): void {
    const metadata: Record<string, string> = { role: 'any' }
    for (const [claim, field] of Object.entries(mount.claims))
      if (values[claim] !== undefined) metadata[field] = values[claim]
    const issues = this.token(`${mount.name.slice(5, -1)}-${how.name}`, how.entity, metadata, this.chance.is(0.15))
    this.logins.push({ mount, at: this.now, origin: how.origin, person: how.origin.person })
    this.finishLogIn(
      mount,
      path,
      issues,
      behindLogin(this, { mount, origin: how.origin, at: this.now, isCallback: how.isCallback }),
      how.to,
    )
  }

  private finishLogIn(mount: Mount, path: string, issues: Token, behind: Behind, to: number): void {
    const isWrapped = this.chance.is(0.08)
    const wrapping = isWrapped ? this.token('', undefined, {}, false) : undefined
    const at = { point: mount.name, type: mount.type, accessor: mount.accessor }
    const address = `10.1.0.${this.chance.between(1, 9)}`
    this.record(
      { path: `${mount.name}${path}`, operation: 'update', mount: at, address, issues, wrapping, to },
      'login',
      { token: issues, behind, handed: false, address, isClear: this.isClear, isDead: false },
    )
    this.held.push({ token: issues, behind, handed: isWrapped, address, isClear: this.isClear, isDead: false })
  }

  private token(
    displayName: string,
    entity: string | undefined,
    metadata: Record<string, string>,
    isBatch: boolean,
  ): Token {
    return {
      sent: this.chance.id(),
      accessor: isBatch ? undefined : this.chance.id(),
      displayName,
      entity,
      metadata,
      policies: ['default'],
    }
  }

  private rootToken(): Held {
    const token = { ...this.token('root', undefined, {}, false), policies: ['root'] }
    return {
      token,
      behind: behindLogin(this, 'root'),
      handed: false,
      address: '10.0.0.1',
      isClear: true,
      isDead: false,
    }
  }

  private use(): void {
    const held = this.chance.pick(this.held)
    const address = this.chance.is(0.05) ? '10.9.9.9' : held.address
    const path = 'apps/secret/data/teams/a/b/c'
    this.record(
      {
        path,
        operation: 'read',
        mount: KV,
        address,
        caller: held.token,
        isDead: held.isDead,
        answer: { metadata: { version: 3 } },
        to: this.now + 3,
      },
      'read',
      held,
    )
  }

  private makeChild(): void {
    const held = this.chance.pick(this.held)
    if (held.isDead || held.token.accessor === undefined) return
    const issues = this.token('token', held.token.entity, {}, this.chance.is(0.2))
    const path = this.chance.pick(['auth/token/create', 'auth/token/create-orphan', 'auth/token/create/deployer'])
    this.record(
      { path, operation: 'update', mount: TOKEN, address: held.address, caller: held.token, issues, to: this.now + 3 },
      'create',
      held,
    )
    this.held.push({ ...held, token: issues, handed: true, isClear: held.isClear && this.isClear, isDead: false })
  }

  /** A wrapped secret or token, opened by its bearer or through the opener's own token, and a second time in vain. */
  private wrap(): void {
    const held = this.chance.pick(this.held)
    if (held.isDead || held.token.accessor === undefined) return
    const wrapping = { ...this.token('', undefined, {}, false), policies: ['response-wrapping'] }
    const isToken = this.chance.is(0.5)
    const issues = isToken ? this.token('token', held.token.entity, {}, false) : undefined
    const [path, mount] = isToken ? ['auth/token/create', TOKEN] : ['apps/secret/data/handed', KV]
    this.record(
      {
        path,
        operation: 'update',
        mount,
        address: held.address,
        caller: held.token,
        issues,
        wrapping,
        to: this.now + 3,
      },
      'wrap',
      held,
    )
    this.now += this.chance.between(100, 5_000)
    const opener = this.chance.pick(this.held)
    const bearer: Held = {
      ...held,
      token: wrapping,
      handed: true,
      isClear: held.isClear && this.isClear,
      isDead: false,
    }
    const byOwn = this.chance.is(0.5) && !opener.isDead
    const unwrap = { path: 'sys/wrapping/unwrap', operation: 'update', mount: SYS, to: this.now + 3 }
    if (byOwn)
      this.record(
        { ...unwrap, address: opener.address, caller: opener.token, body: { token: `inner ${wrapping.sent}` } },
        'unwrap',
        opener,
      )
    else this.record({ ...unwrap, address: '10.7.7.7', caller: wrapping }, 'unwrap', bearer)
    if (this.chance.is(0.3))
      this.record({ ...unwrap, address: '10.7.7.8', caller: wrapping, isDead: true }, 'second unwrap', {
        ...bearer,
        isDead: true,
      })
    if (issues !== undefined)
      this.held.push({ ...held, token: issues, handed: true, isClear: held.isClear && this.isClear, isDead: false })
  }

  private get isClear(): boolean {
    return this.organisation.devices.some(({ clearAccessors, isOff }) => clearAccessors && !isOff)
  }

  private revoke(): void {
    const held = this.chance.pick(this.held)
    if (held.isDead || held.token.accessor === undefined) return
    this.record(
      {
        path: 'auth/token/revoke-self',
        operation: 'update',
        mount: TOKEN,
        address: held.address,
        caller: held.token,
        to: this.now + 3,
      },
      'revoke',
      held,
    )
    held.isDead = true
  }

  private changePerson(): void {
    const person = this.chance.pick(this.people)
    if (person.deletedAt !== undefined || this.present().length < 2) return
    if (this.chance.is(0.4)) {
      person.disabledAt ??= this.now
      this.administer('UPDATE', person)
      return
    }
    for (const origin of this.origins) if (origin.person === person) origin.end ??= this.now
    person.deletedAt = this.now
    this.administer('DELETE', person, false)
    this.now += 30_000
    this.hire(`${person.username}x`, this.chance.is(0.6) ? person.email : `${person.username}x@acme.example`, true)
  }

  /** One device is off for a while, or comes back with another salt. */
  private disturbDevice(): void {
    const device = this.chance.pick(this.organisation.devices)
    if (device.isOff) device.salt = this.chance.id()
    device.isOff = !device.isOff && this.organisation.devices.every((other) => !other.isOff)
  }

  private record(request: Omit<VaultRequest, 'id' | 'from'>, what: string, by: Held): void {
    const id = this.chance.id()
    const [at, isDead] = [this.now, by.isDead]
    for (const device of this.organisation.devices) audit(device, { ...request, id, from: this.now })
    // Without an accessor, or dead, a token joins only by salted names, and then what a device missed may matter.
    const isSure = by.token.accessor !== undefined && !isDead && by.isClear && this.isClear
    this.pending.push(() => truthOfUse(this, { id, what, at, address: request.address, isDead, isSure }, by))
  }
}
