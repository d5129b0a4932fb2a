import type { ActivityKind } from '@catena/domain'

export type Concern =
  'logon' | 'logoff' | 'secret' | 'session' | 'session-end' | 'inside' | 'request' | 'change' | 'aside'

export interface Code {
  readonly kind: ActivityKind
  readonly concern: Concern
}

const CODES = new Map<string, Code>()

function codes(kind: ActivityKind, concern: Concern, numbers: string): void {
  for (const number of numbers.split(' ')) CODES.set(number, { kind, concern })
}

// "Vault Audit Action Codes" in the vendor's reference.
codes('login', 'logon', '4 5 7 309')
codes('logout', 'logoff', '8')
codes('secret-read', 'secret', '51 295 319 428')
codes('key-used', 'secret', '308')
codes('key-used', 'session', '300 378')
codes('logout', 'session-end', '302 380')
codes('operation', 'inside', '344 346 359 360 361 362 411 412')
codes('secret-written', 'secret', '24 31 50 57 60 62 88 294 427')
codes('operation', 'secret', '22 38 98 105 106 107 124 125 126 130 414')
codes('secret-deleted', 'secret', '52')
codes('membership-changed', 'change', '180 259 265 266 2')
codes('policy-changed', 'change', '32 33 273 278')
codes('configuration-changed', 'change', '0 1 181 185 187 467')
codes('credential-changed', 'change', '316 317')
codes(
  'not-about-access',
  'aside',
  '19 20 59 178 202 203 288 289 290 291 304 310 311 326 327 355 356 357 358 385 449 459 479 482',
)

/** Steps of dual control carry their names, and codes that differ between versions. */
const REQUEST = /^(?:auto )?(?:add|create|confirm|reject|delete|cancel) (?:\w+ )?(?:request|confirmation)\b/i

/** undefined: a code that nobody has read yet. */
export function codeOf(number: string | undefined, action: string | undefined): Code | undefined {
  if (action !== undefined && REQUEST.test(action)) return { kind: 'approval-observed', concern: 'request' }
  return number === undefined ? undefined : CODES.get(number)
}
