import { formatInstant } from '@catena/domain'
import {
  accessorName,
  contradictedItems,
  loadCampaign,
  type CampaignState,
  watchEnd,
  type ListedItem,
} from '@catena/recertification'
import type { CliContext } from '../context.js'
import { CommandFailure, EXIT, type ExitCode } from '../exit-codes.js'
import { escapeText } from '../terminal/escape.js'
import { withDesk } from './with-desk.js'

const PAGE = 500

/** What speaks against decisions of a campaign since its seal, item by item; as JSON one object a line. */
export async function listSinceSeal(context: CliContext, id: string, options: { json?: boolean }): Promise<ExitCode> {
  return withDesk(context, async (desk) => {
    const campaign = await loadCampaign(desk, id)
    if (campaign.status === 'draft') throw new CommandFailure(`there is no campaign ${id}`, EXIT.nothingFound)
    if (options.json !== true) context.stdout.write(watched(campaign))
    let after: readonly string[] | undefined
    for (;;) {
      const page = await contradictedItems(desk.pool, id, PAGE, after)
      context.stdout.write(page.map((listed) => (options.json === true ? `${JSON.stringify(told(listed))}\n` : lineOf(listed))).join(''))
      after = page.at(-1)?.place
      if (page.length < PAGE) return EXIT.ok
    }
  })
} // prettier-ignore

/** What nobody compared is not said to stand. */
function watched(campaign: CampaignState): string {
  if (!('sealedAt' in campaign)) return 'It is not sealed: what contradicts a decision is in its report.\n'
  const { watchedTo, sealedAt } = campaign
  const until = formatInstant(watchEnd(campaign))
  return `Sealed ${formatInstant(sealedAt)}. Records are compared with its decisions until ${until}${watchedTo === undefined ? '' : `; that ended at entry ${watchedTo} of the ledger`}.\n`
} // prettier-ignore

function told({ item, state }: ListedItem) {
  const { system, container, path } = item.access.credential
  return { number: item.number, item: item.id, credential: `${system} ${container}${path}`, accessor: accessorName(item.access.accessor), outcome: 'outcome' in state ? state.outcome.kind : null, sinceSeal: state.sinceSeal ?? [] }
} // prettier-ignore

function lineOf(listed: ListedItem): string {
  const { item, credential, accessor, outcome, sinceSeal } = told(listed)
  const lines = sinceSeal.map(({ at, why }) => `  ${formatInstant(at)} ${escapeText(why)}\n`)
  return `${item}  ${outcome ?? 'not decided'}: ${escapeText(accessor)} obtains ${escapeText(credential)}\n${lines.join('')}`
}
