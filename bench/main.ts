import { parseArgs } from 'node:util'
import { orExplain } from '@catena/runtime'
import { benchChain } from './chain.js'
import { benchIngest } from './ingest.js'

/** `npm run bench -- <name> [--records N] [--json]`. */
const BENCHES: Readonly<Record<string, (records: number) => Promise<object>>> = {
  ingest: benchIngest,
  chain: benchChain,
}

await orExplain(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { json: { type: 'boolean' }, records: { type: 'string' } },
  })
  const bench = BENCHES[positionals[0] ?? '']
  if (bench === undefined) throw new Error(`name a benchmark: ${Object.keys(BENCHES).join(', ')}`)
  const figures = await bench(Number(values.records ?? 1_000_000))
  process.stdout.write(
    values.json === true ? `${JSON.stringify(figures)}\n` : `${JSON.stringify(figures, undefined, 2)}\n`,
  )
})
