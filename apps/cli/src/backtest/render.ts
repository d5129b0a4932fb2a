import { formatInstant } from '@catena/domain'
import type { Backtest, Firing, Trial } from '@catena/governance'
import { dim, paint, plain, type Paper } from '../terminal/paint.js'

/** What was found of one credential. */
export interface Tried extends Backtest {
  readonly credential: string
  readonly name: string
}

/** Records named behind one firing. */
const WITNESSES_SHOWN = 5

export function renderBacktest({ control, values, from, to }: Trial, tried: readonly Tried[], paper: Paper): string {
  const set = Object.entries(values).map(([name, value]) => ` ${name}=${value}`)
  const head = paint(
    [{ text: control.id, style: 'bold' }, plain(set.join('')), dim(` from ${formatInstant(from)} to ${formatInstant(to)}`)],
    paper,
  ) // prettier-ignore
  const fired = tried.filter(({ firings }) => firings.length > 0)
  const blind = tried.filter(({ firings, looks }) => firings.length === 0 && looks.unknown > 0).length
  const summary = `It would have fired on ${fired.length} of ${tried.length} credentials. Of ${blind} others it is not known for some or all of the time.`
  const short = tried.filter(({ lookedTo }) => lookedTo < to).map(({ name, lookedTo }) => `${name}: looked at only up to ${formatInstant(lookedTo)}.`) // prettier-ignore
  return `${[head, ...fired.flatMap((one) => renderTried(one, paper)), ...short, summary].join('\n')}\n`
}

function renderTried({ name, firings }: Tried, paper: Paper): string[] {
  return [name, ...firings.map((firing) => renderFiring(firing, paper))]
}

function renderFiring({ since, until, passedAt, reason, witnesses }: Firing, paper: Paper): string {
  const begun = passedAt === undefined ? `before or at ${formatInstant(since)}` : formatInstant(since)
  const ended = until === undefined ? 'still at the end' : formatInstant(until)
  const named = witnesses.slice(0, WITNESSES_SHOWN).map((position) => `#${position}`)
  const more = witnesses.length > named.length ? ` +${witnesses.length - named.length}` : ''
  return `  ${begun} – ${ended}: ${reason}${paint([dim(named.length === 0 ? '' : ` [${named.join(' ')}${more}]`)], paper)}`
}
