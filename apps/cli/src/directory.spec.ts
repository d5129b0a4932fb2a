import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { startRealCatena, type RealCatena } from './testing/real-catena.js'

const SOURCES = `sources:
  - { id: hr, kind: directory-csv, scope: hr }
  - { id: guests, kind: directory-csv, scope: guests }
  - { id: idp, kind: keycloak, scope: acme }
`
const JUNE = `id,user_name,email,manager,employment,start_date,end_date,groups
1,bo,bo@acme.example,,active,2020-01-01,,Leads
2,ann,Ann@acme.example,1,active,2024-02-01,,Ops; On call
3,"cy ""the cat""",cy@acme.example,2,active,,2026-07-15,Ops
`
const AUGUST = `id,user_name,email,manager,employment,start_date,end_date,groups
1,bo,bo@acme.example,,active,2020-01-01,,Leads
2,ann,Ann@acme.example,,on leave,2024-02-01,,Ops
`

let real: RealCatena
const file = async (name: string, content: string): Promise<string> => {
  await writeFile(join(real.folder, name), content)
  return join(real.folder, name)
}
beforeAll(async () => {
  real = await startRealCatena()
  await real.configure(SOURCES)
  await real.catena('directory', 'import', 'hr', await file('june.csv', JUNE), '--as-of', '2026-06-30')
  await real.catena('directory', 'import', 'hr', await file('august.csv', AUGUST), '--as-of', '2026-08-31')
  const guests = (email: string, name: string): string => `id,user_name,email,display_name\n9,zoe,${email},${name}\n`
  await real.catena('directory', 'import', 'guests', await file('a.csv', guests('zoe@acme.example', 'Zoe Z')), '--as-of', '2026-06-30') // prettier-ignore
  await real.catena('directory', 'import', 'guests', await file('b.csv', guests('', '')), '--as-of', '2026-08-31')
  await real.catena('directory', 'import', 'hr', await file('names.csv', 'id,user_name,department\n1,bo,Platform\n2,ann,Payments\n'), '--as-of', '2026-09-30') // prettier-ignore
}, 60_000)
afterAll(() => real.stop())

describe('an imported list', () => {
  it('R3.3 tells who was in a group on a day, before and after it was made', async () => {
    const on = async (day: string) => (await real.catena('group', 'ops', '--on', day)).out()
    expect(await on('2026-03-01')).toMatch(/ann {2}directory-csv\/hr, since before the records/)
    expect(await on('2026-07-01')).toContain('cy "the cat"')
    expect((await real.catena('group', 'On call', '--on', '2026-07-01')).out()).toContain('ann')
    expect((await real.catena('group', 'On call', '--on', '2026-09-15')).code()).toBe(3)
  })

  it('R3.3 tells who was whose manager, and takes back what a later list leaves empty', async () => {
    const then = await real.catena('person', 'ann@acme.example', '--on', '2026-07-01')
    expect(then.out()).toMatch(/manager +bo/)
    const later = await real.catena('person', 'ann', '--on', '2026-09-15')
    expect(later.out()).not.toMatch(/manager +bo/)
    expect(later.out()).toContain('on leave')
  })

  it('R3.3 takes an address and a name back that a later list leaves empty', async () => {
    expect((await real.catena('person', 'zoe', '--on', '2026-07-01')).out()).toMatch(/Zoe Z[\s\S]*zoe@acme\.example/)
    expect((await real.catena('person', 'zoe', '--on', '2026-09-15')).out()).not.toMatch(/Zoe Z|zoe@acme\.example/)
  })

  it('R3.3 keeps an address that a later list has no column for', async () => {
    const entry = (await real.catena('person', 'ann', '--on', '2026-10-15')).out()
    expect(entry).toMatch(/Payments/)
    expect(entry).toMatch(/ann@acme\.example/i)
    expect((await real.catena('person', 'ann@acme.example', '--on', '2026-10-15')).code()).toBe(0)
  })

  it('R4.1 makes a leaver of whoever has a last day, from the day after', async () => {
    const state = async (day: string) => (await real.catena('person', 'cy@acme.example', '--on', day)).out()
    expect(await state('2026-07-15')).toMatch(/state +active/)
    expect(await state('2026-07-16')).toMatch(/state +left since 2026-07-16/)
  })

  it('R1.9 is known when it comes again, and changes nothing', async () => {
    const again = await real.catena('directory', 'import', 'hr', await file('june.csv', JUNE), '--as-of', '2026-06-30')
    expect(again.out()).toContain('0 rows imported into hr, 3 rows known before')
  })
})

describe('a list with bad rows', () => {
  it('is not imported at all, and each bad row is named', async () => {
    const bad = `id,user_name,manager,employment,start_date\n7,dee,,active,2026-01-01\n8,eve,99,busy,yesterday\n7,dan,,,\n9,fay,,,2026-02-31\n`
    const answer = await real.catena('directory', 'import', 'hr', await file('bad.csv', bad))
    expect(answer.code()).toBe(1)
    expect(answer.errors()).toContain('nothing was imported')
    expect(answer.errors()).toContain('line 3: start_date must be a day such as 2026-03-01')
    expect(answer.errors()).toContain('line 5: start_date must be a day such as 2026-03-01')
    expect(answer.errors()).toContain('line 3: employment must be one of active, on leave, disabled, left')
    expect(answer.errors()).toContain('line 3: manager 99 is no id of this file')
    expect(answer.errors()).toContain('line 4: id 7 stands in line 2 already')
    expect((await real.catena('person', 'dee')).code()).toBe(3)
  })

  it('is not imported where it is written otherwise than in UTF-8, or ends within a quote', async () => {
    const latin = join(real.folder, 'latin.csv')
    await writeFile(latin, Buffer.from('id,user_name\n11,j\u00fcrgen\n', 'latin1'))
    const wrong = await real.catena('directory', 'import', 'hr', latin)
    expect([wrong.code(), wrong.errors()]).toEqual([1, expect.stringContaining('is not written in UTF-8')])
    const half = await real.catena(
      'directory',
      'import',
      'hr',
      await file('half.csv', 'id,groups\n12,Ops\n13,"Ops; On c'),
    )
    expect([half.code(), half.errors()]).toEqual([1, expect.stringContaining('line 3: a quote opens and never closes')])
    for (const id of ['11', '12', '13']) expect((await real.catena('person', id)).code()).toBe(3)
  })

  it('is refused with the columns that there are', async () => {
    const answer = await real.catena('directory', 'import', 'hr', await file('head.csv', 'id,nickname\n1,x\n'))
    expect(answer.errors()).toContain('line 1: unknown column "nickname"; there are id, user_name')
  })

  it('needs a source of its kind', async () => {
    const answer = await real.catena('directory', 'import', 'idp', await file('june.csv', JUNE))
    expect(answer.errors()).toContain('idp is no source of kind directory-csv: there are hr')
  })
})

describe('a person', () => {
  it('R6.8 who sponsors a workload is found by the directory', async () => {
    const csv = 'workload,sponsors,start_date,end_date\nrepository-name:github/github.com:acme/shop,2,,\nnonsense,2,,\n'
    const bad = await real.catena('directory', 'import', 'hr', await file('workloads.csv', csv))
    expect(bad.errors()).toContain('line 3: nonsense is no key')
  })

  it('R1.10 is told of a day as of its end, as everywhere', async () => {
    const on = async (time: string) => (await real.catena('person', 'cy@acme.example', '--on', time)).out()
    expect(await on('2026-07-16T00:00:00Z')).toMatch(/state +left since 2026-07-16/)
    expect(await on('2026-07-15T23:59:59Z')).toMatch(/state +active/)
    const group = (time: string) => real.catena('group', 'On call', '--on', time, '--json')
    expect((await group('2026-06-30')).out()).toContain('"at": "2026-06-30T23:59:59.999Z"')
  })

  it('is shown for scripts with the cut, and moments as other commands write them', async () => {
    const answer = await real.catena('person', 'cy@acme.example', '--on', '2026-09-15', '--json')
    const { persons, cut, at } = JSON.parse(answer.out()) as { cut: string; at: string; persons: { entry: { name: string; employment: object } }[] } // prettier-ignore
    expect([typeof cut, at]).toEqual(['string', '2026-09-15T23:59:59.999Z'])
    expect(persons[0]?.entry.employment).toMatchObject({ state: 'left', since: '2026-07-16T00:00:00.000Z' })
    expect(answer.out()).not.toMatch(/: 1\d{12}\b/)
  })
})
