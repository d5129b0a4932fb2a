import type { ReceiverSettings, RemediationSettings, SystemSettings } from '@catena/platform'
import type { Carrier, Receiver } from './carrier.js'
import { csvFileReceiver } from './csv-file.js'
import { githubCarrier } from './github.js'
import { keycloakCarrier } from './keycloak.js'
import { vaultCarrier } from './vault.js'
import { webhookReceiver } from './webhook.js'

export interface Hands {
  readonly carriers: ReadonlyMap<string, Carrier>
  readonly receivers: readonly Receiver[]
}

export function handsOf({ systems, receivers }: RemediationSettings): Hands {
  return { carriers: new Map(systems.map((system) => [system.id, carrierOf(system)])), receivers: receivers.map(receiverOf) }
} // prettier-ignore

function carrierOf(system: SystemSettings): Carrier {
  switch (system.kind) {
    case 'vault':
      return vaultCarrier(system)
    case 'keycloak':
      return keycloakCarrier(system)
    case 'github':
      return githubCarrier(system)
  }
}

function receiverOf(receiver: ReceiverSettings): Receiver {
  return receiver.kind === 'webhook' ? webhookReceiver(receiver) : csvFileReceiver(receiver)
}
