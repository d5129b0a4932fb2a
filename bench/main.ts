import { parseArgs } from 'node:util'
import { orExplain } from '@catena/runtime'
import { benchActiveCampaigns } from './active-campaigns.js'
import { API_PAIRS, benchApi } from './api.js'
import { benchCampaigns } from './campaigns.js'
import { benchChain, benchChainIn } from './chain.js'
import { benchExport, OUTAGE_PAIRS } from './export/export.js'
import { WAYS, type Way } from './export/ways.js'
import { benchConnectors } from './connectors.js'
import { benchGrowth, CREDENTIALS as GROWN } from './growth.js'
import { benchIngest } from './ingest.js'
import { benchLedger, PAIRS, SLOW_ROUNDS } from './ledger.js'
import { benchMicroCertifications, MICRO_ROUNDS } from './micro-certifications.js'
import { benchRebuild } from './rebuild.js'
import { benchSimulate } from './simulate.js'
import { benchVerdicts, benchVerdictsIn } from './verdicts.js'

/** `npm run bench -- <name> [--records N] [--credentials N] [--pairs N] [--slow-rounds N] [--without-emmett] [--outage] [--delay N] [--organisation] [--way NAME] [--folder PATH] [--json]`; see docs/performance.md. */
const OPTIONS = {
  json: { type: 'boolean' },
  records: { type: 'string' },
  credentials: { type: 'string' },
  pairs: { type: 'string' },
  'slow-rounds': { type: 'string' },
  'without-emmett': { type: 'boolean' },
  outage: { type: 'boolean' },
  delay: { type: 'string' },
  way: { type: 'string' },
  organisation: { type: 'boolean' },
  folder: { type: 'string' },
} as const

type Values = ReturnType<typeof parseArgs<{ options: typeof OPTIONS; allowPositionals: true }>>['values']

const BENCHES: Readonly<Record<string, (values: Values) => Promise<object>>> = {
  api: ({ pairs }) => benchApi(wholeOf('pairs', pairs, API_PAIRS)),
  export: ({ records, outage, delay, pairs, way, organisation }) =>
    benchExport({
      way: wayOf(way),
      of: organisation === true ? 'organisation' : 'vault',
      events: wholeOf('records', records, 60_000),
      outagePairs: outage === true ? wholeOf('pairs', pairs, OUTAGE_PAIRS) : undefined,
      delayAt: delay === undefined ? undefined : wholeOf('delay', delay, 2_000),
    }),
  ingest: ({ records }) => benchIngest(wholeOf('records', records, 1_000_000)),
  growth: ({ records, folder }) => benchGrowth(wholeOf('records', records, 10_000_000), folder),
  chain: ({ records, credentials, folder }) =>
    folder !== undefined
      ? benchChainIn(folder, wholeOf('credentials', credentials, GROWN))
      : benchChain(wholeOf('records', records, 1_000_000)),
  'active-campaigns': ({ records }) => benchActiveCampaigns(wholeOf('records', records, 500)),
  campaigns: ({ records }) => benchCampaigns(wholeOf('records', records, 1_000_000)),
  connectors: ({ records }) => Promise.resolve(benchConnectors(wholeOf('records', records, 10_000))),
  'micro-certifications': ({ pairs }) => benchMicroCertifications(wholeOf('pairs', pairs, MICRO_ROUNDS)),
  rebuild: ({ records }) => benchRebuild(wholeOf('records', records, 100_000)),
  simulate: ({ records }) => benchSimulate(wholeOf('records', records, 1_000_000)),
  verdicts: ({ records, credentials, folder }) =>
    folder !== undefined
      ? benchVerdictsIn(folder)
      : benchVerdicts(wholeOf('records', records, 60_000), wholeOf('credentials', credentials, 1_000)),
  ledger: ({ pairs, 'slow-rounds': slowRounds, 'without-emmett': withoutEmmett }) =>
    benchLedger({
      pairs: wholeOf('pairs', pairs, PAIRS),
      slowRounds: wholeOf('slow-rounds', slowRounds, SLOW_ROUNDS),
      withEmmett: withoutEmmett !== true,
    }),
}

function wholeOf(name: string, text: string | undefined, otherwise: number): number {
  const value = text === undefined ? otherwise : Number(text)
  if (!Number.isSafeInteger(value) || value < 1)
    throw new Error(`--${name} wants a whole number from 1, not ${String(text)}`)
  return value
}

function wayOf(name: string | undefined): Way | undefined {
  const way = WAYS.find((one) => one === name)
  if (name !== undefined && way === undefined) throw new Error(`--way wants one of ${WAYS.join(', ')}, not ${name}`)
  return way
}

await orExplain(async () => {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: OPTIONS })
  const bench = BENCHES[positionals[0] ?? '']
  if (bench === undefined) throw new Error(`name a benchmark: ${Object.keys(BENCHES).join(', ')}`)
  const figures = await bench(values)
  process.stdout.write(
    values.json === true ? `${JSON.stringify(figures)}\n` : `${JSON.stringify(figures, undefined, 2)}\n`,
  )
})
