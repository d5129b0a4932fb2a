import { connectorFor, unsignedIn, verifyGithubSignature, wrapDelivery } from '@catena/connectors'
import type { Activity, SourceInstance } from '@catena/domain'
import { deriveIntakeKeys, receive, type HttpDoor, type HttpReceipt } from '@catena/ingest'
import { MemoryLedger } from '@catena/ledger'
import { beforeEach, describe, expect, it } from '@jest/globals'
import { createHmac } from 'node:crypto'

const SECRET = 'shared with GitHub, unknown to whoever recorded the traffic'
const bare = { scope: 'github.com', federations: [], sharedIdentities: [], gaps: [] }
const github: SourceInstance = { ...bare, id: 'github-acme', kind: 'github' }
const gitlab: SourceInstance = { ...bare, id: 'gitlab-acme', kind: 'gitlab' }

let ledger: MemoryLedger
let door: HttpDoor
beforeEach(() => {
  ledger = new MemoryLedger()
  door = {
    ledger,
    keys: deriveIntakeKeys(Buffer.alloc(32, 5)),
    sourceOf: (id) => [github, gitlab].find((one) => one.id === id),
    connectorFor,
    webhookSecretsOf: () => Promise.resolve([SECRET]),
    verifySignature: verifyGithubSignature,
    wrapDelivery,
    unsignedIn,
  }
})

const sender = { id: 101, login: 'ada', type: 'User' }
const repository = { id: 3, full_name: 'acme/shop', owner: { id: 1, login: 'acme' } }
const run = { id: 4711, run_attempt: 1, status: 'waiting', created_at: '2026-11-20T10:00:00Z', updated_at: '2026-11-20T10:00:00Z' } // prettier-ignore
const RUN = JSON.stringify({ action: 'requested', workflow_run: run, repository, sender })
const ADDED = JSON.stringify({ action: 'added', scope: 'team', member: sender, team: { id: 5, slug: 'on-call' }, sender, organization: { id: 1, login: 'acme' } }) // prettier-ignore

/** What went over the network, as somebody on the way recorded it: everything but the secret. */
function deliver(body: string, event: string, id: string): Promise<HttpReceipt> {
  const signature = `sha256=${createHmac('sha256', SECRET).update(body).digest('hex')}`
  const headers = { 'x-github-event': event, 'x-github-delivery': id, 'x-hub-signature-256': signature }
  return receive(door, { source: github.id, headers, body: once(body), isEntitled: false })
}
async function* once(body: string): AsyncGenerator<Buffer> {
  yield await Promise.resolve(Buffer.from(body))
}

/** What Catena believes: facts by id, in how many records each was seen. */
async function facts(): Promise<Map<string, Activity[]>> {
  const all = new Map<string, Activity[]>()
  for (const event of await ledger.read(0, 100)) {
    const payload = JSON.parse(String(event.payload)) as Activity['attributes']
    const fact = connectorFor('github').interpret({ ...event, payload }, github)
    all.set(fact.factId, [...(all.get(fact.factId) ?? []), fact])
  }
  return all
}
const listed = async () => (await ledger.quarantine(0, 10)).map(({ reason, seen }) => [reason, seen])

describe('a delivery of GitHub that was recorded and is sent again', () => {
  it('R1.9 as it was changes nothing', async () => {
    expect(await deliver(RUN, 'workflow_run', 'd-1')).toMatchObject({ stored: 1 })
    expect(await deliver(RUN, 'workflow_run', 'd-1')).toMatchObject({ stored: 0, duplicates: 1, quarantined: 0 })
    expect(await ledger.head()).toBe(1)
  })

  it('R1.9 under other delivery ids is one fact, and each attempt is listed', async () => {
    await deliver(ADDED, 'membership', 'd-1')
    const before = await facts()
    for (const id of ['d-2', 'd-3', 'd-2']) expect(await deliver(ADDED, 'membership', id)).toMatchObject({ stored: 0 })
    expect(await facts()).toEqual(before)
    expect(before.size).toBe(1)
    const reason =
      'its signed body came before under another event or delivery id: a replay, or an event that reads alike'
    expect(await listed()).toEqual([[reason, 2], [reason, 1]]) // prettier-ignore
  })

  it.each([
    ['an approval', 'deployment_review'],
    ['a job', 'workflow_job'],
    ['a change of a team', 'membership'],
    ['the end of the hook', 'meta'],
    ['something new', 'brand_new_event'],
  ])('R1.9 as %s is refused and listed, whether it comes second or first', async (_, event) => {
    await deliver(RUN, 'workflow_run', 'd-1')
    expect(await deliver(RUN, event, 'd-2')).toMatchObject({ stored: 0, quarantined: 1 })
    expect([...(await facts()).values()].flat().map(({ kind }) => kind)).toEqual(['run-observed'])

    ledger = new MemoryLedger()
    door = { ...door, ledger }
    expect(await deliver(RUN, event, 'd-2')).toMatchObject({ stored: 0, quarantined: 1 })
    expect(await listed()).toEqual([['the event in the header is not the one that the body is of', 1]])
    // The forger who comes first takes nothing from the true delivery.
    expect(await deliver(RUN, 'workflow_run', 'd-1')).toMatchObject({ stored: 1 })
  })

  it('R1.9 under the delivery id of another event does not blur that event', async () => {
    await deliver(ADDED, 'membership', 'd-1')
    const removed = ADDED.replace('"added"', '"removed"')
    expect(await deliver(removed, 'membership', 'd-1')).toMatchObject({ stored: 0, quarantined: 1 })
    expect(await listed()).toEqual([['its delivery id came before with another body', 1]])
    const [[fact, ...others]] = [...(await facts()).values()] as [Activity[]]
    expect(others).toEqual([])
    expect(fact?.attributes).toMatchObject({ change: 'added' })
  })

  it('R1.9 ten times at once under ten ids is stored once', async () => {
    await Promise.all(Array.from({ length: 10 }, (_, n) => deliver(ADDED, 'membership', `d-${n}`)))
    expect(await ledger.head()).toBe(1)
    expect((await facts()).size).toBe(1)
  })

  it('R1.9 after a failure between the two writes is stored when GitHub delivers it again', async () => {
    const { append } = ledger
    ledger.append = () => Promise.reject(new Error('database gone'))
    await expect(deliver(ADDED, 'membership', 'd-1')).rejects.toThrow('database gone')
    ledger.append = append
    expect(await deliver(ADDED, 'membership', 'd-1')).toMatchObject({ stored: 1 })
  })
})

describe('a delivery of GitLab that is sent again', () => {
  it('R1.9 is what its body says, whatever the headers beside it', async () => {
    const body =
      '{"object_kind":"build","build_id":9,"build_status":"success","pipeline_id":4,"project_id":3,"build_finished_at":"2026-11-20T10:00:00Z"}'
    const again = ['Job Hook', 'Pipeline Hook', 'Member Hook'].map((event, n) =>
      receive(door, {
        source: gitlab.id,
        headers: { 'x-gitlab-token': SECRET, 'x-gitlab-event': event, 'x-gitlab-event-uuid': `u-${n}` },
        body: once(body),
        isEntitled: false,
      }),
    )
    await Promise.all(again)
    expect((await ledger.read(0, 10)).map(({ type }) => type)).toEqual(['build.success'])
  })
})
