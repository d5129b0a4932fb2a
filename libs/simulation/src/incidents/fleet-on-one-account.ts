import { MINUTE } from '../engine/time.js'
import { logInAccount } from '../doings/logins.js'
import { readSecret } from '../doings/tokens.js'
import type { Incident } from './incident.js'

export const fleetOnOneAccount: Incident = {
  kind: 'fleet-on-one-account',
  title: 'One account, meant for one service, is used by twenty-five machines on one day',
  twin: 'The account is used by its machine, and once by the one that stands in for it',
  requirements: ['R1.6', 'R2.1'],
  breaks: ['shared-identity'],
  days: 3,
  *violate(scene) {
    const slot = scene.slot()
    const account = `svc-${scene.team}-importer`
    scene.involves(`userpass:${account}`)
    yield scene.untilWorkday(1)
    for (let machine = 1; machine <= 25; machine++) {
      yield 7 * MINUTE
      const held = logInAccount(scene.world, account, [scene.team], `10.60.30.${machine}`, 'importer/2.0')
      yield 4_000
      scene.cause(readSecret(scene.world, held, slot))
      if (machine === 6) scene.becomesTrue()
    }
  },
  *comply(scene) {
    const slot = scene.slot()
    const account = `svc-${scene.team}-exporter`
    scene.involves(`userpass:${account}`)
    yield scene.untilWorkday(1)
    for (let turn = 1; turn <= 25; turn++) {
      yield 7 * MINUTE
      const held = logInAccount(scene.world, account, [scene.team], `10.60.31.${turn === 13 ? 2 : 1}`, 'exporter/2.0')
      yield 4_000
      scene.cause(readSecret(scene.world, held, slot))
    }
  },
}
