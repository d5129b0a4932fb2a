import type { Output } from '../context.js'

/** Shortest time between two drawings. */
const DRAW_EVERY_MS = 100
const ERASE_LINE = '\r\u001b[2K'

/** A line at the bottom of a terminal that is drawn again and again. */
export class ProgressLine {
  private drawnAt = -Infinity
  private isShown = false

  constructor(
    private readonly output: Output,
    private readonly now: () => number,
  ) {}

  draw(render: () => string): void {
    if (this.now() - this.drawnAt < DRAW_EVERY_MS) return
    this.drawnAt = this.now()
    this.isShown = true
    this.output.write(`${ERASE_LINE}${render()}`)
  }

  /** At once: it is of something else than the line before. */
  drawAnew(render: () => string): void {
    this.drawnAt = -Infinity
    this.draw(render)
  }

  erase(): void {
    if (this.isShown) this.output.write(ERASE_LINE)
    this.isShown = false
  }
}
