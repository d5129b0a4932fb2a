import './review.css'
import { element, shown } from './element.js'
import { isSignedOut, loadWork, LOGIN, openEvidence } from './review-api.js'
import { formOf } from './review-form.js'
import { groupsOf } from './review-groups.js'

/** Nothing is decided by opening the page: only by a press on a button of a group, with what is ticked in it. */
const place = document.getElementById('work')
const told = document.getElementById('told')

function say(text, isBad = false) {
  told.replaceChildren(shown(text))
  told.className = isBad ? 'bad' : ''
}

/** What was typed stays: to sign in takes another tab. */
function saySignedOut() {
  say('You are signed out by now, and nothing was decided: what you wrote is still here. ', true)
  told.append(
    element('a', { href: LOGIN, target: '_blank', rel: 'noopener' }, 'Sign in in another tab'),
    ', then press again.',
  )
}

async function show() {
  const { items, hasMore } = await loadWork()
  const named = new Map()
  for (const name of items.map(nameOf)) named.set(name, (named.get(name) ?? 0) + 1)
  for (const item of items) item.isAlike = named.get(nameOf(item)) > 1
  place.replaceChildren(
    ...(items.length === 0
      ? [element('p', { class: 'empty', tabindex: '-1' }, 'Nothing waits for you.')]
      : groupsOf(items).map(groupOf)),
  )
  if (hasMore)
    place.append(element('p', { class: 'note' }, 'There is more: decide these first, then load the page again.'))
}

function groupOf(group) {
  const ticks = group.items.map(({ id, ...item }) =>
    element('input', { type: 'checkbox', value: id, 'aria-label': `decide: ${labelOf(item)}` }),
  )
  const isOneOfMany = group.items.length > 1
  const ownReasons = new Map(isOneOfMany ? group.items.map((item) => [item.id, ownReason(item)]) : [])
  const rows = group.items.map((item, index) => rowOf(item, ticks[index], ownReasons.get(item.id)))
  const section = element(
    'section',
    {},
    element(
      'h2',
      { tabindex: '-1' },
      `${group.items.length} ${group.items.length === 1 ? 'access' : 'accesses'} · ${RECOMMENDED[group.recommendation]}`,
    ),
    element('p', { class: 'note' }, [campaignWords(group), group.evidenceClass, ...untilWhen(group.items)].join(' · ')),
    headOf(ticks),
    ...rows,
    formOf(group, ticks, ownReasons, { say, saySignedOut, leaves: (decided) => leave(section, group, decided) }),
  )
  return section
}

/** What is decided leaves its group; what was typed and opened at the others stays. The focus goes where the work goes on. */
async function leave(section, group, decided) {
  const items = group.items.filter(({ id }) => !decided.includes(id))
  const next = items.length > 0 ? groupOf({ ...group, items }) : section.nextElementSibling
  if (items.length > 0) {
    carry(section, next)
    section.replaceWith(next)
  } else section.remove()
  if (place.querySelector('section') === null) await show()
  const goesOn = next?.querySelector('h2') ?? place.querySelector('h2, .empty')
  goesOn?.focus()
}

/** Where one access is left, what was typed for it alone is the reason. */
function carry(from, to) {
  for (const after of to.querySelectorAll('article')) {
    const before = from.querySelector(`article[data-item="${after.dataset.item}"]`)
    const [own, is] = [
      before.querySelector('input.own'),
      after.querySelector('input.own') ?? to.querySelector('textarea'),
    ]
    is.value = own.value
    after.querySelector('details').open = before.querySelector('details').open
  }
}

/** Nothing is ticked beforehand: who decides together says what. */
function headOf(ticks) {
  const tickAll = ({ target }) => ticks.forEach((tick) => (tick.checked = target.checked))
  const all = element('input', {
    type: 'checkbox',
    class: 'all',
    'aria-label': 'decide all of these',
    on: { change: tickAll },
  })
  const label = ticks.length > 1 ? 'Decide all of them together' : ''
  return element(
    'div',
    { class: 'head note' },
    ticks.length > 1 ? all : element('span'),
    element('span', {}, label),
    element('span', {}, 'Chain'),
    element('span', { class: 'risk' }, 'Risk'),
  )
}

const RECOMMENDED = {
  certify: 'the evidence speaks for keeping it',
  revoke: 'the evidence speaks for ending it',
  modify: 'the evidence speaks for narrowing it',
  look: 'the evidence speaks for nothing by itself: look',
}

/** Above a risk that the campaign bounds one reason for all is refused. */
function ownReason(item) {
  return element('input', {
    type: 'text',
    class: 'own',
    maxlength: '2000',
    placeholder: 'A reason of its own, where the risk asks for one',
    'aria-label': `reason for this alone: ${labelOf(item)}`,
  })
}

function rowOf(item, tick, own) {
  const { access } = item
  const facts = [
    ['Decide until', item.dueAt === null ? 'no day is set' : minuteOf(item.dueAt)],
    ['Accessor', whoWords(access.accessor)],
    ['Changed since', item.changedSince.join('; ') || 'nothing that weighs, as far as it became known'],
    ['Privileged', PRIVILEGED[access.privileged] ?? 'not recorded'],
    ['Environment', access.environment ?? 'not recorded'],
    ['Purpose', item.purpose ?? 'nobody said what it is for'],
    ['Chain', `${item.chain}: ${item.weakest}`],
    [
      'Obtained',
      `${item.uses} ${item.uses === 1 ? 'time' : 'times'}${item.lastUsedAt === null ? '' : `, last ${dayOf(item.lastUsedAt)}`}`,
    ],
    ['From where', fromWhere(item)],
    ['Still open', access.open === undefined ? 'not recorded' : `${access.open} of them have no end on record`],
    [
      'Grant',
      access.grant === undefined
        ? 'none is recorded'
        : `${access.grant.id}${access.grant.until === undefined ? ', without an end' : `, until ${dayOf(access.grant.until)}`}`,
    ],
    ['Exceptions', item.exceptions.map(exceptionWords).join('; ') || 'none is on record'],
    ['Copies', item.copies.map(copyWords).join('; ') || 'none is declared, which does not say that there are none'],
    ['Owner', item.owner ?? 'nobody is on record'],
    [
      'Verdict',
      access.failedControls?.length > 0 ? `${access.verdict}: ${access.failedControls.join(', ')}` : access.verdict,
    ],
    ['Why recommended', item.recommendationReason],
    ['Comments', item.comments.map(commentWords).join('; ') || 'nobody has written one'],
    ['Records', item.positions.join(', ')],
    ['Evidence', item.evidenceHash],
  ]
  const list = element(
    'dl',
    {},
    ...facts.flatMap(([name, value]) => [element('dt', {}, name), element('dd', { dir: 'auto' }, value)]),
  )
  const opened = { toggle: ({ target }) => target.open && noteOpened(item.id) }
  return element(
    'article',
    { 'data-item': item.id },
    own === undefined ? element('span', {}) : tick,
    element(
      'div',
      {},
      element('b', { dir: 'auto' }, item.accessor),
      ...(item.isAlike ? [element('span', { class: 'note' }, ` (${apartBy(access)})`)] : []),
      ' obtains ',
      element('b', { dir: 'auto' }, item.credential),
      element('br'),
      element('span', { class: 'note' }, item.recommendationReason),
      ...(item.changedSince.length === 0
        ? []
        : [
            element(
              'span',
              { class: 'bad' },
              ` Changed since the evidence was frozen: ${item.changedSince.join('; ')}.`,
            ),
          ]),
      ...(item.handedTo.length === 0
        ? []
        : [element('span', { class: 'note' }, ` Handed over to ${item.handedTo.join(', then ')}.`)]),
    ),
    element('span', { class: `chain ${item.chain}` }, item.chain),
    element('span', { class: 'risk', title: 'risk, 0 to 100' }, String(item.risk)),
    element('details', { on: opened }, element('summary', {}, 'Evidence'), list),
    ...(own === undefined ? [] : [own]),
  )
}

const PRIVILEGED = { true: 'yes', false: 'no' }

/** By keys, which tell apart those of one name. */
function whoWords({ kind, key, name, candidates, reason }) {
  if (kind === 'ambiguous')
    return `any of ${candidates.map((one) => `${one.name}, ${one.key}`).join('; ')}: none is proven`
  if (kind === 'shared') return `${name}, an identity that many hold`
  return kind === 'unknown' ? `nobody is known: ${reason}` : key
}

function nameOf({ accessor, credential }) {
  return `${accessor} obtains ${credential}`
}

function apartBy({ accessor, grant }) {
  return `${whoWords(accessor)}${grant === undefined ? '' : `, by grant ${grant.id}`}`
}

function labelOf(item) {
  return item.isAlike ? `${nameOf(item)}, ${apartBy(item.access)}` : nameOf(item)
}

function fromWhere({ lastFrom, recordedBy }) {
  const newest = lastFrom === null ? 'of the newest attempt no address is recorded' : `newest attempt from ${lastFrom}`
  return recordedBy.length === 0 ? newest : `${newest}; what was obtained is recorded by ${recordedBy.join(', ')}`
}

function exceptionWords({ kind, controls, until, blastRadius }) {
  const excused = controls.length === 0 ? '' : ` for ${controls.join(', ')}`
  return `${kind}${excused}, until ${dayOf(until)}${blastRadius === null ? '' : `; reaches ${blastRadius}`}`
}

function copyWords({ kind, place, version }) {
  return `${kind} ${place}${version === null ? '' : `, version ${version}`}`
}

function commentWords({ by, text, at }) {
  return `${by}, ${minuteOf(at)}: ${text}`
}

/** By name, and which run of it: one definition may be asked twice at a time. */
function campaignWords({ campaign, campaignName }) {
  return campaignName === null ? campaign : `${campaignName} (${campaign})`
}

/** The next deadline of these items: none where no campaign says one. */
function untilWhen(items) {
  const deadlines = items.flatMap(({ dueAt }) => (dueAt === null ? [] : [dueAt])).sort()
  return deadlines.slice(0, 1).map((at) => `decide until ${minuteOf(at)}`)
}

function minuteOf(at) {
  return `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`
}

function dayOf(at) {
  return new Date(at).toISOString().slice(0, 10)
}

const seen = new Set()
async function noteOpened(id) {
  if (seen.has(id)) return
  seen.add(id)
  await openEvidence(id).catch((error) => {
    seen.delete(id)
    if (isSignedOut(error)) saySignedOut()
    else
      say(`It is not on record that you looked at this evidence: ${error.message}. Close it and open it again.`, true)
  })
}

show().catch((error) => {
  if (isSignedOut(error)) return location.assign(LOGIN)
  place.replaceChildren()
  say(`Your work could not be loaded: ${error.message}. Load this page again.`, true)
})
