// Preloaded into a process: its clock jumps a year back, an hour ahead and half a century ahead. Timers are not touched; they have a clock of their own.
const STEP_MS = 400
const JUMPS_MS = [0, -365 * 86_400_000, 3_600_000, 0, -50, 18_250 * 86_400_000]
const RealDate = Date
const now = () => Math.floor(RealDate.now() + JUMPS_MS[Math.floor(performance.now() / STEP_MS) % JUMPS_MS.length])

globalThis.Date = class extends RealDate {
  constructor(...parts) {
    if (parts.length === 0) super(now())
    else super(...parts)
  }
  static now() {
    return now()
  }
}
