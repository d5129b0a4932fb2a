/* eslint @typescript-eslint/no-unsafe-assignment: off, @typescript-eslint/no-unsafe-member-access: off, @typescript-eslint/no-explicit-any: off, @typescript-eslint/no-unsafe-return: off, @typescript-eslint/no-unsafe-call: off -- an answer has the shape of its query */
import { writeFileSync } from 'node:fs'
import { commandItems } from '@catena/recertification'
import { DECISION_VIEWS, recertificationDesk } from '@catena/runtime'
import { DecisionViewRunner } from '@catena/projections'
import { asCaller, asRole } from '@catena/testing'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { BrowserPage, chromiumBinary } from '../../test/chromium.js'
import { startRecordedApi, type RecordedApi } from '../../test/recorded-api.js'

const BOSS = 'person:keycloak/tideline:the-boss'
const boss = asCaller({ id: BOSS, roles: ['reviewer'], keys: [BOSS as never] })
const OTHER = 'person:keycloak/tideline:another'
const picture = process.env['CATENA_PICTURES']
const binary = chromiumBinary()
if (binary === undefined) process.stderr.write('no Chromium here (CHROMIUM_BINARY): the page of reviewers is not tried in a browser\n') // prettier-ignore

let api: RecordedApi
let views: DecisionViewRunner
let page: BrowserPage | undefined
beforeAll(async () => {
  api = await startRecordedApi()
  const { ledger, databaseUrl } = api.shared.instance
  views = new DecisionViewRunner({ views: DECISION_VIEWS, log: ledger, databaseUrl, onError: (error) => console.error(error) }) // prettier-ignore
  views.start()
  const { credentials } = await api.evidence('credentials(first: 100) { edges { node { id } } }')
  const known = credentials.edges.map(({ node }: any) => node.id as string)
  const declare = (id: string, index: number): string => `d${index}: declareCredentialFacts(credential: "${id}", facts: { purpose: "nightly export" }) { __typename }`
  for (let at = 0; at < known.length; at += 5) await api.ask(`mutation { ${known.slice(at, at + 5).map(declare).join(' ')} }`)
  await api.feedLater()
  await views.caughtUp(await ledger.head())
  const stages = [{ name: 'boss', fromDay: 0, toDay: 14, reviewers: [{ kind: 'PEOPLE', people: [BOSS] }] }]
  const definition = { name: 'Everything', scope: 'all', stages, launchIncomplete: true }
  const manager = asRole('campaign-manager')
  await api.ask(`mutation ($definition: CampaignDefinitionInput!) { defineCampaign(id: "all", definition: $definition) { __typename } }`, { definition }, manager)
  await api.ask(`mutation { launchCampaign(definition: "all", cause: "q2") { __typename } }`, {}, manager)
  await views.caughtUp(await ledger.head())
  if (binary !== undefined) page = await BrowserPage.open(binary, boss)
}, 120_000) // prettier-ignore
afterAll(async () => {
  await page?.close()
  await views.stop()
  await api.stop()
})

/** In the first group, at each access. */
const OWN_REASONS = `document.querySelector('section').querySelectorAll('input.own').forEach((own, index) => (own.value = 'its own reason ' + index))`

async function votes(): Promise<any[]> {
  const events = (await api.ledger.readDecisions(0, 10_000)).filter(({ type }) => type === 'ReviewDecided')
  return events.map(({ payload }) => JSON.parse(payload?.toString() ?? ''))
}

async function openings(): Promise<number> {
  return (await api.ledger.readDecisions(0, 10_000)).filter(({ type }) => type === 'ReviewEvidenceOpened').length
}

describe('the page of reviewers, in a real browser', () => {
  it('R6.3 shows own work in groups of one evidence class, decides nothing by itself, and decides a group by a press with a reason', async () => {
    if (page === undefined) return
    await page.visit(`${api.url}/review`)
    await page.until(`document.querySelectorAll('section').length > 1`)
    if (picture !== undefined) writeFileSync(`${picture}/review.png`, await page.screenshot())
    expect(page.complaints).toEqual([])
    const notes = `[...document.querySelectorAll('section > p.note')].map((note) => note.textContent.split(' · ')[0])`
    expect(new Set((await page.evaluate(notes)) as string[])).toEqual(new Set(['Everything (all@q2)']))
    expect(await votes()).toEqual([])
    const count = (await page.evaluate(`document.querySelectorAll('section')[0].querySelectorAll('article').length`)) as number // prettier-ignore
    await page.evaluate(`document.querySelector('section button.revoke').click()`)
    await page.until(`document.getElementById('told').textContent.includes('Tick')`)
    const groups = (await page.evaluate(`document.querySelectorAll('section').length`)) as number
    await page.evaluate(`document.querySelectorAll('section textarea')[1].value = 'typed for another group'`)
    await page.evaluate(`document.querySelector('section input.all').click()`)
    await page.evaluate(`document.querySelector('section textarea').value = 'nobody needs it'`)
    await page.evaluate(`document.querySelector('section button.revoke').click()`)
    // The riskiest come first: one reason for all of them is not enough.
    await page.until(`document.getElementById('told').textContent.includes('needs a reason of its own')`)
    expect(await votes()).toEqual([])
    await page.evaluate(OWN_REASONS)
    await page.evaluate(`document.querySelector('section button.revoke').click()`)
    await page.until(`document.getElementById('told').textContent.includes('on record')`)
    const cast = await votes()
    expect(cast).toHaveLength(count)
    expect(cast.every(({ reviewer, decision }) => reviewer === BOSS && decision.kind === 'revoke')).toBe(true)
    expect(cast.map(({ reason }) => reason as string).sort()).toEqual(cast.map((_, index) => `its own reason ${index}`).sort()) // prettier-ignore
    // What is decided leaves the page at once; what was typed for another group stays.
    expect(await page.evaluate(`document.querySelectorAll('section').length`)).toBe(groups - 1)
    expect(await page.evaluate(`document.querySelector('section textarea').value`)).toBe('typed for another group')
  }, 90_000)

  it('R6.3 tells purpose, exceptions, copies and from where, and says so where nobody recorded them', async () => {
    if (page === undefined) return
    const facts = `[...document.querySelector('article details').querySelectorAll('dt')].map((term) => [term.textContent, term.nextSibling.textContent])`
    const told = new Map((await page.evaluate(facts)) as [string, string][])
    expect(told.get('Purpose')).toBe('nightly export')
    expect(told.get('From where')).toMatch(/^(newest attempt from|of the newest attempt no address is recorded)/)
    expect(told.get('Exceptions')).toBe('none is on record')
    expect(told.get('Copies')).toBe('none is declared, which does not say that there are none')
    expect(told.get('Accessor')).toMatch(
      /^(person|workload):|an identity that many hold$|^nobody is known: |: none is proven$/,
    )
    if (picture !== undefined) {
      await page.evaluate(
        `document.querySelectorAll('article details').forEach((one, index) => (one.open = index < 1))`,
      )
      await page.evaluate(`document.querySelector('article details').scrollIntoView({ block: 'center' })`)
      writeFileSync(`${picture}/review-evidence.png`, await page.screenshot())
      await page.evaluate(`document.querySelectorAll('details').forEach((one) => (one.open = false))`)
    }
  }, 60_000)

  it('R6.7 notes which evidence was opened, and shows what the server refuses', async () => {
    if (page === undefined) return
    await page.evaluate(`document.querySelector('article details').open = true`)
    await page.until(`document.querySelector('article details[open] dd') !== null`)
    // To keep what the evidence speaks for ending takes a reason, which is not given here.
    await page.evaluate(`(() => {
      const group = [...document.querySelectorAll('section')].find((one) => one.querySelector('h2').textContent.includes('ending it'))
      group.querySelector('input.all')?.click()
      group.querySelector('textarea').value = ''
      group.querySelector('button.certify').click()
    })()`)
    await page.until(`document.getElementById('told').className === 'bad'`)
    expect(await page.evaluate(`document.getElementById('told').textContent`)).toMatch(
      /give a reason|decide it by itself/,
    )
    // The page tells of it and asks for the decision at the same time: the one may be answered before the other.
    while ((await openings()) === 0) await new Promise((resolve) => setTimeout(resolve, 20))
    expect(await openings()).toBe(1)
  }, 60_000)

  it('R6.4 tolerates an access until a day with what is done instead, and says what is missing before anything is asked', async () => {
    if (page === undefined) return
    await page.visit(`${api.url}/review`)
    await page.until(`document.querySelector('section') !== null`)
    const before = await votes()
    const groups = (await page.evaluate(`document.querySelectorAll('section').length`)) as number
    const of = (selector: string): string => `document.querySelector('section').querySelector('${selector}')`
    const count = (await page.evaluate(
      `document.querySelector('section').querySelectorAll('article').length`,
    )) as number
    await page.evaluate(`${of('input.all')}?.click()`)
    await page.evaluate(`${of('details.more')}.open = true`)
    await page.evaluate(`${of('button.exception')}.click()`)
    await page.until(`document.getElementById('told').textContent.includes('until which day')`)
    await page.evaluate(`${of('input[type=date]')}.value = '2036-02-29'`)
    await page.evaluate(`${of('button.exception')}.click()`)
    await page.until(`document.getElementById('told').textContent.includes('compensating control')`)
    expect(await votes()).toEqual(before)
    await page.evaluate(`${of('[aria-label="what is done instead"]')}.value = 'logged and looked at weekly'`)
    await page.evaluate(OWN_REASONS)
    await page.evaluate(`${of('textarea')}.value = 'the new one is not ready'`)
    if (picture !== undefined) writeFileSync(`${picture}/review-exception.png`, await page.screenshot())
    await page.evaluate(`${of('button.exception')}.click()`)
    await page.until(`document.getElementById('told').textContent.includes('exception is on record')`)
    const cast = (await votes()).slice(before.length)
    const until = Date.parse('2036-02-29T23:59:59Z')
    const decision = { kind: 'exception', until, compensatingControls: ['logged and looked at weekly'] }
    expect(cast.map((vote) => vote.decision as object)).toEqual(Array.from({ length: count }, () => decision))
    const reasons = count === 1 ? ['the new one is not ready'] : cast.map((_, index) => `its own reason ${index}`)
    expect(cast.map(({ reason }) => reason as string).sort()).toEqual(reasons.sort())
    expect(await page.evaluate(`document.querySelectorAll('section').length`)).toBe(groups - 1)
  }, 60_000)

  it('R6.2 hands over to somebody else, whose work it is then, and shows why it may not go there', async () => {
    if (page === undefined) return
    const of = (selector: string): string => `document.querySelector('section').querySelector('${selector}')`
    const groups = (await page.evaluate(`document.querySelectorAll('section').length`)) as number
    const handed = async (): Promise<any[]> => (await api.ledger.readDecisions(0, 10_000)).filter(({ type }) => type === 'ReviewDelegated').map(({ payload }) => JSON.parse(payload?.toString() ?? '')) // prettier-ignore
    const ids = (await page.evaluate(`[...document.querySelector('section').querySelectorAll('article input[type=checkbox]')].map(({ value }) => value)`)) as string[] // prettier-ignore
    await page.evaluate(`${of('input.all')}?.click()`)
    await page.evaluate(`document.querySelector('section').querySelectorAll('details.more')[1].open = true`)
    for (const [to, said] of [
      ['', 'to whom'],
      ['nobody', 'is no key of a person'],
      [BOSS, 'passed the item on already'],
    ] as const) {
      await page.evaluate(`${of('[aria-label="key of the person"]')}.value = '${to}'`)
      await page.evaluate(`${of('button.hand-over')}.click()`)
      await page.until(`document.getElementById('told').className === 'bad' && document.getElementById('told').textContent.includes('${said}')`) // prettier-ignore
    }
    expect(await handed()).toEqual([])
    await page.evaluate(`${of('[aria-label="key of the person"]')}.value = '${OTHER}'`)
    await page.evaluate(`${of('textarea')}.value = 'knows it better'`)
    if (picture !== undefined) writeFileSync(`${picture}/review-hand-over.png`, await page.screenshot())
    await page.evaluate(`${of('button.hand-over')}.click()`)
    await page.until(`document.getElementById('told').textContent.includes('handed over')`)
    const passed = await handed()
    expect(passed.length).toBe(Math.max(1, ids.length))
    for (const one of passed) expect(one).toMatchObject({ from: BOSS, to: OTHER, reason: 'knows it better' })
    expect(await page.evaluate(`document.querySelectorAll('section').length`)).toBe(groups - 1)
    await views.caughtUp(await api.ledger.head())
    const other = asCaller({ id: OTHER, roles: ['reviewer'], keys: [OTHER as never] })
    const { data } = await api.ask('{ myReviewWork(first: 100) { edges { node { handedTo } } } }', {}, other)
    expect(data.myReviewWork.edges.map(({ node }: any) => node.handedTo)).toEqual(passed.map(() => [OTHER]))
    // To whoever handed it over the page says so once it is loaded again; it stays theirs to answer for.
    await page.visit(`${api.url}/review`)
    await page.until(`document.body?.textContent.includes('Handed over to ${OTHER}')`)
  }, 60_000)
})

describe('the page of a reviewer to whom something happens meanwhile, in a real browser', () => {
  const SECOND = 'person:keycloak/tideline:the-second'
  const second = asCaller({ id: SECOND, roles: ['reviewer'], keys: [SECOND as never] })
  const told = `document.getElementById('told')`
  const typed = `document.querySelectorAll('section textarea')[1].value`

  beforeAll(async () => {
    if (page === undefined) return
    const stages = [{ name: 'second', fromDay: 0, toDay: 14, reviewers: [{ kind: 'PEOPLE', people: [SECOND] }] }]
    const definition = { name: 'Once more', scope: 'all', stages, launchIncomplete: true }
    const manager = asRole('campaign-manager')
    await api.ask(`mutation ($definition: CampaignDefinitionInput!) { defineCampaign(id: "again", definition: $definition) { __typename } }`, { definition }, manager)
    await api.ask(`mutation { launchCampaign(definition: "again", cause: "q2") { __typename } }`, {}, manager)
    await views.caughtUp(await api.ledger.head())
    await page.identify(second)
    await page.visit(`${api.url}/review`)
    await page.until(`document.querySelectorAll('section').length > 1`)
    page.complaints.length = 0
  }, 120_000) // prettier-ignore

  it('R6.3 says in sight of the button what is missing, and leaves the focus on it', async () => {
    if (page === undefined) return
    const last = `[...document.querySelectorAll('section')].at(-1).querySelector('button.exception')`
    await page.evaluate(`${last}.closest('details').open = true`)
    await page.evaluate(`${last}.closest('section').querySelector('input.all')?.click()`)
    await page.evaluate(`${last}.scrollIntoView({ block: 'center' })`)
    await page.evaluate(`${last}.focus()`)
    await page.evaluate(`${last}.click()`)
    await page.until(`${told}.textContent.includes('until which day')`)
    const place = (await page.evaluate(`(({ top, bottom }) => ({ top, bottom, height: innerHeight }))(${told}.getBoundingClientRect())`)) as { top: number; bottom: number; height: number } // prettier-ignore
    expect(place.top).toBeGreaterThanOrEqual(0)
    expect(place.bottom).toBeLessThanOrEqual(place.height)
    expect(await page.evaluate(`scrollY > 0 && document.activeElement === ${last}`)).toBe(true)
  }, 60_000)

  it('R7.1 keeps what was typed where the session has ended, decides nothing, and goes on once somebody is signed in again', async () => {
    if (page === undefined) return
    const before = await votes()
    await page.evaluate(`(${typed} = 'typed for another group')`)
    await page.evaluate(`document.querySelector('section input.all')?.click()`)
    await page.evaluate(OWN_REASONS)
    await page.evaluate(`document.querySelector('section textarea').value = 'nobody needs it'`)
    await page.identify(asCaller('nobody'))
    await page.evaluate(`document.querySelector('section button.revoke').click()`)
    await page.until(`${told}.textContent.includes('signed out')`)
    expect(await page.evaluate(`${told}.querySelector('a').getAttribute('href')`)).toBe('/login?to=/review')
    expect(await page.evaluate(`location.pathname`)).toBe('/review')
    expect(await page.evaluate(typed)).toBe('typed for another group')
    expect(await votes()).toEqual(before)
    await page.identify(second)
    await page.hangUp(true)
    await page.evaluate(`document.querySelector('section button.revoke').click()`)
    await page.until(`${told}.textContent.includes('not sure that this arrived')`)
    await page.hangUp(false)
    const groups = (await page.evaluate(`document.querySelectorAll('section').length`)) as number
    await page.evaluate(`document.querySelector('section button.revoke').focus()`)
    await page.evaluate(`document.querySelector('section button.revoke').click()`)
    await page.until(`${told}.textContent.includes('on record')`)
    expect(await page.evaluate(`document.querySelectorAll('section').length`)).toBe(groups - 1)
    expect((await votes()).length).toBeGreaterThan(before.length)
    // The work goes on at the next group: there is the focus.
    expect(await page.evaluate(`document.activeElement === document.querySelector('section h2')`)).toBe(true)
    expect(await page.evaluate(`document.querySelector('section textarea').value`)).toBe('typed for another group')
  }, 60_000)

  it('R6.4 keeps the reasons typed for others of a group where some of it are decided', async () => {
    if (page === undefined) return
    const group = `[...document.querySelectorAll('section')].find((one) => one.querySelectorAll('article').length > 2)`
    const ids = (await page.evaluate(`[...${group}.querySelectorAll('article input[type=checkbox]')].map(({ value }) => value)`)) as string[] // prettier-ignore
    const row = (index: number): string => `document.querySelector('article[data-item="${ids[index]}"]')`
    await page.evaluate(
      `${group}.querySelectorAll('input.own').forEach((own, index) => (own.value = 'reason ' + index))`,
    )
    await page.evaluate(`${row(1)}.querySelector('details').open = true`)
    await page.evaluate(`${row(0)}.querySelector('input').click()`)
    await page.evaluate(`${group}.querySelector('button.abstain').click()`)
    await page.until(`${told}.textContent.includes('on record')`)
    await page.until(`${row(0)} === null`)
    expect(await page.evaluate(`${row(1)}.querySelector('input.own').value`)).toBe('reason 1')
    expect(await page.evaluate(`${row(1)}.querySelector('details').open`)).toBe(true)
    expect(await page.evaluate(`document.activeElement === ${row(1)}.closest('section').querySelector('h2')`)).toBe(
      true,
    )
  }, 60_000)

  it('R6.4 says what changed since the evidence was frozen, with each access that it changed', async () => {
    if (page === undefined) return
    const { data } = await api.ask('{ myReviewWork(first: 100) { edges { node { id changedSince } } } }', {}, second)
    const { id } = data.myReviewWork.edges[0].node
    expect(data.myReviewWork.edges.map(({ node }: any) => node.changedSince)).toEqual(data.myReviewWork.edges.map(() => []))
    const { instance, reader } = api.shared
    // As whoever watches the population tells it.
    const note = { type: 'NoteChange' as const, changes: ['privileged not recorded → yes'], isMaterial: true, position: await api.ledger.head() }
    await commandItems(recertificationDesk(instance, reader), [id], () => note, { actor: 'timer:recertification', at: Date.now() })
    await api.ask(`mutation { commentReviewItems(items: ["${id}"], text: "see \\u202egnp.exe") { __typename } }`, {}, second)
    await views.caughtUp(await api.ledger.head())
    await page.visit(`${api.url}/review`)
    const row = `document.querySelector('article[data-item="${id}"]')`
    await page.until(`${row} !== null`)
    expect(await page.evaluate(`${row}.textContent`)).toContain('Changed since the evidence was frozen: privileged not recorded → yes.')
    const fact = (name: string): string => `[...${row}.querySelectorAll('dt')].find((term) => term.textContent === '${name}').nextSibling.textContent`
    expect(await page.evaluate(fact('Changed since'))).toBe('privileged not recorded → yes')
    // Nor does what somebody wrote turn around what stands behind it.
    expect(await page.evaluate(fact('Comments'))).toContain('see \\u202egnp.exe')
    expect(page.complaints.filter((complaint) => !/401|ERR_INTERNET_DISCONNECTED/.test(complaint))).toEqual([])
  }, 90_000) // prettier-ignore

  it('R6.3 tells apart two of one name: each tick says what alone it decides', async () => {
    if (page === undefined) return
    // What the server answers, of which the first two people have one name.
    await page.before(`
      const asked = window.fetch
      window.fetch = async (...request) => {
        const body = await (await asked(...request)).json()
        body.data.myReviewWork?.edges.slice(0, 2).forEach(({ node }, index) => {
          Object.assign(node, { accessor: 'Ann', credential: 'vault db' })
          node.access.accessor = { kind: 'person', key: 'person:idp:ann-' + index, name: 'Ann', aliases: [] }
        })
        return new Response(JSON.stringify(body))
      }`)
    await page.visit(`${api.url}/review`)
    await page.until(`document.querySelector('section') !== null`)
    const shown = (await page.evaluate(`[...document.querySelectorAll('article')].map((one) => one.querySelector('div').textContent).filter((text) => text.startsWith('Ann'))`)) as string[]
    expect(shown.sort()).toEqual([0, 1].map((index) => expect.stringContaining(`Ann (person:idp:ann-${index}`) as unknown))
    const labels = (await page.evaluate(`[...document.querySelectorAll('article input[type=checkbox]')].map((tick) => tick.getAttribute('aria-label'))`)) as string[]
    expect(labels.length).toBeGreaterThan(1)
    expect(new Set(labels).size).toBe(labels.length)
  }, 60_000) // prettier-ignore
})
