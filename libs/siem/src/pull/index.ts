export { CursorExpired, CursorOfAnother, pull, type PullAnswer, type PullDesk } from './pull.js'
export { BadQuestion, readQuestion, withinSources, type PullQuestion } from './question.js'
