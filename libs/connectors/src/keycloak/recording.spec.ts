import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { mergeAll, type Activity, type JsonObject, type SourceInstance } from '@catena/domain'
import { interpretRaw } from '../fixture-cases.js'
import { keycloak } from './index.js'

const FOLDER = join(process.env.CATENA_RECORDINGS ?? join(process.cwd(), '../shared/recordings'), 'vault-keycloak')
const isPresent = existsSync(join(FOLDER, 'keycloak-events.json'))
if (!isPresent) console.warn(`SKIPPED: no recording at ${FOLDER}; set CATENA_RECORDINGS to the folder that holds it`)

const SOURCE: SourceInstance = {
  id: 'kc',
  kind: 'keycloak',
  scope: 'tideline',
  federations: [],
  sharedIdentities: [],
  gaps: [],
}

function arrayOf(file: string): string[] {
  return (JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) as JsonObject[]).map((record) => JSON.stringify(record))
}

function activitiesOf(records: string[], stream: string): Activity[] {
  return records.map((record, index) =>
    interpretRaw(keycloak, SOURCE, record, { recordId: `${stream}-${index}`, position: index }),
  )
}

function countByKind(activities: Activity[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { type } of activities) counts[type] = (counts[type] ?? 0) + 1
  return counts
}

;(isPresent ? describe : describe.skip)('a recorded realm', () => {
  const stored = isPresent ? activitiesOf(arrayOf('keycloak-events.json'), 'events') : []
  const admin = isPresent ? activitiesOf(arrayOf('keycloak-admin-events.json'), 'admin') : []
  const users = isPresent ? activitiesOf(arrayOf('keycloak-users.json'), 'users') : []
  const lines = isPresent ? readFileSync(join(FOLDER, 'keycloak.log'), 'utf8').trimEnd().split('\n') : []
  const logged = activitiesOf(lines, 'log')
  const ofRealm = logged.filter((activity) => activity.attributes.realm === 'tideline')

  it('is read completely', () => {
    expect(countByKind(stored)).toEqual({ LOGIN: 31, CODE_TO_TOKEN: 30, LOGOUT: 6, LOGIN_ERROR: 2 })
    expect(countByKind(ofRealm)).toMatchObject({
      LOGIN: 31,
      CODE_TO_TOKEN: 30,
      LOGOUT: 6,
      LOGIN_ERROR: 2,
      REFRESH_TOKEN: 9,
    })
    expect([...stored, ...admin, ...users].filter((activity) => activity.kind === 'unclassified')).toEqual([])
    expect(new Set(logged.filter(({ kind }) => kind === 'unclassified').map(({ type }) => type))).toEqual(
      new Set(['log']),
    )
  })

  it('R1.9 gives no two stored events one fact id, nor two lines of the log', () => {
    for (const activities of [stored, logged, admin, users])
      expect(new Set(activities.map((activity) => activity.factId)).size).toBe(activities.length)
  })

  it('R1.9 makes one fact of both forms of each code exchange, without a conflict', () => {
    const exchanges = stored.filter((activity) => activity.type === 'CODE_TO_TOKEN')
    for (const exchange of exchanges) {
      const forms = [exchange, ...logged.filter((activity) => activity.factId === exchange.factId)]
      expect(forms).toHaveLength(2)
      expect(mergeAll(forms).conflicts).toEqual([])
    }
  })

  it('R1.1 knows the same sessions from the log as from the stored events', () => {
    const sessions = (activities: Activity[]): string[] => [
      ...new Set(
        activities.flatMap((activity) =>
          activity.groups
            .filter((group) => group.verb === 'establishes')
            .flatMap((group) => group.forms.map((form) => form.key)),
        ),
      ),
    ]
    expect(sessions(ofRealm).sort()).toEqual(sessions(stored).sort())
  })

  it('R1.3 binds one person to each session, whichever form tells of it', () => {
    const people = new Map<string, Set<string>>()
    for (const { groups } of [...stored, ...logged]) {
      const session = groups.find((group) => group.verb === 'establishes')?.forms[0]?.key
      const person = groups.find((group) => group.role === 'person')?.forms[0]?.key
      if (session === undefined) continue
      people.set(session, (people.get(session) ?? new Set()).add(person ?? 'nobody'))
    }
    expect(people.size).toBeGreaterThan(0)
    expect([...people.values()].every((of) => of.size === 1)).toBe(true)
  })

  it('R4.2 tells of the disabled account and the changed memberships', () => {
    expect(admin.filter((activity) => activity.attributes.enabled === false)).toHaveLength(1)
    const memberships = admin.filter((activity) => activity.type.endsWith('GROUP_MEMBERSHIP'))
    expect(memberships.map((activity) => activity.attributes.added).sort()).toEqual([false, true])
    expect(admin.filter((activity) => activity.kind === 'credential-changed')).toHaveLength(1)
  })
})
