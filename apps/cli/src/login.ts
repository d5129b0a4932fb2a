import { PEOPLE_ROLES } from '@catena/domain'
import { Option, type Command } from 'commander'
import { signInByBrowser } from './api/browser-login.js'
import { signInByDevice } from './api/device-login.js'
import { keepLogin } from './api/logins.js'
import { callApi, mustSignIn, reachApi } from './api/reach-api.js'
import type { CliContext } from './context.js'
import { CommandFailure, EXIT, type ExitCode } from './exit-codes.js'
import { runCommand } from './run-command.js'

interface Options {
  readonly url?: string
  readonly as?: string
  readonly device?: boolean
}

export function registerLogin(program: Command, context: CliContext): void {
  program
    .command('login')
    .description('sign in: by the identity provider, or, without one, by a link for the browser that works once')
    .option('--url <url>', 'where Catena answers (default: the one of this data folder, or CATENA_URL)')
    .addOption(new Option('--as <role>', 'without an identity provider: with this role only').choices(PEOPLE_ROLES))
    .option('--device', 'on a machine without a browser: complete the login with one elsewhere')
    .action((options: Options) => runCommand(context, () => logIn(context, options)))
  program
    .command('logout')
    .description('end the session that `catena login` began')
    .option('--url <url>', 'where Catena answers')
    .action((options: Options) => runCommand(context, () => logOut(context, options)))
}

async function logIn(context: CliContext, { url, as, device }: Options): Promise<ExitCode> {
  const api = await reachApi(context, url)
  if (api.isLocal) {
    const response = await callApi(api, `/login/link${as === undefined ? '' : `?as=${encodeURIComponent(as)}`}`)
    if (response.status !== 200) throw mustSignIn(api, context.env)
    const { url: link } = (await response.json()) as { url: string }
    context.stdout.write(
      `Open this in a browser; it works once:\n  ${link}\nCommands use the token of the data folder by themselves.\n`,
    )
    return EXIT.ok
  }
  const token = device === true ? await signInByDevice(context, api.url) : await signInByBrowser(context, api.url)
  await keepLogin(context.env, api.url, token)
  context.stdout.write(`You are signed in at ${api.url}.\n`)
  return EXIT.ok
}

async function logOut(context: CliContext, { url }: Options): Promise<ExitCode> {
  const api = await reachApi(context, url)
  if (api.isLocal || api.token === undefined) throw new CommandFailure(`no login at ${api.url} is kept here`)
  await callApi(api, '/logout')
  await keepLogin(context.env, api.url, undefined)
  context.stdout.write(`You are signed out at ${api.url}.\n`)
  return EXIT.ok
}
