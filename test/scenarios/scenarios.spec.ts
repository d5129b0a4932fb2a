import { afterAll, beforeAll } from '@jest/globals'
import { reads } from './acts.js'
import { Answers } from './answers.js'
import { identityScenarios } from './identity.scenarios.js'
import { inventoryScenarios } from './inventory.scenarios.js'
import { occasionScenarios } from './occasions.scenarios.js'
import { playStory, type Played } from './playing.js'
import { revocationScenarios } from './revocation.scenarios.js'
import { sameVerdictScenarios } from './same-verdict.scenarios.js'
import { sharingScenarios } from './sharing.scenarios.js'
import { DAY, MINUTE, START, Story } from './story.js'

const story = new Story()
let played: Played
const answers = new Answers(() => played)

inventoryScenarios(story, answers)
identityScenarios(story, answers)
sharingScenarios(story, answers)
occasionScenarios(story, answers)
revocationScenarios(story, answers)
sameVerdictScenarios(story, answers)

/** Days on which Catena looks at what became of everything; it does so all the time. */
const LOOKS = [2.3, 5, 8, 12, 20.5, 23, 43]

story.tells(function* () {
  for (const day of LOOKS) {
    yield START + day * DAY - story.now
    story.looks()
  }
})
story.tells(function* () {
  const [secret, guard] = [story.secret(), story.person()]
  for (let left = 60; left > 0; left--) {
    yield* reads(story, guard, secret)
    yield DAY - 3 * MINUTE
  }
})

beforeAll(async () => {
  played = await playStory(story.play(), story.end)
}, 240_000)
afterAll(() => played.close())
