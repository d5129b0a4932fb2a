import type { Command } from 'commander'
import { callApi, mustSignIn, reachApi } from './api/reach-api.js'
import type { CliContext } from './context.js'
import { CommandFailure, EXIT, type ExitCode } from './exit-codes.js'
import { runCommand } from './run-command.js'

const HELP = `
Exit codes:
  0  answered
  1  wrong use, or the answer has errors; they are in what is printed
  5  no Catena answers there`

interface Options {
  readonly url?: string
  readonly variables?: string
}

export function registerAsk(program: Command, context: CliContext): void {
  program
    .command('ask')
    .description('ask the API in GraphQL, as who is signed in')
    .argument('<query>', "e.g. '{ caller { id roles } }'")
    .option('--variables <json>', 'of the query')
    .option('--url <url>', 'where Catena answers (default: the one of this data folder, or CATENA_URL)')
    .addHelpText('after', HELP)
    .action((query: string, options: Options) => runCommand(context, () => ask(context, query, options)))
}

async function ask(context: CliContext, query: string, { url, variables }: Options): Promise<ExitCode> {
  const api = await reachApi(context, url)
  const response = await callApi(api, '/graphql', { query, variables: variablesOf(variables) })
  if (response.status === 401) throw mustSignIn(api, context.env)
  const answer = (await response.json().catch(() => ({ errors: [{ message: `status ${response.status}` }] }))) as {
    errors?: unknown
  }
  context.stdout.write(`${JSON.stringify(answer, null, 2)}\n`)
  return answer.errors === undefined ? EXIT.ok : EXIT.failed
}

function variablesOf(text: string | undefined): unknown {
  try {
    return text === undefined ? {} : JSON.parse(text)
  } catch {
    throw new CommandFailure('--variables wants JSON')
  }
}
