import { formatMinute, htmlText as text } from '@catena/domain'
import type { CampaignReport } from './campaign-report.js'
import { accessorKeys, accessorName } from '../population/identity.js'
import type { ItemFacts } from './item-facts.js'
import { percent, SAMPLE_MIN, type ReviewQuality } from './quality.js'
import { wholePercent } from './whole-percent.js'
import type { ReportFigures } from '../campaign/facts.js'

const STYLE = `body{font:15px/1.5 system-ui,sans-serif;color:#1c2430;max-width:72rem;margin:2rem auto;padding:0 1.5rem}
h1{font-size:1.7rem;margin-bottom:.2rem}h2{font-size:1.15rem;margin-top:2.2rem;border-bottom:1px solid #d5dae1;padding-bottom:.3rem}
table{border-collapse:collapse;width:100%;font-size:.88rem}th,td{text-align:left;vertical-align:top;padding:.35rem .6rem;border-bottom:1px solid #e5e8ec}
th{color:#56606e;font-weight:600}th.n,td.n{text-align:right;font-variant-numeric:tabular-nums;width:1%;white-space:nowrap}td{overflow-wrap:anywhere}td.w{white-space:nowrap}
.pairs th{width:15rem}.big{display:flex;flex-wrap:wrap;gap:1rem;margin:1rem 0}
.big div{border:1px solid #d5dae1;border-radius:8px;padding:.6rem 1rem;min-width:7.5rem}.big b{display:block;font-size:1.5rem}
.bad{color:#a3261b}.note{color:#56606e}code{font-size:.82rem;word-break:break-all}tr{break-inside:avoid}`

/** Everything before the items. A page of its own: no script, nothing fetched. The exact times are in the ledger and in the report as JSON. */
export function htmlHead(report: CampaignReport): string {
  const { campaign, figures, quality, position } = report
  const title = text(campaign.definition.name)
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>${title}</title><style>${STYLE}</style></head><body>
<h1>${title}</h1><p class="note">Campaign <code>${text(campaign.id)}</code>, ${text(campaign.status)}, as recorded up to entry ${position} of the ledger.</p>
${tiles(figures)}${asked(report)}${figureTable(figures)}${complete(report)}${reviewers(quality)}${steps(report)}
<h2>Items</h2><p>Evidence is named as #123: the number of an entry in the ledger, of the newest that the item rests on, with the SHA-256 of all that was frozen of it. Who may read evidence opens an entry in the API:
<code>evidence { records(positions: [123]) { … } }</code>.</p><table><thead><tr><th class="n">#</th><th>Credential</th><th>Accessor</th><th>Chain</th><th>Recommended</th><th>Outcome</th><th>Decided by, and why</th><th>Evidence</th></tr></thead><tbody>
`
}

export function htmlRow({ item, state, votes }: ItemFacts): string {
  const { access, recommendation, number } = item
  const { system, container, path } = access.credential
  const outcome = 'outcome' in state ? state.outcome.kind : state.status
  const said = votes.map(({ reviewer, decision, reason, isLate, at }) => `${text(reviewer)} ${decision.kind}, ${formatMinute(at)}${isLate ? ' (late)' : ''}: ${text(reason) || '—'}`)
  const adopted = state.adoptedFrom === undefined ? [] : [`as decided on the same access in ${text(state.adoptedFrom.campaign)}`]
  const changed = state.changedSince === undefined ? '' : `<br><span class="bad">changed since the freeze: ${text(state.changedSince.join('; '))}</span>`
  const commented = (state.comments ?? []).map(({ by, at, text: words }) => `${text(by)} commented, ${formatMinute(at)}: ${text(words)}`)
  return `<tr><td class="n">${number}</td><td>${text(`${system} ${container}${path}`)}</td><td>${text(accessorName(access.accessor))}<br><span class="note">${text(accessorKeys(access.accessor).join(' '))}</span></td><td class="w">${access.chain}</td>
<td>${recommendation.decision}<br><span class="note">${text(recommendation.reason)}</span>${changed}</td><td>${text(outcome)}${state.isImpeached ? ' <span class="bad">impeached</span>' : ''}</td><td>${[...said, ...adopted, ...commented].join('<br>')}</td><td>${evidenceOf(item)}</td></tr>
`
} // prettier-ignore

function evidenceOf({ access, evidenceHash }: ItemFacts['item']): string {
  const named = access.evidence.map((position) => `#${position}`).join(' ')
  return `${named || '<span class="note">nothing is recorded</span>'}<br><code>${evidenceHash}</code>`
}

export const HTML_FOOT = '</tbody></table></body></html>\n'

function tiles(of: ReportFigures): string {
  const answered = of.items - of.expired - of.open
  const tile = (label: string, value: string, isBad = false): string => `<div><b${isBad ? ' class="bad"' : ''}>${value}</b>${label}</div>`
  return `<div class="big">${tile('items', String(of.items))}${tile('covered', of.items === 0 ? 'none' : `${wholePercent(answered / of.items)} %`, answered < of.items)}${tile('revoked', String(of.revoked))}
${tile('expired unreviewed', String(of.expired), of.expired > 0)}${tile('self-reviews', String(of.selfReviews), of.selfReviews > 0)}${tile('regressions', String(of.regressions), of.regressions > 0)}</div>`
} // prettier-ignore

function asked({ campaign }: CampaignReport): string {
  const frozen = 'frozen' in campaign ? campaign.frozen : undefined
  const rows: [string, string][] = [
    ['Scope', campaign.definition.scope],
    ['Definition', `${campaign.definitionId}, version ${campaign.definitionVersion}`],
    ['Begun because of', campaign.cause],
    ...(frozen === undefined ? [] : [
      ['Population', `${plural(frozen.items, 'item')} at entry ${frozen.position}, ${formatMinute(frozen.at)}; ${frozen.uncertain} in doubt, ${frozen.blocked} without an eligible reviewer`] as [string, string],
      ['Hash of the scope', frozen.scopeHash] as [string, string],
      ['Hash of the population', frozen.hash] as [string, string],
      ...campaign.supplements.map(({ items, position, hash }): [string, string] => ['Supplement', `${plural(items, 'item')} at entry ${position}, ${hash}`]),
    ]),
    ...('stages' in campaign ? campaign.stages.map(({ name, opensAt, dueAt }): [string, string] => [`Stage ${name}`, `${formatMinute(opensAt)} to ${formatMinute(dueAt)}`]) : []),
  ] // prettier-ignore
  return `<h2>What was asked</h2>${pairs(rows)}`
}

function complete({ campaign }: CampaignReport): string {
  if (!('frozen' in campaign)) return ''
  const { certificate } = campaign.frozen
  const caveats = certificate.caveats.map((caveat) => `<li class="bad">${text(caveat)}</li>`).join('')
  const rows = certificate.sources.map(({ source, stored, quarantined, lastHeardAt, gaps }) =>
    `<tr><td>${text(source)}</td><td class="n">${stored}</td><td class="n">${quarantined}</td><td>${lastHeardAt === undefined ? 'never' : formatMinute(lastHeardAt)}</td><td class="n">${gaps.length}</td></tr>`) // prettier-ignore
  return `<h2>How complete the records were</h2>${caveats === '' ? '<p>No source was late, silent or had gaps.</p>' : `<ul>${caveats}</ul>`}
<table><thead><tr><th>Source</th><th class="n">Stored</th><th class="n">In quarantine</th><th>Last heard</th><th class="n">Gaps</th></tr></thead><tbody>${rows.join('')}</tbody></table>`
}

function figureTable(of: ReportFigures): string {
  const days =
    of.medianToVerifiedMs === undefined
      ? 'no time, as nothing is verified'
      : `${(of.medianToVerifiedMs / 86_400_000).toFixed(1)} days`
  return `<h2>What it came to</h2>${pairs([
    ['Outcomes', `${of.certified} certified, ${of.revoked} revoked, ${of.modified} modified, ${of.excepted} excepted, ${of.moot} moot, ${of.superseded} superseded, ${of.expired} expired unreviewed, ${of.open} open`],
    ['Votes', `${of.votes}; ${of.late} late, ${of.afterLeaving} after the reviewer had left`],
    ['Independence', `${of.selfReviews} self-reviews; ${of.conflictsRefused} tries refused, ${of.conflictsFound} conflicts found later`],
    ['Contradicted by later records', String(of.impeached)],
    ['Remediation', `${of.orders} ordered, ${of.verified} verified from the ledger, median ${days}; ${of.regressions} came back`],
  ])}` // prettier-ignore
}

function reviewers(quality: readonly ReviewQuality[]): string {
  if (quality.length === 0) return '<h2>Reviewers</h2><p>Nobody has decided anything.</p>'
  const rows = quality.map((one) => `<tr><td>${text(one.reviewer)}</td><td class="n">${one.decisions}</td><td class="n">${one.secondsPerItem ?? '—'}</td><td class="n">${percent(one.evidenceOpened)}</td>
<td class="n">${one.longestRun}</td>${judged(one)}</tr>`) // prettier-ignore
  return `<h2>Reviewers</h2><table><thead><tr><th>Reviewer</th><th class="n">Decisions</th><th class="n">Seconds each</th><th class="n">Evidence opened</th><th class="n">Longest run</th><th class="n">Score</th><th>Signs of rubber-stamping</th></tr></thead><tbody>${rows.join('')}</tbody></table>`
}

/** On a handful nobody is judged: that is no good score. */
function judged({ score, signs }: ReviewQuality): string {
  if (score === undefined) return `<td class="n">—</td><td class="note">fewer than ${SAMPLE_MIN} decisions: not judged</td>`
  return `<td class="n${score < 60 ? ' bad' : ''}">${score}</td><td>${text(signs.join('; '))}</td>`
} // prettier-ignore

function steps({ steps: all }: CampaignReport): string {
  const rows = all.map(({ type, at, by, position, why }) => `<tr><td class="n">${position}</td><td>${formatMinute(at)}</td><td>${text(type)}</td><td>${text(by)}</td><td>${text(why ?? '')}</td></tr>`)
  return `<h2>What happened</h2><table><thead><tr><th class="n">Entry</th><th>When</th><th>What</th><th>By</th><th>Why</th></tr></thead><tbody>${rows.join('')}</tbody></table>`
} // prettier-ignore

function pairs(rows: readonly (readonly [string, string])[]): string {
  return `<table class="pairs"><tbody>${rows.map(([name, value]) => `<tr><th>${text(name)}</th><td>${text(value)}</td></tr>`).join('')}</tbody></table>`
}

function plural(count: number, one: string): string {
  return `${count} ${one}${count === 1 ? '' : 's'}`
}
