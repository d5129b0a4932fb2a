import type { JsonObject } from '@catena/domain'
import { describe, expect, it } from '@jest/globals'
import { decodeDecision, encodeDecision } from './decision-codec.js'
import { MemoryLedger } from './memory-ledger.js'

const by = { actor: 'person:7', at: 1_000 }

async function recorded(data: JsonObject) {
  const ledger = new MemoryLedger()
  await ledger.appendDecisions('s', 0, [encodeDecision({}, { type: 'Said', data }, by, { subjects: [] })])
  return (await ledger.readStream('s'))[0]!
}

describe('a decision', () => {
  it('is read as it was recorded', async () => {
    const data = { why: 'a \\u0000 \\ud800 "quoted" 🔑', of: [{ at: 1.5 }], none: null }
    expect(decodeDecision(await recorded(data))?.event.data).toEqual(data)
  })

  it('whose words no text column takes is kept as it was said, and read with U+FFFD for what a column refuses', async () => {
    const event = await recorded({ why: 'a\u0000b', of: [{ name: '\ud83d and \udd11' }] })
    expect(event.payload?.toString()).toContain('\\u0000')
    expect(decodeDecision(event)?.event.data).toEqual({ why: 'a\ufffdb', of: [{ name: '\ufffd and \ufffd' }] })
  })
})
