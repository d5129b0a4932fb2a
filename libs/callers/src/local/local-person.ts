import { randomBytes } from 'node:crypto'
import { LOCAL_PERSON_KEY, PEOPLE_ROLES, type Caller, type Role } from '@catena/domain'
import { isSame } from '../keys.js'

/** Who uses a Catena on loopback without an identity provider: whoever started it. */
export const LOCAL_PERSON: Caller = {
  id: LOCAL_PERSON_KEY,
  name: 'local person',
  kind: 'person',
  roles: [...PEOPLE_ROLES, 'ingest', 'export'],
  keys: [],
}

export function localPersonAs(role: Role | undefined): Caller {
  return role === undefined ? LOCAL_PERSON : { ...LOCAL_PERSON, name: `local person as ${role}`, roles: [role] }
}

/** Codes of links that sign the local person in, each once. The first is printed at the start. */
export class LocalCodes {
  private readonly codes = new Set<string>()

  make(): string {
    const code = randomBytes(24).toString('base64url')
    this.codes.add(code)
    return code
  }

  take(code: string): boolean {
    const found = [...this.codes].find((one) => isSame(one, code))
    return found !== undefined && this.codes.delete(found)
  }
}
