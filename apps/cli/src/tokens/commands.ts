import {
  listTokens,
  makeToken,
  TOKEN_ROLES,
  TOKEN_VIEW,
  tokenDecider,
  tokenStream,
  type ListedToken,
  type TokenCommand,
} from '@catena/callers'
import { isRefusal } from '@catena/domain'
import { handleCommand } from '@catena/ledger'
import { createPool, parseDurationMs } from '@catena/platform'
import { waitForView } from '@catena/projections'
import type { Instance } from '@catena/runtime'
import type { CliContext } from '../context.js'
import { CommandFailure, EXIT, type ExitCode } from '../exit-codes.js'
import { operatorOf } from '../operator.js'
import { paperOf } from '../run-command.js'
import { renderTokens } from './render.js'

const TOKENS_MAX = 10_000

export interface ListOptions {
  readonly json?: boolean
}
export interface IssueOptions {
  readonly role: string
  readonly source?: string[]
  readonly expires: string
  readonly owner?: string
  readonly by?: string
}

export async function listTokensHere(context: CliContext, { json }: ListOptions): Promise<ExitCode> {
  return withInstance(context, async (instance) => {
    const pool = createPool(instance.databaseUrl, { applicationName: 'catena-tokens', max: 1 })
    try {
      const isCurrent = await waitForView(pool, TOKEN_VIEW.name, await instance.ledger.head())
      const { items } = await listTokens(pool, undefined, { limit: TOKENS_MAX }, context.now())
      const tokens = items.map(({ item }) => item)
      context.stdout.write(
        json === true ? `${JSON.stringify(tokens.map(plain), null, 2)}\n` : renderTokens(tokens, paperOf(context)),
      )
      if (!isCurrent)
        context.stderr.write('catena: the newest tokens may be missing: no projector is at work, start `catena up`\n')
      return EXIT.ok
    } finally {
      await pool.end()
    }
  })
}

export async function issueToken(context: CliContext, name: string, options: IssueOptions): Promise<ExitCode> {
  const role = TOKEN_ROLES.find((one) => one === options.role)
  if (role === undefined) throw new CommandFailure(`--role wants one of ${TOKEN_ROLES.join(', ')}`)
  const life = parseDurationMs(options.expires)
  if (life === undefined) throw new CommandFailure('--expires wants a duration such as 90d')
  const sources = options.source ?? []
  const known = (await context.sources()).sources.map(({ id }) => id)
  const unknown = sources.filter((id) => !known.includes(id))
  if (unknown.length > 0)
    throw new CommandFailure(`unknown source ${unknown.join(', ')}: configured are ${known.join(', ')}`)
  const by = operatorOf(context, options.by)
  const { id, secret, text } = makeToken()
  return withInstance(context, async (instance) => {
    const hash = instance.callerKeys.tokenHash(secret)
    const expiresAt = context.now() + life
    // Whoever may open the database may do everything there anyway.
    const command = {
      type: 'IssueToken',
      id,
      name,
      owner: options.owner ?? by,
      roles: [role],
      sources,
      expiresAt,
      hash,
      givable: TOKEN_ROLES,
    } as const
    await decide(context, instance, id, command, by)
    context.stderr.write(
      `Token ${id}, until ${new Date(expiresAt).toISOString()}. Keep it now: it is not shown again.\n`,
    )
    context.stdout.write(`${text}\n`)
    return EXIT.ok
  })
}

export async function revokeToken(
  context: CliContext,
  id: string,
  { reason, by }: { readonly reason: string; readonly by?: string },
): Promise<ExitCode> {
  return withInstance(context, async (instance) => {
    await decide(context, instance, id, { type: 'RevokeToken', reason }, operatorOf(context, by))
    context.stdout.write(`Token ${id} is refused from now on.\n`)
    return EXIT.ok
  })
}

async function decide(
  context: CliContext,
  { ledger }: Instance,
  id: string,
  command: TokenCommand,
  actor: string,
): Promise<void> {
  const handled = await handleCommand(ledger, tokenDecider, {
    stream: tokenStream(id),
    command,
    by: { actor, at: context.now() },
  })
  if (isRefusal(handled))
    throw new CommandFailure(handled.message, handled.refused === 'NO_SUCH_TOKEN' ? EXIT.nothingFound : EXIT.failed)
}

async function withInstance(context: CliContext, work: (instance: Instance) => Promise<ExitCode>): Promise<ExitCode> {
  const instance = await context.openInstance()
  try {
    return await work(instance)
  } finally {
    await instance.close()
  }
}

function plain(token: ListedToken) {
  const time = (at: number | undefined): string | null => (at === undefined ? null : new Date(at).toISOString())
  const { issuedAt, expiresAt, lastUsedAt, revokedAt } = token
  return {
    ...token,
    issuedAt: time(issuedAt),
    expiresAt: time(expiresAt),
    lastUsedAt: time(lastUsedAt),
    revokedAt: time(revokedAt),
  }
}
