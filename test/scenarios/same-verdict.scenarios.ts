/* eslint @typescript-eslint/no-unsafe-assignment: off, @typescript-eslint/no-unsafe-member-access: off -- an answer has the shape of its query */
import { describe, expect, it } from '@jest/globals'
import { deploys, deploysInCloud, iso, owns, rotates } from './acts.js'
import type { Answers } from './answers.js'
import { DAY, START, voice, type Secret, type Story } from './story.js'

/** Whether its records come regularly is told beside the verdicts, and differs from source to source. */
const OF_THE_SOURCE = 'source-alive'

interface OneVerdict {
  readonly control: string
  readonly verdict: string
}

/** R5.5: what is judged does not depend on who recorded it. */
export function sameVerdictScenarios(story: Story, answers: Answers): void {
  describe('given the same sharing of secrets in a vault and in a cloud, one of each kept in order and one neglected', () => {
    const [owner, committer, repository] = [story.person(), story.person(), story.repository()]
    const [kept, neglected] = [
      { vault: story.secret('kv'), cloud: story.secret('aws') },
      { vault: story.secret('kv'), cloud: story.secret('aws') },
    ]
    const dates = [1.5, 2.5, 96.5].map((day) => START + day * DAY)
    story.tells(function* () {
      yield DAY
      for (const { vault, cloud } of [kept, neglected]) for (const one of [vault, cloud]) yield* rotates(story, one)
      for (const one of [kept.vault, kept.cloud]) owns(story, one, voice(owner))
      for (const days of [1, 94]) {
        yield days * DAY
        if (days > 1) for (const one of [kept.vault, kept.cloud]) yield* rotates(story, one)
        for (const { vault, cloud } of [kept, neglected]) {
          yield* deploys(story, committer, repository, vault)
          yield* deploysInCloud(story, committer, repository, cloud)
        }
      }
    })
    const judged = async (secret: Secret, on: number): Promise<Record<string, string>> => {
      const { verdict } = await answers.ofCredential(secret, `verdict(on: "${iso(on)}") { verdict controls { control verdict } }`) // prettier-ignore
      const each = (verdict.controls as OneVerdict[])
        .filter(({ control }) => control !== OF_THE_SOURCE)
        .map((one) => [one.control, one.verdict] as const)
      return { 'all together': String(verdict.verdict), ...Object.fromEntries(each) }
    }

    it('R5.5 each control says the same of both, on each date', async () => {
      for (const on of dates) {
        expect([iso(on), await judged(kept.cloud, on)]).toEqual([iso(on), await judged(kept.vault, on)])
        expect([iso(on), await judged(neglected.cloud, on)]).toEqual([iso(on), await judged(neglected.vault, on)])
      }
    })
    it('R5.5 and tells the one kept in order from the neglected one', async () => {
      const [good, bad] = [await judged(kept.cloud, dates[2]!), await judged(neglected.cloud, dates[2]!)]
      expect(good).toMatchObject({ 'owner-accountable': 'CONTROLLED', 'rotation-age': 'CONTROLLED' })
      expect(bad).toMatchObject({ 'owner-accountable': 'UNCONTROLLED', 'rotation-age': 'UNCONTROLLED' })
    })
  })
}
