const UNITS_MS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const

/** `90s`, `15m`, `10h`, `2d`, or a number of seconds → milliseconds; undefined for anything else and for nothing. */
export function parseDurationMs(value: string | number): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) && value > 0 ? value * 1000 : undefined
  const match = /^(\d+(?:\.\d+)?)\s*(ms|s|m|h|d)$/.exec(value.trim())
  if (!match) return undefined
  const amount = Number(match[1]) * UNITS_MS[match[2] as keyof typeof UNITS_MS]
  return amount > 0 ? amount : undefined
}
