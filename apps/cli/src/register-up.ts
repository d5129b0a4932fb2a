import type { Command } from 'commander'
import { onTermination, readSettings } from '@catena/platform'
import { orExplain } from '@catena/runtime'
import { startAll, type Running } from './up.js'

export function registerUp(program: Command): void {
  program
    .command('up')
    .description('start everything in one process: database, ingest, projector, API and worker')
    .option('--data <folder>', 'data folder (default ./.catena, or CATENA_DATA)')
    .option('--port <port>', 'port of the API (default 4600, or CATENA_PORT)')
    .action(async (options: { data?: string; port?: string }) => {
      await orExplain(async () => {
        const env = withOptions(process.env, options)
        const running = await startAll(readSettings(env), env)
        onTermination(() => running.stop())
        const sources = running.instance.configuration.sources.map(({ id }) => id)
        process.stdout.write(`Catena is up at ${running.url}\n`)
        process.stdout.write(signInLine(running))
        process.stdout.write(
          sources.length > 0
            ? `Sources: ${sources.join(', ')}\n`
            : 'No sources yet: describe them in catena.yaml (docs/configuration.md) and start again\n',
        )
      })
    })
}

/** Without an identity provider whoever started it is let in: in the browser by a link that works once, on the command line by itself. */
export function signInLine({ url, callers: { local } }: Pick<Running, 'url' | 'callers'>): string {
  return local === undefined
    ? `Sign in: ${url}/login\n`
    : `Sign in: ${url}/login/local?code=${local.make()}  (works once; \`catena login\` makes another)\n`
}

export function withOptions(
  env: Readonly<Record<string, string | undefined>>,
  options: { data?: string; port?: string },
): Record<string, string | undefined> {
  return {
    ...env,
    ...(options.data === undefined ? {} : { CATENA_DATA: options.data }),
    ...(options.port === undefined ? {} : { CATENA_PORT: options.port }),
  }
}
