import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { openKeyFile, type KeyFile } from './key-file.js'
import { deriveCallerKeys } from './keys.js'

const INSTALLATION = Buffer.alloc(32, 7)
const [OLD, NEW] = ['0a', '0b'].map((byte) => byte.repeat(32)) as [string, string]

let folder: string
let file: string
let keys: KeyFile | undefined
let problems: string[]
let writes = 0
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'catena-keys-'))
  file = join(folder, 'keys')
  problems = []
})
afterEach(() => {
  keys?.stop()
  rmSync(folder, { recursive: true })
})

/** Of another size each time, so that a coarse clock of the file system hides nothing. */
function write(...lines: string[]): void {
  writeFileSync(file, `${lines.join('\n')}\n${'#'.repeat((writes += 1))}\n`)
}
function open(...lines: string[]): KeyFile {
  write(...lines)
  return (keys = openKeyFile(file, INSTALLATION, ({ message }) => problems.push(message)))
}
const exchange = (known: KeyFile, ...lines: string[]): void => {
  write(...lines)
  known.look()
}
/** Does what the first made count with the second? */
const made = (one: ReturnType<typeof deriveCallerKeys>) => ({ token: one.tokenHash('t'), session: one.sessionHash('s'), seal: one.seal('alice', 'c') }) // prettier-ignore
const accepts = (known: KeyFile, { token, session, seal }: ReturnType<typeof made>): boolean[] => [
  known.isTokenHash('t', token),
  known.sessionHashes('s').some((hash) => hash.equals(session)),
  known.isSeal('alice', 'c', seal),
]
const ALL = [true, true, true]
const NONE = [false, false, false]

describe('keys of callers in a file', () => {
  it('are exchanged without an end of what the old one made: first both count and the new one makes, then the new one only', () => {
    const known = open(OLD)
    const before = made(known)
    exchange(known, NEW, OLD)
    const meanwhile = made(known)
    expect(meanwhile.token).not.toBe(before.token)
    expect([accepts(known, before), accepts(known, meanwhile)]).toEqual([ALL, ALL])
    exchange(known, NEW)
    expect([accepts(known, before), accepts(known, meanwhile)]).toEqual([NONE, ALL])
  })

  it('take over from the key that counts without a file', () => {
    const before = made(deriveCallerKeys(INSTALLATION))
    const known = open(NEW, 'installation')
    expect([accepts(known, before), accepts(known, made(known))]).toEqual([ALL, ALL])
    exchange(known, NEW)
    expect(accepts(known, before)).toEqual(NONE)
  })

  it('of another secret, caller or text are none', () => {
    const known = open(NEW, OLD)
    expect(known.isTokenHash('other', known.tokenHash('t'))).toBe(false)
    expect(known.isSeal('bob', 'c', known.seal('alice', 'c'))).toBe(false)
    expect(known.isSeal('alice', 'd', known.seal('alice', 'c'))).toBe(false)
  })

  it('stay as they are while the file is not good, which is told without its content', () => {
    const known = open(OLD)
    const before = made(known)
    for (const bad of [['short'], [NEW, 'zz'.repeat(32)], [], [NEW.slice(2)]]) {
      exchange(known, ...bad)
      expect([accepts(known, before), known.tokenHash('t')]).toEqual([ALL, before.token])
    }
    rmSync(file)
    known.look()
    expect(accepts(known, before)).toEqual(ALL)
    expect(problems).toHaveLength(5)
    for (const problem of problems) expect(problem).not.toMatch(/0b0b|zzzz/)
    exchange(known, NEW)
    expect(accepts(known, before)).toEqual(NONE)
  })

  it('that cannot be used at the start stop it', () => {
    expect(() => open('hush')).toThrow(/access.keys_file.*key 1 of .* is no hex of 32 bytes/s)
    expect(() => open()).toThrow(/holds no key or cannot be read/)
    expect(() => openKeyFile(join(folder, 'none'), INSTALLATION, () => undefined)).toThrow(/holds no key/)
  })
})
