import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Amount, Shipped, ShipperSays } from './shipper.js'
import { answerOf } from './start-receiver.js'

export interface Shipment {
  readonly records: number
  readonly tookS: number
}

export interface Shipper {
  readonly pid: number
  /** Ships that; `onShipped` is told of each request when it is answered. */
  ship(amount: Amount, onShipped: (shipped: Shipped) => void): Promise<Shipment>
  close(): void
}

export interface Doors {
  readonly url: string
  readonly token: string
  readonly databaseUrl: string
}

/** `organisation`: folder of the simulated one whose records it ships; without it the recorded Vault's. */
export async function startShipper({ url, token, databaseUrl }: Doors, organisation = ''): Promise<Shipper> {
  const program = fileURLToPath(new URL('./shipper.js', import.meta.url))
  const child = fork(program, [url, token, databaseUrl, organisation])
  await answerOf(child)
  const ship: Shipper['ship'] = (amount, onShipped) =>
    new Promise((resolve, reject) => {
      const take = (says: ShipperSays): void => {
        if ('shipped' in says) onShipped(says.shipped)
        else {
          child.off('message', take).off('exit', ended)
          resolve({ records: says.records, tookS: says.tookMs / 1000 })
        }
      }
      const ended = (code: number | null): void => reject(new Error(`the shipper ended with ${String(code)}`))
      child.on('message', take).once('exit', ended)
      child.send(amount)
    })
  return { pid: child.pid ?? 0, ship, close: () => void child.kill('SIGKILL') }
}
