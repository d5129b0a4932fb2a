import { formatInstant } from '@catena/domain'
import { reportCampaign, type CampaignReport, type CampaignState } from '@catena/recertification'
import type { CliContext } from '../context.js'
import { CommandFailure, EXIT, type ExitCode } from '../exit-codes.js'
import { escapeText } from '../terminal/escape.js'
import { withDesk } from './with-desk.js'

/** One line: id, where it stands, how many items, until when. */
export function lineOf(state: CampaignState): string {
  if (state.status === 'draft') return 'no such campaign\n'
  const items = 'frozen' in state ? `, ${state.frozen.items} items` : ''
  const due = 'graceUntil' in state && state.status === 'active' ? `, decisions until ${formatInstant(state.graceUntil)}` : ''
  const why = 'why' in state ? `: ${state.why}` : ''
  return `${escapeText(state.id)}  ${state.status}${items}${due}${escapeText(why)}\n`
} // prettier-ignore

export async function listCampaigns(context: CliContext, options: { json?: boolean }): Promise<ExitCode> {
  return withDesk(context, async ({ pool }) => {
    const { rows } = await pool.query<{ state: CampaignState }>('SELECT state FROM decisions.campaign ORDER BY scheduled_for DESC, id')
    const states = rows.map(({ state }) => state)
    if (options.json === true) context.stdout.write(`${JSON.stringify(states, null, 2)}\n`)
    else context.stdout.write(states.length === 0 ? 'No campaigns.\n' : states.map(lineOf).join(''))
    return EXIT.ok
  })
} // prettier-ignore

export async function showCampaign(context: CliContext, id: string, options: { json?: boolean }): Promise<ExitCode> {
  return withDesk(context, async (desk) => {
    const report = await reportCampaign(desk, id)
    if (report === undefined) throw new CommandFailure(`there is no campaign ${id}`, EXIT.nothingFound)
    context.stdout.write(options.json === true ? `${JSON.stringify(report, null, 2)}\n` : words(report))
    return EXIT.ok
  })
}

function words({ campaign, figures, quality }: CampaignReport): string {
  const f = figures
  const signs = quality.filter((one) => one.signs.length > 0).map((one) => `  ${escapeText(one.reviewer)}: ${one.signs.join('; ')}\n`)
  return [
    lineOf(campaign),
    `  ${f.certified} certified, ${f.revoked} revoked, ${f.modified} modified, ${f.excepted} excepted, ${f.moot} moot, ${f.superseded} superseded\n`,
    `  ${f.open} open, ${f.expired} expired unreviewed, ${f.neverAssigned} without a reviewer, ${f.impeached} contradicted later\n`,
    `  ${f.votes} votes, ${f.late} late, ${f.selfReviews} self-reviews, ${f.conflictsRefused} refused for a conflict\n`,
    `  ${f.orders} remediations ordered, ${f.verified} verified, ${f.regressions} came back\n`,
    ...(signs.length === 0 ? [] : ['Signs of rubber-stamping:\n', ...signs]),
  ].join('')
} // prettier-ignore
