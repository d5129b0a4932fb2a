import type { Command } from 'commander'
import type { CliContext } from './context.js'
import { examine } from './doctor/examine.js'
import type { Advice } from './doctor/found.js'
import { lookAround } from './doctor/look.js'
import { EXIT, type ExitCode } from './exit-codes.js'
import { paperOf, runCommand } from './run-command.js'
import { dim, paint, plain, type Style } from './terminal/paint.js'

const HELP = `
It reads settings, file modes, the certificate and the database, changes nothing, and prints no secret.
What could not be looked at is listed as unknown; with --strict that counts as a risk.

Exit codes:
  0  no risk
  1  wrong use, a configuration that cannot be read, or a fault
  7  there are risks`

const STYLES: Readonly<Record<Advice['weight'], Style>> = { risk: 'red', look: 'yellow', unknown: 'magenta' }

interface Options {
  readonly json?: boolean
  readonly strict?: boolean
}

export function registerDoctor(program: Command, context: CliContext): void {
  program
    .command('doctor')
    .description('name every risky setting of this installation, and what to do about it')
    .option('--json', 'for scripts')
    .option('--strict', 'what could not be looked at counts as a risk')
    .addHelpText('after', HELP)
    .action((options: Options) => runCommand(context, () => seeDoctor(context, options)))
}

async function seeDoctor(context: CliContext, { json, strict }: Options): Promise<ExitCode> {
  const advice = examine(await lookAround(context))
  if (json === true) context.stdout.write(`${JSON.stringify({ advice }, null, 2)}\n`)
  else context.stdout.write(render(advice, context))
  const isRisky = advice.some(({ weight }) => weight === 'risk' || (strict === true && weight === 'unknown'))
  return isRisky ? EXIT.risky : EXIT.ok
}

function render(advice: readonly Advice[], context: CliContext): string {
  const paper = paperOf(context)
  const lines = advice.map(({ weight, what, todo }) =>
    paint([{ text: weight.padEnd(8), style: STYLES[weight] }, plain(`${what}. `), dim(`→ ${todo}`)], paper),
  )
  const risks = advice.filter(({ weight }) => weight === 'risk').length
  return `${[...lines, '', risks === 0 ? 'No risk found.' : `${risks} ${risks === 1 ? 'risk' : 'risks'}.`].join('\n')}\n`
}
