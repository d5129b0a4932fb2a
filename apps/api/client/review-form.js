import { element } from './element.js'
import { decideTogether, handOver, isSignedOut } from './review-api.js'

const DECISIONS = { CERTIFY: 'Still needed', REVOKE: 'Revoke', ABSTAIN: 'I cannot judge it' }
const DAY_MS = 86_400_000

/** What may be done with the ticked items of a group: decide, tolerate until a day, hand over. Each only by a press on its own button. */
export function formOf(group, ticks, ownReasons, { say, saySignedOut, leaves }) {
  const reason = element('textarea', { rows: '2', maxlength: '2000', placeholder: 'Why?', 'aria-label': 'reason' })
  const single = group.items.length === 1 ? group.items[0] : undefined
  const buttons = []
  const button = (name, label, act) => {
    buttons.push(
      element('button', { type: 'button', class: name, on: { click: ({ target }) => press(act, target) } }, label),
    )
    return buttons.at(-1)
  }
  const reasonsOf = (items) =>
    [...ownReasons]
      .filter(([item, { value }]) => items.includes(item) && value.trim() !== '')
      .map(([item, { value }]) => ({ item, reason: value }))
  // The same id for the same decision until an answer came: whoever presses twice decides once, and another decision is another one.
  let pending
  const decide = async (decision, items) => {
    const asked = { items, decision, reason: reason.value, reasons: reasonsOf(items), saws: seenOf(group, items) }
    const text = JSON.stringify(asked)
    if (pending?.text !== text) pending = { text, request: crypto.randomUUID() }
    const refused = await decideTogether({ ...asked, request: pending.request })
    pending = undefined
    return refused
  }

  /** `act` gives undefined once it is on record, else why it was refused. */
  async function press({ act, done }, pressed) {
    const items = single === undefined ? ticks.filter(({ checked }) => checked).map(({ value }) => value) : [single.id]
    if (items.length === 0) return say('Tick at least one access.', true)
    buttons.forEach((one) => (one.disabled = true))
    try {
      const refused = await act(items)
      if (refused !== undefined) say(refused, true)
      else {
        say(`${items.length} ${items.length === 1 ? 'access' : 'accesses'}: ${done}`)
        leaves(items).catch((error) => say(error.message, true))
      }
    } catch (error) {
      if (isSignedOut(error)) saySignedOut()
      else say(`It is not sure that this arrived: ${error.message}. Press again; it counts once.`, true)
    } finally {
      buttons.forEach((one) => (one.disabled = false))
      // A button that cannot be pressed loses the focus, and whoever works by keys their place.
      if (pressed.isConnected && document.activeElement === document.body) pressed.focus()
    }
  }

  const decisions = Object.entries(DECISIONS).map(([kind, label]) =>
    button(kind.toLowerCase(), label, { act: (items) => decide({ kind }, items), done: 'your decision is on record.' }),
  )
  return element(
    'form',
    { on: { submit: (event) => event.preventDefault() } },
    reason,
    ...decisions,
    exceptionOf(button, decide),
    handingOver(button, reason),
  )
}

/** The revision of each as it is on the page: what changed since is not decided unseen. */
function seenOf({ items: shown }, items) {
  return shown.filter(({ id }) => items.includes(id)).map(({ id, revision }) => ({ item: id, revision }))
}

/** Tolerated although it breaks a rule, until the end of a day, by whatever is done instead. */
function exceptionOf(button, decide) {
  const tomorrow = new Date(Date.now() + DAY_MS).toISOString().slice(0, 10)
  const until = element('input', { type: 'date', min: tomorrow, 'aria-label': 'tolerated until' })
  const instead = element('input', { type: 'text', maxlength: '500', placeholder: 'What is done instead?', 'aria-label': 'what is done instead' }) // prettier-ignore
  const act = (items) => {
    if (until.value === '') return 'Say until which day it is tolerated.'
    const controls = instead.value.trim() === '' ? [] : [instead.value.trim()]
    return decide({ kind: 'EXCEPTION', until: `${until.value}T23:59:59Z`, compensatingControls: controls }, items)
  }
  const press = button('exception', 'Tolerate until then', { act, done: 'your exception is on record.' })
  return more('Tolerate it for a time', until, instead, press)
}

/** The deadline stays, and whoever hands over stays accountable. */
function handingOver(button, reason) {
  const to = element('input', { type: 'text', maxlength: '300', placeholder: 'person:…', 'aria-label': 'key of the person' }) // prettier-ignore
  const act = (items) =>
    to.value.trim() === ''
      ? 'Say to whom, by the key of the person.'
      : handOver({ items, to: to.value.trim(), reason: reason.value })
  const press = button('hand-over', 'Hand over', { act, done: 'handed over; you stay accountable.' })
  return more('Hand it over to somebody else', to, press)
}

function more(summary, ...children) {
  return element('details', { class: 'more' }, element('summary', {}, summary), element('div', {}, ...children))
}
