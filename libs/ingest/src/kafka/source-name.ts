import { looksSecret } from '@catena/connectors'

/** A name of a source comes from the message, so it is shown and kept only where it reads as one and hides no secret. */
export function readsAsSource(name: string): boolean {
  return /^[\w.-]{1,64}$/.test(name) && !looksSecret(name)
}
