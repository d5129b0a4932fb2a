import { describe, expect, it } from '@jest/globals'
import { CloudEvent, HTTP } from 'cloudevents'
import fc from 'fast-check'
import { looksSecret } from '@catena/connectors'
import { FEED_KINDS, type FeedKind } from '../feed/kinds.js'
import { anyEvent } from '../testing/arbitrary.js'
import { sampleOf } from '../testing/samples.js'
import { ecsValidator, ocsfValidator } from '../testing/schemas.js'
import { toCloudEvent } from './cloudevents/to-cloudevents.js'
import { ECS_CATEGORIES } from './ecs/categories.js'
import { toEcs } from './ecs/to-ecs.js'
import { FORMATS, FORMAT_NAMES, fit, TOO_LARGE } from './index.js'
import { OCSF_CLASSES } from './ocsf/classes.js'
import { toOcsf } from './ocsf/to-ocsf.js'

const SENT = Date.UTC(2026, 10, 23, 5)
const ocsfErrors = ocsfValidator()
const ecsErrors = ecsValidator()

describe('every kind of event', () => {
  it('R8.1 is mapped in every format', () => {
    expect(Object.keys(OCSF_CLASSES).sort()).toEqual([...FEED_KINDS].sort())
    expect(Object.keys(ECS_CATEGORIES).sort()).toEqual([...FEED_KINDS].sort())
  })

  it.each(FEED_KINDS.map((kind) => [kind]))('R8.1 %s is valid OCSF, ECS and CloudEvents, whole and bare', (kind: FeedKind) => {
    const whole = sampleOf(kind)
    const { occurredAt, outcome, reference, severity, source, summary, type } = whole.content
    const bare = { ...whole, content: { kind, occurredAt, outcome, reference, severity, source, summary, type } }
    const nobody = sampleOf(kind, { outcome: 'denied', actor: { state: 'missing', kind: 'unknown', reason: 'no', shownAs: 'x' } })
    for (const event of [whole, bare, nobody]) {
      expect(ocsfErrors(toOcsf(event, SENT))).toEqual([])
      expect(ecsErrors(toEcs(event, SENT))).toEqual([])
      expect(new CloudEvent(toCloudEvent(event) as never).validate()).toBe(true)
    }
  }) // prettier-ignore
})

describe('hostile text in any field', () => {
  it('R8.1 leaves OCSF and ECS valid', () => {
    fc.assert(
      fc.property(anyEvent, (event) => {
        expect(ocsfErrors(JSON.parse(FORMATS.ocsf.render(event, SENT)))).toEqual([])
        expect(ecsErrors(JSON.parse(FORMATS.ecs.render(event, SENT)) as object)).toEqual([])
      }),
      { numRuns: 300 },
    )
  })

  it('R8.1 is read back by the CloudEvents SDK as it was written', () => {
    fc.assert(
      fc.property(anyEvent, (event) => {
        const body = FORMATS.cloudevents.render(event, SENT)
        const headers = { 'content-type': 'application/cloudevents+json' }
        const read = HTTP.toEvent({ headers, body }) as CloudEvent<{ summary: string }>
        expect(read.id).toBe(`${event.id}.${event.revision}`)
        expect(read.data?.summary).toBe((JSON.parse(JSON.stringify(event.content)) as { summary: string }).summary)
      }),
      { numRuns: 100 },
    )
  })

  it.each(FORMAT_NAMES.map((name) => [name]))('is one line of %s', (name) => {
    fc.assert(fc.property(anyEvent, (event) => !/[\r\n]/.test(FORMATS[name].render(event, SENT))))
  })
})

describe('an event in any format', () => {
  it.each(FORMAT_NAMES.map((name) => [name]))('R8.1 is the same bytes in %s again, but for the send time', (name) => {
    const event = sampleOf('credential-retrieved')
    const later = FORMATS[name].render(event, SENT + 5_000)
    const withoutSendTime = (text: string): string =>
      text.replace(/"transmit_time":\d+/, '').replace(/"ingested":"[^"]+"/, '')
    expect(withoutSendTime(later)).toBe(withoutSendTime(FORMATS[name].render(event, SENT)))
  })

  it.each(FORMAT_NAMES.map((name) => [name]))('R3.1 names nobody in %s whom the records do not name', (name) => {
    const actor = { state: 'ambiguous', kind: 'unknown', candidates: ['olga', 'bruno'] } as const
    const summary = 'by one of olga, bruno (ambiguous)'
    const event = sampleOf('credential-retrieved', { actor, summary, subject: { name: 'bruno' } })
    const line = FORMATS[name].render(event, SENT)
    const cleared = line.replace(/"?candidates"?:\["olga","bruno"\]|"actor_candidates":"[^"]*"|cs4=olga, bruno/, '').replaceAll(summary, '')
    expect(cleared).not.toContain('olga')
    expect(cleared).toMatch(/ambiguous/)
  }) // prettier-ignore

  it.each(FORMAT_NAMES.map((name) => [name]))('holds nothing in %s that the last scan would take for a secret', (name) => {
    for (const kind of FEED_KINDS) expect(looksSecret(FORMATS[name].render(sampleOf(kind), SENT))).toBe(false)
  }) // prettier-ignore
})

describe('an event that is too large', () => {
  const links = Array.from({ length: 200 }, () => ({ state: 'proven', by: 'login', words: 'w'.repeat(100) }) as const)
  const sample = sampleOf('credential-retrieved')
  const large = { ...sample, content: { ...sample.content, chain: { ...sample.content.chain!, path: { state: 'proven' as const, links } } } } // prettier-ignore

  it('loses whole optional parts in a fixed order, which it names, and never actor, credential or outcome', () => {
    const text = fit(FORMATS.ocsf, large, SENT, 6_000)
    if (text === TOO_LARGE) throw new Error('nothing fitted')
    const document = JSON.parse(text) as { actor: object; resources: object; unmapped: { catena: { dropped: string[]; outcome: string } } } // prettier-ignore
    expect(ocsfErrors(document)).toEqual([])
    expect(document.unmapped.catena).toMatchObject({ dropped: ['chain.path.links'], outcome: 'succeeded' })
    expect(document.actor).toMatchObject({ user: { name: 'olga' } })
    expect(document.resources).toMatchObject([{ name: 'secret/orders/db in vault/prod-1' }])
  })

  it('is refused as a whole where that is not enough', () => {
    expect(fit(FORMATS.ocsf, large, SENT, 300)).toBe(TOO_LARGE)
  })
})
