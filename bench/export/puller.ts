/** A process of its own that pulls the feed page by page to its end, and tells its parent how many events it got in how many ms. */
export interface Pulled {
  readonly events: number
  readonly ms: number
}

const PAGE = 10_000
const LINE_FEED = 0x0a

if (process.send !== undefined) {
  const [url = '', token = ''] = process.argv.slice(2)
  const begun = performance.now()
  let events = 0
  for (let query = `limit=${PAGE}`; ;) {
    const answer = await fetch(`${url}/v1/events?${query}`, { headers: { authorization: `Bearer ${token}` } })
    if (answer.status !== 200) throw new Error(`${answer.status} ${await answer.text()}`)
    for await (const piece of answer.body as unknown as AsyncIterable<Uint8Array>)
      for (let at = piece.indexOf(LINE_FEED); at !== -1; at = piece.indexOf(LINE_FEED, at + 1)) events++
    if (answer.headers.get('catena-has-more') === 'false') break
    query = `limit=${PAGE}&cursor=${answer.headers.get('catena-cursor') ?? ''}`
  }
  process.send({ events, ms: performance.now() - begun } satisfies Pulled)
  process.disconnect()
}
