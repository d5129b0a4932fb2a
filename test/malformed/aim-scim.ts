import type { Malformer } from './malformer.js'
import { shot, type Aim } from './shoot.js'

const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'
const RESOURCES = [
  { userName: 'ann@acme.example', externalId: '00u1', active: true, name: { givenName: 'Ann', familyName: 'Lee' }, emails: [{ value: 'ann@acme.example', type: 'work', primary: true }], [ENTERPRISE]: { department: 'Ops', manager: { value: 'm-1' } } },
  { displayName: 'On call', members: [{ value: 'm-1', display: 'Ann' }, { value: 'm-2' }] },
] // prettier-ignore
const PATCHES = [
  { Operations: [{ op: 'replace', value: { active: false, userName: 'x' } }] },
  { Operations: [{ op: 'Add', path: 'members', value: [{ value: 'm-3' }] }, { op: 'remove', path: 'members[value eq "m-1"]' }] },
  { operations: [{ op: 'replace', path: `${ENTERPRISE}:manager`, value: { value: 'm-1' } }, { op: 'remove', path: 'title' }] },
] // prettier-ignore
const FILTERS = [
  'userName eq "ann@acme.example"',
  'displayName eq "On call"',
  'id eq "\\u0041"',
  'externalId eq "00u1"',
]

/** Of every method, on users and groups that are there and not; bodies, filters, pages and ids are spoiled. */
export const aimScim: Aim = ({ url, headers }, malformer) => {
  const ids = ['m-1']
  return async () => {
    const { path, ...init } = request(malformer, malformer.pick(ids))
    const answer = await shot(`${url}/scim/hr/${path}`, { ...init, headers })
    if (answer.status === 201 && ids.length < 20) ids.push((JSON.parse(answer.text) as { id: string }).id)
    return answer
  }
}

interface ScimRequest {
  readonly method: string
  readonly path: string
  readonly body?: string
}

function request(malformer: Malformer, id: string): ScimRequest {
  const type = malformer.pick(['Users', 'Groups'])
  const spoiledId = encodeURIComponent(wellFormed(malformer.next() < 0.3 ? malformer.spoil(id) : id))
  const one = `${type}/${spoiledId}`
  switch (malformer.pick(['list', 'list', 'get', 'create', 'replace', 'patch', 'patch', 'delete'])) {
    case 'list':
      return { method: 'GET', path: `${type}?${parameters(malformer)}` }
    case 'get':
      return { method: 'GET', path: `${one}?excludedAttributes=${encodeURIComponent(wellFormed(malformer.spoil('members')))}` }
    case 'create':
      return { method: 'POST', path: type, body: malformer.spoil(JSON.stringify(malformer.pick(RESOURCES))) }
    case 'replace':
      return { method: 'PUT', path: one, body: malformer.spoil(JSON.stringify(malformer.pick(RESOURCES))) }
    case 'patch':
      return { method: 'PATCH', path: one, body: malformer.spoil(JSON.stringify(malformer.pick(PATCHES))) }
    default:
      return { method: 'DELETE', path: `${type}/${encodeURIComponent(wellFormed(malformer.spoil(id)))}` }
  }
} // prettier-ignore

function parameters(malformer: Malformer): string {
  const spoiled = {
    filter: malformer.spoil(malformer.pick(FILTERS)),
    startIndex: malformer.next() < 0.3 ? malformer.spoil('1') : '1',
    count: malformer.next() < 0.3 ? malformer.spoil('10') : '10',
  }
  return new URLSearchParams(Object.entries(spoiled).map(([name, value]): [string, string] => [name, wellFormed(value).slice(0, 3_000)])).toString() // prettier-ignore
}

/** An address has no half characters. */
function wellFormed(text: string): string {
  return text.replace(/\p{Surrogate}/gu, '\ufffd')
}
