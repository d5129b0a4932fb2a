import { accessorName, blockedItems, loadCampaign, whyBlocked, type ListedItem } from '@catena/recertification'
import type { CliContext } from '../context.js'
import { CommandFailure, EXIT, type ExitCode } from '../exit-codes.js'
import { escapeText } from '../terminal/escape.js'
import { withDesk } from './with-desk.js'

const PAGE = 500

/** Items of a campaign that nobody was eligible to review when they were frozen, or is now, a line each with the reason; as JSON one object a line. */
export async function listBlocked(context: CliContext, id: string, options: { json?: boolean }): Promise<ExitCode> {
  return withDesk(context, async (desk) => {
    if ((await loadCampaign(desk, id)).status === 'draft') throw new CommandFailure(`there is no campaign ${id}`, EXIT.nothingFound)
    let after: readonly string[] | undefined
    for (;;) {
      const page = await blockedItems(desk.pool, id, PAGE, after)
      context.stdout.write(page.map((listed) => (options.json === true ? `${JSON.stringify(blocked(listed))}\n` : lineOf(listed))).join(''))
      if (after === undefined && page.length === 0 && options.json !== true) context.stdout.write('Every item has somebody who may review it.\n')
      after = page.at(-1)?.place
      if (page.length < PAGE) return EXIT.ok
    }
  })
} // prettier-ignore

function blocked({ item, state }: ListedItem) {
  const { system, container, path } = item.access.credential
  return {
    number: item.number,
    item: item.id,
    credential: `${system} ${container}${path}`,
    accessor: accessorName(item.access.accessor),
    risk: item.risk,
    status: state.status,
    because: whyBlocked(item, state) ?? '',
  }
}

function lineOf(listed: ListedItem): string {
  const { item, credential, accessor, risk, status, because } = blocked(listed)
  return `${item}  ${status}, risk ${risk}: ${escapeText(accessor)} obtains ${escapeText(credential)}\n  ${escapeText(because)}\n`
}
