/** How far a projection has read, for those who wait for a position. */
export class Reached {
  private waiters: { position: number; resolve: () => void }[] = []
  position = 0

  until(position: number): Promise<void> {
    if (this.position >= position) return Promise.resolve()
    return new Promise((resolve) => this.waiters.push({ position, resolve }))
  }

  set(position: number): void {
    this.position = position
    const done = this.waiters.filter((waiter) => waiter.position <= position)
    this.waiters = this.waiters.filter((waiter) => waiter.position > position)
    for (const waiter of done) waiter.resolve()
  }
}
