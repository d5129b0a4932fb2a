import { Command } from 'commander'
import { orExplain } from '@catena/runtime'
import { DEMO_TERM, endWithProcess, startDemo } from './demo.js'
import { processContext } from './process-context.js'
import { signInLine } from './register-up.js'
import { registerTrace } from './trace.js'

export function registerDemo(program: Command): void {
  program
    .command('demo')
    .description('start everything in a throw-away folder, fed with a recorded organisation')
    .action(async () => {
      await orExplain(async () => {
        const demo = await startDemo(process.env, say)
        endWithProcess(demo)
        say(`\nOne chain of ${DEMO_TERM}, as \`catena trace ${DEMO_TERM} --limit 1\` prints it:\n`)
        await printChain(demo.env)
        say(`\nExplore: ${demo.running.url}  (GraphiQL, with a first query to run)`)
        say(signInLine(demo.running).trimEnd())
        say(
          `Trace:   CATENA_DATA=${demo.running.instance.settings.dataFolder} npm run catena -- trace secret/payments/stripe`,
        )
        say('Ctrl-C ends the demo and removes its data.')
      })
    })
}

async function printChain(env: Readonly<Record<string, string | undefined>>): Promise<void> {
  const commands = new Command()
  registerTrace(commands, processContext(env))
  await commands.parseAsync(['trace', DEMO_TERM, '--limit', '1'], { from: 'user' })
  process.exitCode = 0
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}
