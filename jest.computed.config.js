import config from './jest.config.js'

/** Long ones that compute or ask a database, and promise nothing about time. */
export const COMPUTED = [
  '/libs/graphql/src/sharing/at-once',
  '/libs/ledger/src/interleaving',
  '/libs/recertification/src/timers/year',
  '/libs/recertification/src/walks/walks',
  '/libs/runtime/src/rebuild-access-index',
  '/test/attacks/text-arguments',
  '/test/canaries',
  '/test/controls/judge',
  '/test/malformed/malformed.*',
  '/test/rebuild-interleaving',
  '/test/recertification/access-sample',
  '/test/recertification/campaign-figures',
  '/test/recertification/old-lease',
  '/test/siem/any-order',
  '/test/siem/heard',
  '/test/siem/month',
  '/test/siem/reached',
  '/test/siem/told-again',
  '/test/summaries/.*',
  '/test/truth/.*',
].map((path) => `${path}\\.full\\.spec\\.ts$`)

/** Of these `npm test` takes some of many alike (libs/testing/src/thorough.ts). */
const THOROUGH = [
  '/libs/governance/src/access-summary/summary-projection',
  '/libs/projections/src/access-index/carried-bounds',
].map((path) => `${path}\\.spec\\.ts$`)
process.env['CATENA_TEST_THOROUGH'] = 'yes'

/** Two at once, as `npm test` runs. */
const { testMatch, ...shared } = config
export default {
  ...shared,
  testRegex: [...COMPUTED, ...THOROUGH],
  testPathIgnorePatterns: ['/node_modules/'],
  testTimeout: 300_000,
}
