import { Command } from 'commander'
import { orExplain } from '@catena/runtime'
import { endWithProcess, startDemo, type Demo } from './demo.js'
import { processContext } from './process-context.js'
import { signInLine } from './register-up.js'
import { registerTrace } from './trace.js'

export function registerDemo(program: Command): void {
  program
    .command('demo')
    .description('start everything in a throw-away folder, fed with a simulated year of an organisation')
    .option('--recording', 'feed seven minutes of a real Vault and Keycloak instead')
    .action(async ({ recording }: { recording?: boolean }) => {
      await orExplain(async () => {
        const demo = await startDemo(process.env, say, recording === true)
        endWithProcess(demo)
        await show(demo)
      })
    })
}

async function show({ organisation, running, env }: Demo): Promise<void> {
  const { term, other, incidents } = organisation
  say(`\nOne chain, as \`catena trace ${term} --limit 1\` prints it:\n`)
  await printChain(env, term)
  const trace = `CATENA_DATA=${running.instance.settings.dataFolder} npm run catena -- trace`
  if (incidents.length > 0) say('\nIncidents worth finding, and where to look:')
  for (const incident of incidents) say(`  ${incident.title}\n    ${trace} ${incident.term}`)
  say(`\nExplore: ${running.url}  (GraphiQL, with a first query to run)`)
  say(signInLine(running).trimEnd())
  say(`Trace:   ${trace} ${other}`)
  say('Ctrl-C ends the demo and removes its data.')
}

async function printChain(env: Readonly<Record<string, string | undefined>>, term: string): Promise<void> {
  const commands = new Command()
  registerTrace(commands, processContext(env))
  await commands.parseAsync(['trace', term, '--limit', '1'], { from: 'user' })
  process.exitCode = 0
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}
