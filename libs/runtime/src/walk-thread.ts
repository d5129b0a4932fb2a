import { LANES_OF_A_THREAD, walkStretch } from '@catena/governance'
import { answerInThread } from '@catena/platform'
import { openReading } from './reading-thread.js'
import type { StretchQuestion, WalkThreadData } from './walk-threads.js'

// Several threads at once: the server has few connections, and a lane mostly waits for one answer.
answerInThread((data) => {
  const { reader } = openReading(data as WalkThreadData, { connectionsMax: LANES_OF_A_THREAD })
  return async (question) => {
    const { asOf, stretch } = question as StretchQuestion
    const answer = await walkStretch(reader, asOf, stretch)
    return { answer, moved: answer.rows === undefined ? [] : [answer.rows.buffer] }
  }
})
