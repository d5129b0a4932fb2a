import { InvalidArgumentError, Option, type Command } from 'commander'
import { PRESET_NAMES } from './campaign/definition-file.js'
import { listBlocked } from './campaign/blocked.js'
import { changeCampaign, reassignItems } from './campaign/change.js'
import { defineFromFile, dryRunFromFile, type DefineOptions } from './campaign/define.js'
import { showFigures, type FiguresOptions } from './campaign/figures.js'
import { launchNow } from './campaign/launch.js'
import { reportCampaignTo, type ReportOptions } from './campaign/report.js'
import { listCampaigns, showCampaign } from './campaign/show.js'
import { listSinceSeal } from './campaign/since-seal.js'
import type { CliContext } from './context.js'
import { runCommand } from './run-command.js'
import { parseMoment } from './terminal/parse-moment.js'
import { parseTime } from './terminal/parse-time.js'

const HELP = `
A definition is a JSON file as docs/recertification.md describes it, or a preset.

Exit codes:
  0  done
  1  wrong use, a fault, or refused: the message says why
  3  there is no such campaign
  5  no database or instance can be reached`

interface By {
  readonly by?: string
}

/** `catena campaign …`: for managers and operators of an instance on this machine. */
export function registerCampaign(program: Command, context: CliContext): void {
  const campaign = program.command('campaign').description('recertification campaigns').addHelpText('after', HELP)
  registerDefinitions(campaign, context)
  registerReads(campaign, context)
  const by = (command: Command): Command => command.option('--by <name>', 'who asks for it, for the ledger; the account of this machine where absent')
  by(campaign.command('launch')).description('freeze the population now and begin')
    .argument('<definition>').argument('<cause>', 'what this run is, e.g. 2026-q2; the same one again is the same campaign')
    .action((definition: string, cause: string, { by: name }: By) => runCommand(context, () => launchNow(context, definition, cause, name)))
  by(campaign.command('extend')).description('move the end of the open stage and of all that follow').argument('<id>').argument('<days>', 'so many days', wholeNumber).argument('<why>')
    .action((id: string, days: number, why: string, { by: name }: By) => runCommand(context, () => changeCampaign(context, id, { type: 'ExtendCampaign', days, why }, name)))
  by(campaign.command('reassign')).description('give items to another person; the deadline stays').argument('<to>', 'key of the person').argument('<why>').argument('<item...>', 'ids of the items')
    .action((to: string, why: string, items: string[], { by: name }: By) => runCommand(context, () => reassignItems(context, items, to, why, name)))
  by(campaign.command('void')).description('declare it void: asked for by one person, agreed to by a second; nothing is deleted').argument('<id>').argument('<why>')
    .action((id: string, why: string, { by: name }: By) => runCommand(context, () => changeCampaign(context, id, { type: 'VoidCampaign', why }, name)))
  by(campaign.command('sign-off')).description('let what was decided be carried out').argument('<id>').argument('[reason]', 'needed where items were never decided', '')
    .action((id: string, reason: string, { by: name }: By) => runCommand(context, () => changeCampaign(context, id, { type: 'SignOff', reason }, name)))
  by(campaign.command('reiterate')).description('ask again, in a campaign of its own, what a sealed one left').argument('<id>')
    .action((id: string, { by: name }: By) => runCommand(context, () => changeCampaign(context, id, 'reiterate', name)))
} // prettier-ignore

function registerDefinitions(campaign: Command, context: CliContext): void {
  const definition = (command: Command): Command =>
    command
      .argument('[file]', 'the definition as JSON')
      .addOption(new Option('--preset <name>', 'instead of a file').choices([...PRESET_NAMES]))
      .option('--start <time>', 'of a preset: the first time of day, e.g. 2026-01-01T09:00')
      .option('--zone <zone>', 'of a preset: the time zone', 'UTC')
  definition(campaign.command('define').argument('<id>', 'its id, e.g. quarterly'))
    .description('keep a definition, or a new version of it')
    .option('--even-if-empty', 'although it would find nothing or nobody today')
    .option('--by <name>', 'who asks for it, for the ledger')
    .action((id: string, file: string | undefined, options: DefineOptions) => runCommand(context, () => defineFromFile(context, id, file, options)))
  definition(campaign.command('dry-run'))
    .description('what a campaign would ask, of whom; writes nothing')
    .option('--at <time>', 'as of this time instead of now')
    .option('--json', 'for scripts')
    .action((file: string | undefined, options: DefineOptions) => runCommand(context, () => dryRunFromFile(context, file, options)))
} // prettier-ignore

function registerReads(campaign: Command, context: CliContext): void {
  campaign.command('list').description('list them, the newest first').option('--json', 'for scripts')
    .action((options: { json?: boolean }) => runCommand(context, () => listCampaigns(context, options)))
  campaign.command('show').description('show one: where it stands, and its figures').argument('<id>').option('--json', 'for scripts')
    .action((id: string, options: { json?: boolean }) => runCommand(context, () => showCampaign(context, id, options)))
  campaign.command('blocked').description('items that nobody was eligible to review when they were frozen, or is now, with the reason').argument('<id>').option('--json', 'one object a line, for scripts')
    .action((id: string, options: { json?: boolean }) => runCommand(context, () => listBlocked(context, id, options)))
  campaign.command('since-seal').description('what speaks against its decisions that became known after its seal').argument('<id>').option('--json', 'one object a line, for scripts')
    .action((id: string, options: { json?: boolean }) => runCommand(context, () => listSinceSeal(context, id, options)))
  campaign.command('figures').description('campaigns in numbers, each and together, counted from the ledger')
    .option('--definition <id>', 'of this definition')
    .option('--from <time>', 'scheduled for that day (from its beginning, UTC) or moment, or later', parseTime)
    .option('--to <time>', 'scheduled for that day (to its end, UTC) at the latest, or before that moment', parseMoment)
    .addOption(new Option('--format <format>', 'of the figures').choices(['text', 'csv', 'json']).default('text'))
    .action((options: FiguresOptions) => runCommand(context, () => showFigures(context, options)))
  campaign.command('report').description('the report for the auditor, from the ledger').argument('<id>')
    .addOption(new Option('--format <format>', 'of the report').choices(['html', 'csv', 'json']).default('html'))
    .option('--known-at <cut>', 'as recorded up to this cut')
    .option('-o, --output <file>', 'into a file instead of the terminal')
    .action((id: string, options: ReportOptions) => runCommand(context, () => reportCampaignTo(context, id, options)))
} // prettier-ignore

function wholeNumber(text: string): number {
  const number = Number(text)
  if (Number.isInteger(number) && number > 0) return number
  throw new InvalidArgumentError('write a whole number from 1')
}
