import { walkStretch } from '@catena/governance'
import { answerInThread } from '@catena/platform'
import { openReading } from './reading-thread.js'
import type { StretchQuestion, WalkThreadData } from './walk-threads.js'

answerInThread((data) => {
  const { reader } = openReading(data as WalkThreadData)
  return async (question) => {
    const { asOf, stretch } = question as StretchQuestion
    const answer = await walkStretch(reader, asOf, stretch)
    return { answer, moved: answer.rows === undefined ? [] : [answer.rows.buffer] }
  }
})
