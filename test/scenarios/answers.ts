/* eslint @typescript-eslint/no-unsafe-assignment: off, @typescript-eslint/no-unsafe-member-access: off, @typescript-eslint/no-unsafe-call: off, @typescript-eslint/no-unsafe-return: off, @typescript-eslint/no-explicit-any: off -- an answer has the shape of its query */
import { iso } from './acts.js'
import type { Played } from './playing.js'
import { AUDITOR, type Decision, type Secret } from './story.js'

export interface Judged {
  /** CONTROLLED, EXCEPTION, UNCONTROLLED, UNKNOWN, or `not asked` where the control does not apply. */
  readonly verdict: string
  readonly reason: string
  readonly witnesses: readonly number[]
}

const NOT_ASKED: Judged = { verdict: 'not asked', reason: '', witnesses: [] }

/** What an auditor is told of a story that was played. */
export class Answers {
  constructor(private readonly played: () => Played) {}

  /** What one control says of a credential on a date. */
  async judged(control: string, secret: Pick<Secret, 'id'>, on: number): Promise<Judged> {
    const of = await this.ofCredential(secret, `verdict(on: "${iso(on)}") { controls { control verdict reason witnesses } }`) // prettier-ignore
    const found = of?.verdict?.controls.find((one: any) => one.control === control)
    return found === undefined ? NOT_ASKED : { ...found, witnesses: found.witnesses.map(Number) }
  }

  async verdict(control: string, secret: Pick<Secret, 'id'>, on: number): Promise<string> {
    return (await this.judged(control, secret, on)).verdict
  }

  /** The same at each of several moments. */
  async verdicts(control: string, secret: Pick<Secret, 'id'>, ...moments: readonly number[]): Promise<string[]> {
    const all: string[] = []
    for (const on of moments) all.push(await this.verdict(control, secret, on))
    return all
  }

  /** The finding that Catena recorded by itself, as of now. */
  async finding(control: string, { id }: Pick<Secret, 'id'>): Promise<any> {
    const { findings } = await this.evidence(`findings(filter: { credential: "${id}", control: "${control}" }) { edges { node { state severity reason positions episode } } }`) // prettier-ignore
    return findings.edges[0]?.node
  }

  /** When what was recorded of its verdict became another, the oldest first. */
  async changes(control: string, secret: Pick<Secret, 'id'>): Promise<any[]> {
    const { verdictChanges } = await this.ofCredential(secret, `verdictChanges(control: "${control}", first: 50) { edges { node { from to cause reason positions } } }`) // prettier-ignore
    return verdictChanges.edges.map(({ node }: any) => node).reverse()
  }

  async inventory(secret: Pick<Secret, 'id'>, on: number): Promise<any> {
    const { inventory } = await this.ofCredential(secret, `inventory(on: "${iso(on)}") { kind issuance sharedObserved sharedDeclared environment environmentsSeen purpose scope privilegedBy versionsSeen lastRotation ageDays ageAtLeast lastUse locations { kind place basis version residual } extractors { name kind } reach { workloads agents people declared } wouldBreak { complete copies consumers { name kind } } }`) // prettier-ignore
    return inventory
  }

  async clocks(secret: Pick<Secret, 'id'>, on: number): Promise<any[]> {
    const { revocationClocks } = await this.ofCredential(secret, `revocationClocks(on: "${iso(on)}") { trigger name at endedAt hoursOpen usesSince newSources }`) // prettier-ignore
    return revocationClocks
  }

  async sharedUses(secret: Pick<Secret, 'id'>, on: number): Promise<any[]> {
    const { sharedUses } = await this.ofCredential(secret, `sharedUses(on: "${iso(on)}") { accessor preventedByDefault limitedInTime justified approved individualConfirmed attributable }`) // prettier-ignore
    return sharedUses
  }

  /** Undefined where nothing of that id is known. */
  async ofCredential({ id }: Pick<Secret, 'id'>, selection: string): Promise<any> {
    return (await this.evidence(`credential(id: "${id}") { ${selection} }`)).credential
  }

  /** Of the whole organisation. */
  async root(selection: string): Promise<any> {
    return this.played().ask(AUDITOR, `{ ${selection} }`)
  }

  async evidence(selection: string): Promise<any> {
    return (await this.played().ask(AUDITOR, `{ evidence { ${selection} } }`)).evidence
  }

  async positionsOf(text: string): Promise<number[]> {
    return this.played().positionsOf(text)
  }

  /** The newest chain of a credential. */
  async chains(secret: Pick<Secret, 'id'>, selection: string): Promise<any[]> {
    const { chains } = await this.ofCredential(secret, `chains(first: 50) { edges { node { ${selection} } } }`)
    return chains.edges.map(({ node }: any) => node)
  }
}

/** The rule that refused it. */
export function refusalOf({ answer }: Decision): string | undefined {
  return answer?.code
}
