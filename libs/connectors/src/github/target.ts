import type { Target } from '@catena/domain'

interface Container {
  readonly id: string | undefined
  readonly name: string | undefined
}

/** A thing in its repository, else in its organisation, whose ids are numbered apart. */
export function targetIn(
  system: string,
  place: { readonly repository: Container; readonly organization: Container },
  path: string,
): Target {
  const inRepository = place.repository.id !== undefined || place.repository.name !== undefined
  const { id, name } = inRepository ? place.repository : place.organization
  return {
    system,
    ...(id === undefined ? {} : { container: `${inRepository ? 'repository' : 'organization'}/${id}` }),
    ...(name === undefined ? {} : { containerName: name }),
    path,
  }
}
