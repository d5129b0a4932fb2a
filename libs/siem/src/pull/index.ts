export { CursorExpired, CursorOfAnother, pull, type PullAnswer, type PullDesk } from './pull.js'
export { BadQuestion, readQuestion, type PullQuestion } from './question.js'
