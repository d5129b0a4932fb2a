import { formatInstant, htmlText as text } from '@catena/domain'
import type { Verdict } from '../controls/control.js'
import { aggregate } from '../controls/evaluate.js'
import { CROSSWALK } from '../crosswalk/crosswalk.js'
import { LISTED_MAX, type ControlReport, type ControlSection, type Counts, type ReportedRow } from './control-report.js'
import { STYLE } from './report-style.js'

const ORDER = ['uncontrolled', 'unknown', 'exception', 'controlled'] as const
const MEANS: Readonly<Record<Verdict, string>> = {
  controlled: 'The records show that it was.',
  exception: 'It was not. That is accepted for a time, with an end, and what compensates for it is alive.',
  uncontrolled: 'The records show that it was not.',
  unknown: 'The records do not tell. That is no pass, and no failure.',
}

/** A page of its own: no script, nothing fetched. */
export function htmlReport(report: ControlReport): string {
  const title = report.framework ?? (report.sections.length === 1 ? (report.sections[0]?.control.title ?? '') : 'All controls') // prettier-ignore
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>Control report: ${text(title)}</title><style>${STYLE}</style></head><body>
<p class="kind">Control report</p><h1>${text(title)}</h1>
<p class="lead">Was the sharing of credentials under control on <b>${time(report.at)}</b>, by everything that was recorded up to entry ${report.position} of the ledger?</p>
${reading()}${population(report)}${overview(report)}${frameworksOf(report)}${report.sections.map((section) => sectionOf(section, report)).join('')}
<p class="foot">The same question again: <code>catena controls report ${commandOf(report)}--on ${formatInstant(report.at)} --known-at ${text(report.cut)}</code>. The same cut gives the same answer for ever.</p>
</body></html>
` // prettier-ignore
}

function commandOf({ framework, controls }: ControlReport): string {
  if (framework !== undefined) return `--framework &quot;${text(framework)}&quot; `
  return controls.length > 3 ? '' : `${controls.map(({ id }) => text(id)).join(' ')} `
}

function reading(): string {
  const rows = ORDER.toReversed().map((verdict) => `<tr><th>${badge(verdict)}</th><td>${MEANS[verdict]}</td></tr>`)
  return `<h2>How to read this</h2>
<p>A <b>control</b> asks one question of the history of one credential. Where the question does not arise, the control does not apply. Otherwise the answer is a verdict:</p>
<table class="terms"><tbody>${rows.join('')}</tbody></table>
<p>Where several controls are put together, the worst counts: uncontrolled before unknown, unknown before exception, exception before controlled.</p>
<p><b>Evidence</b> is named as #123: the number of an entry in Catena's ledger, which holds every record that a system wrote and every decision that somebody made, in the order in which they became known, and changes none of them. Where no entry is named, the point is that nothing is recorded. Who may read evidence opens an entry in the API: <code>evidence { records(positions: [123]) { … } }</code>.</p>`
}

function population({ population: known, sources }: ControlReport): string {
  const rows = sources.map(({ id, kind, from, to, gaps }) =>
    `<tr><td>${text(id)}</td><td>${text(kind)}</td><td>${from === undefined ? '<span class="bad">never</span>' : time(from)}</td><td>${to === undefined ? '' : time(to)}</td><td class="n">${gaps}</td></tr>`) // prettier-ignore
  return `<h2>Population</h2><p>Every credential that a record speaks of, or that somebody registered by hand, by then: <b>${known}</b>. None was sampled, none left out. What no source records and nobody registered is not in it; these are the sources:</p>
<table><thead><tr><th>Source</th><th>System</th><th>Heard from</th><th>Heard to</th><th class="n">Gaps</th></tr></thead><tbody>${rows.join('') || '<tr><td colspan="5">None is configured.</td></tr>'}</tbody></table>`
}

function overview({ sections, population: known }: ControlReport): string {
  const rows = sections.map(({ control, counts }) => `<tr><td><a href="#${control.id}">${text(control.title)}</a></td><td>${control.severity}</td><td class="n">${sum(counts)}</td>${ORDER.map((verdict) => figure(control.id, verdict, counts)).join('')}<td>${badge(overall(counts))}</td></tr>`) // prettier-ignore
  return `<h2>Overview</h2><p>Each figure leads to the credentials behind it. Of ${known} credentials:</p>
<table><thead><tr><th>Control</th><th>Severity</th><th class="n">Applies to</th>${ORDER.map((verdict) => `<th class="n">${verdict}</th>`).join('')}<th>Together</th></tr></thead><tbody>${rows.join('')}</tbody></table>`
}

function figure(control: string, verdict: Verdict, counts: Counts): string {
  const count = counts[verdict]
  return `<td class="n">${count === 0 ? '0' : `<a class="${verdict}" href="#${control}-${verdict}">${count}</a>`}</td>`
}

function frameworksOf({ entries, sections }: ControlReport): string {
  if (entries.length === 0) return ''
  const own = new Set(sections.map(({ control }) => control.id))
  const linked = (id: string): string =>
    own.has(id) ? `<a href="#${id}">${id}</a>` : `<span class="note">${id} (not in this report)</span>`
  const rows = entries.map(({ entry, counts }) => {
    const controls = entry.controls.map(linked).join(', ')
    return `<tr><td>${text(entry.framework)}</td><td>${text(entry.canonical)}${entry.cited === undefined ? '' : `<br><span class="note">cited as ${text(entry.cited)}</span>`}</td><td>${controls}</td>${ORDER.map((verdict) => `<td class="n">${counts[verdict]}</td>`).join('')}<td>${badge(overall(counts))}</td></tr>`
  }) // prettier-ignore
  return `<h2>Frameworks</h2><p>By version ${CROSSWALK.version} of the crosswalk. Each credential counts once for an entry, by the worst of the entry's controls in this report. A control answers to an entry in part: no row says that an entry is fulfilled.</p>
<table><thead><tr><th>Framework</th><th>Entry</th><th>Controls</th>${ORDER.map((verdict) => `<th class="n">${verdict}</th>`).join('')}<th>Together</th></tr></thead><tbody>${rows.join('')}</tbody></table>`
}

function sectionOf({ control, counts, rows }: ControlSection, { population: known }: ControlReport): string {
  const { id, version, title, question, method, severity, because, parameters } = control
  const values = Object.entries(parameters).map(([name, { default: value, unit, meaning }]) => `<code>${text(name)}</code> = ${value} ${unit}: ${text(meaning)}`) // prettier-ignore
  const applies = sum(counts)
  const tiles = ORDER.map((verdict) => `<div class="${verdict}"><b>${counts[verdict]}</b>${verdict}</div>`).join('')
  return `<section id="${id}"><h2>${text(title)}</h2><p class="question">${text(question)}</p>
<table class="terms"><tbody><tr><th>Control</th><td><code>${id}</code>, version ${version}</td></tr><tr><th>Severity</th><td>${severity}: ${text(because)}</td></tr>
<tr><th>Method</th><td>${text(method)}</td></tr>${values.length === 0 ? '' : `<tr><th>Parameters</th><td>${values.join('<br>')}</td></tr>`}
<tr><th>Applies to</th><td>${applies} of ${known} credentials</td></tr></tbody></table>
<div class="tiles">${tiles}</div>${applies === 0 ? '<p class="note">It applies to none: nothing is shown by it, and nothing passed.</p>' : ''}
${ORDER.map((verdict) => list(id, verdict, counts[verdict], rows[verdict])).join('')}</section>`
}

const HEADS: Readonly<Record<Verdict, string>> = {
  uncontrolled: 'Not under control',
  unknown: 'Not known, and why',
  exception: 'Exceptions in force',
  controlled: 'Under control',
}

function list(control: string, verdict: Verdict, count: number, rows: readonly ReportedRow[]): string {
  if (count === 0) return ''
  const more = count > rows.length ? `<p class="note">The first ${LISTED_MAX} of ${count}; the CSV of this report lists all of them.</p>` : '' // prettier-ignore
  return `<h3 id="${control}-${verdict}">${badge(verdict)} ${HEADS[verdict]}: ${count}</h3>${more}
<table class="rows"><thead><tr><th>Credential</th><th>Why</th><th>Evidence</th><th>Stands until</th></tr></thead><tbody>${rows.map(row).join('')}</tbody></table>`
}

function row({ credential, result }: ReportedRow): string {
  const { name, system, id } = credential
  const until = result.validUntil === undefined ? 'a new record' : time(result.validUntil)
  return `<tr><td><b>${text(name)}</b><br><span class="note">${text(system)}<br>${id}</span></td><td>${text(result.reason)}</td><td class="ids">${evidenceOf(result, credential)}</td><td>${until}</td></tr>`
}

/** A pass without witnesses is that nothing speaks against it: then what was looked at is named. */
function evidenceOf({ verdict, witnesses }: ReportedRow['result'], { looked }: ReportedRow['credential']): string {
  if (witnesses.length > 0) return named(witnesses)
  if (verdict !== 'controlled') return '<span class="note">nothing is recorded</span>'
  return `<span class="note">nothing speaks against it${looked.length === 0 ? '' : '; looked at, the newest of each:'}</span> ${named(looked)}`
}

function named(positions: readonly number[]): string {
  return positions.map((position) => `#${position}`).join(' ')
}

/** To the second; the CSV has it in full. */
function time(at: number): string {
  return `${formatInstant(at).slice(0, 19).replace('T', ' ')} UTC`
}

function overall(counts: Counts): Verdict {
  return aggregate(ORDER.filter((verdict) => counts[verdict] > 0))
}

function sum(counts: Counts): number {
  return ORDER.reduce((all, verdict) => all + counts[verdict], 0)
}

function badge(verdict: Verdict): string {
  return `<span class="badge ${verdict}">${verdict}</span>`
}
