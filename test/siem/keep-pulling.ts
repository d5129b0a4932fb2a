import { setTimeout as sleep } from 'node:timers/promises'

/** A client of `GET /v1/events` as a SIEM has one: it keeps the cursor of the last answer that it got whole, and asks again whatever happens. */
export interface Puller {
  readonly got: { readonly id: string; readonly sequence: number; readonly credential: string }[]
  /** How often it had to ask again. */
  readonly failures: () => number
  stop(): Promise<void>
}

interface Ocsf {
  readonly metadata: { readonly uid: string; readonly sequence: number }
  readonly resources?: readonly { readonly uid: string }[]
}

export function keepPulling(url: string, token: () => Promise<string>): Puller {
  const got: Puller['got'] = []
  let [cursor, failures, isStopped] = ['', 0, false]
  const ask = async (): Promise<void> => {
    const query = cursor === '' ? 'wait=1' : `wait=1&cursor=${cursor}`
    const answer = await fetch(`${url}/v1/events?${query}`, { headers: { authorization: `Bearer ${await token()}` } })
    const text = await answer.text()
    if (answer.status !== 200) throw new Error(`${answer.status} ${text}`)
    for (const line of text.split('\n').filter(Boolean)) {
      const { metadata, resources } = JSON.parse(line) as Ocsf
      got.push({ id: metadata.uid, sequence: metadata.sequence, credential: resources?.[0]?.uid ?? '' })
    }
    cursor = answer.headers.get('catena-cursor') ?? ''
  }
  const pulling = (async () => {
    while (!isStopped) {
      await ask().catch(async () => {
        failures++
        await sleep(100)
      })
    }
  })()
  const stop = (): Promise<void> => {
    isStopped = true
    return pulling
  }
  return { got, failures: () => failures, stop }
}
