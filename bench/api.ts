import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { deriveCallerKeys, makeToken, openCallers, tokenDecider, tokenStream, type Callers } from '@catena/callers'
import { ROLES } from '@catena/domain'
import { AccessGuard, type CallerContext } from '@catena/graphql'
import { handleCommand } from '@catena/ledger'
import { ACCESS_DEFAULTS, createLogger, systemClock } from '@catena/platform'
import { GqlExecutionContext } from '@nestjs/graphql'
import { createApi, type Api } from '../apps/api/src/create-api.js'
import { boundsOf, quantile, round } from './ledger/figures.js'
import { multiplyRecords } from './multiply.js'
import { openStage, type Stage } from './stage.js'

export const API_PAIRS = 30
const RECORDS = 20_000
const REQUESTS = 160
const AT_ONCE = 8
const QUERY =
  '{ evidence { cut retrievals(first: 5) { edges { node { id fact { kind occurredAt } path { state } actor { __typename } } } } } }'

/**
 * `open`: nobody is asked who they are, what they may do is not asked either, and nothing is recorded. `allowed`: the rules of each field are
 * asked. `known`: the caller too, by an API token. `recorded`: as it is delivered.
 */
type Variant = 'open' | 'allowed' | 'known' | 'recorded'
const VARIANTS: readonly Variant[] = ['open', 'allowed', 'known', 'recorded']
const ANYBODY = 'anybody'

interface Run {
  readonly requestsPerSecond: number
  readonly p99Ms: number
}

export interface ApiFigures {
  readonly pairs: number
  readonly variants: Readonly<Record<Variant, { readonly requestsPerSecond: number; readonly p99Ms: number }>>
  /** Share of the requests a second that each step costs: median over the rounds, and the upper bound of its 95 % confidence interval. */
  readonly cost: Readonly<
    Record<'authorization' | 'authentication' | 'readRecording', { readonly median: number; readonly upper95: number }>
  >
}

/** The same question by eight clients at once, to four APIs on one database; who begins changes from round to round. */
export async function benchApi(pairs: number): Promise<ApiFigures> {
  const file = join(tmpdir(), `catena-bench-${process.pid}.log`)
  await multiplyRecords(file, RECORDS)
  const stage = await openStage()
  const apis = new Map<Variant, { readonly api: Api; readonly url: string }>()
  unguard()
  try {
    await stage.feed(file)
    const { callers, token } = await known(stage)
    for (const variant of VARIANTS) apis.set(variant, await open(stage, variant, callers))
    const rounds: Record<Variant, Run>[] = []
    const run = (variant: Variant): Promise<Run> => measure(apis.get(variant)?.url ?? '', token)
    for (const variant of [...VARIANTS, ...VARIANTS]) await run(variant)
    for (let pair = 0; pair < pairs; pair++) {
      const runs: Partial<Record<Variant, Run>> = {}
      const order = VARIANTS.map((_, index) => VARIANTS[(index + pair) % VARIANTS.length] ?? 'open')
      for (const variant of order) runs[variant] = await run(variant)
      rounds.push(runs as Record<Variant, Run>)
    }
    return figuresOf(rounds)
  } finally {
    for (const { api } of apis.values()) await api.close()
    await stage.close()
    await rm(file, { force: true })
  }
}

async function known({ instance, reader }: Stage): Promise<{ callers: Callers; token: string }> {
  const { id, secret, text } = makeToken()
  const keys = deriveCallerKeys(Buffer.alloc(32, 1))
  const { ledger } = instance
  const callers = openCallers({
    pool: reader.pool,
    streams: ledger,
    keys,
    clock: systemClock,
    access: ACCESS_DEFAULTS,
    env: {},
    localToken: undefined,
  })
  const command = {
    type: 'IssueToken',
    id,
    name: 'bench',
    owner: 'bench',
    roles: ['auditor'],
    sources: [],
    expiresAt: Date.now() + 3_600_000,
    hash: keys.tokenHash(secret),
    givable: ['auditor'],
  } as const
  await handleCommand(ledger, tokenDecider, {
    stream: tokenStream(id),
    command,
    by: { actor: 'bench', at: Date.now() },
  })
  return { callers, token: text }
}

/** No rule is asked about `ANYBODY` any more in this process. */
function unguard(): void {
  const { prototype } = AccessGuard
  const guarded = Object.getOwnPropertyDescriptor(prototype, 'canActivate')?.value as AccessGuard['canActivate']
  prototype.canActivate = function (context) {
    const { caller } = GqlExecutionContext.create(context).getContext<CallerContext>()
    return caller.id === ANYBODY ? true : guarded.call(this, context)
  }
}

async function open(stage: Stage, variant: Variant, callers: Callers): Promise<{ api: Api; url: string }> {
  const everybody = {
    id: variant === 'open' ? ANYBODY : 'bench',
    name: 'bench',
    kind: 'person',
    roles: ROLES,
    keys: [],
  } as const
  const { instance, reader } = stage
  const api = await createApi({
    instance,
    reader,
    logger: createLogger('silent'),
    callers: {
      ...callers,
      ...(variant === 'open' || variant === 'allowed' ? { identify: () => Promise.resolve(everybody) } : {}),
      ...(variant === 'recorded' ? {} : { recordRead: () => Promise.resolve() }),
    },
  })
  return { api, url: await api.listen('127.0.0.1', 0) }
}

async function measure(url: string, token: string): Promise<Run> {
  const times: number[] = []
  let left = REQUESTS
  const client = async (): Promise<void> => {
    while (left-- > 0) {
      const began = performance.now()
      const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` }
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers,
        body: JSON.stringify({ query: QUERY }),
      })
      const answer = (await response.json()) as { errors?: unknown }
      if (answer.errors !== undefined) throw new Error(JSON.stringify(answer.errors))
      times.push(performance.now() - began)
    }
  }
  globalThis.gc?.()
  const began = performance.now()
  await Promise.all(Array.from({ length: AT_ONCE }, client))
  return { requestsPerSecond: (REQUESTS * 1000) / (performance.now() - began), p99Ms: quantile(times, 0.99) }
}

function figuresOf(rounds: readonly Record<Variant, Run>[]): ApiFigures {
  const of = (variant: Variant) => ({
    requestsPerSecond: Math.round(
      quantile(
        rounds.map((one) => one[variant].requestsPerSecond),
        0.5,
      ),
    ),
    p99Ms: round(
      quantile(
        rounds.map((one) => one[variant].p99Ms),
        0.5,
      ),
      1,
    ),
  })
  const cost = (without: Variant, withIt: Variant) =>
    boundsOf(rounds.map((one) => 1 - one[withIt].requestsPerSecond / one[without].requestsPerSecond))
  return {
    pairs: rounds.length,
    variants: { open: of('open'), allowed: of('allowed'), known: of('known'), recorded: of('recorded') },
    cost: {
      authorization: cost('open', 'allowed'),
      authentication: cost('allowed', 'known'),
      readRecording: cost('known', 'recorded'),
    },
  }
}
