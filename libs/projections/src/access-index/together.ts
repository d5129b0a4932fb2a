interface Waiting<Q, A> {
  readonly questions: readonly Q[]
  readonly resolve: (answers: readonly A[]) => void
  readonly reject: (error: unknown) => void
}

/** Answers all that is asked in one turn of the event loop at once: what a page waits for is the number of its rounds. */
export class Together<Q, A> {
  private waiting: Waiting<Q, A>[] = []

  /** `answer`: one answer per question, in their order. */
  constructor(private readonly answer: (questions: readonly Q[]) => Promise<readonly A[]>) {}

  /** Answers in the order of the questions. */
  ask(questions: readonly Q[]): Promise<readonly A[]> {
    if (questions.length === 0) return Promise.resolve([])
    if (this.waiting.length === 0) setImmediate(() => void this.flush())
    return new Promise((resolve, reject) => this.waiting.push({ questions, resolve, reject }))
  }

  private async flush(): Promise<void> {
    const asked = this.waiting
    this.waiting = []
    try {
      const answers = await this.answer(asked.flatMap(({ questions }) => questions))
      let from = 0
      for (const { questions, resolve } of asked) resolve(answers.slice(from, (from += questions.length)))
    } catch (error) {
      for (const { reject } of asked) reject(error)
    }
  }
}
