import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { startRealCatena, type RealCatena } from './testing/real-catena.js'

let real: RealCatena
beforeAll(async () => {
  real = await startRealCatena()
}, 60_000)
afterAll(() => real.stop())

const run = (...words: string[]) => real.catena('export', ...words)

describe('catena export', () => {
  it('R8.1 adds a destination, tests it, shows it, pauses, resumes, replays and removes it', async () => {
    const folder = join(real.folder, 'out')
    expect((await run('list')).out()).toContain('No destinations yet')
    const added = await run('add', 'disk', '--kind', 'files', '--format', 'ecs', '--set', `folder=${folder}`, '--severity', 'medium') // prettier-ignore
    expect([added.errors(), added.out()]).toEqual(['', expect.stringContaining('disk is added')])
    const tested = await run('test', 'disk')
    expect(tested.out()).toContain('disk took it')
    const line = readFileSync(join(folder, 'events.ndjson'), 'utf8').trim()
    expect(JSON.parse(line)).toMatchObject({ event: { action: 'test' } })
    expect(tested.out()).toContain(line)
    expect((await run('pause', 'disk')).out()).toBe('disk is paused\n')
    expect((await run('status', 'disk')).out()).toMatch(/^disk: files, ecs, paused\n {2}acknowledged up to 0; 0 delivered, 0 dead\n {2}no backlog/) // prettier-ignore
    expect((await run('resume', 'disk')).code()).toBe(0)
    expect((await run('replay', 'disk', '--after', '0')).code()).toBe(0)
    expect((await run('dead-letters')).out()).toBe('No dead letters\n')
    expect((await run('remove', 'disk')).code()).toBe(0)
    expect((await run('list', '--json')).out()).toBe('[]\n')
  }, 60_000)

  it('says in one line what to do', async () => {
    expect((await run('add', 'x', '--kind', 'pigeon')).errors()).toMatch(/^catena: kind must be one of kafka, syslog/)
    expect((await run('add', 'x', '--kind', 'files')).errors()).toBe(
      'catena: target.folder is missing: say it by --set folder=VALUE\n',
    )
    expect((await run('add', 'x', '--kind', 'kafka', '--set', 'topic')).errors()).toBe('catena: --set is "topic": write name=value\n') // prettier-ignore
    expect((await run('add', 'x', '--kind', 'files', '--set', 'folder=/tmp/x', '--sources', 'nobody')).errors()).toMatch(/selects nothing: there are idp, catena/) // prettier-ignore
    const unknown = await run('pause', 'nix')
    expect([unknown.code(), unknown.errors()]).toEqual([3, 'catena: no destination is called nix: there is none yet, add one\n']) // prettier-ignore
    expect((await run('replay', 'nix', '--since', 'yesterday')).errors()).toMatch(/write a time such as/)
  }, 60_000)
})
