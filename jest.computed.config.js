import config from './jest.config.js'

/** Long ones that compute, ask a database, or kill what they began, and promise nothing about time. */
export const COMPUTED = [
  '/libs/graphql/src/sharing/at-once',
  '/libs/ledger/src/interleaving',
  '/libs/recertification/src/timers/year',
  '/libs/recertification/src/walks/walks',
  '/libs/runtime/src/rebuild-access-index',
  '/test/attacks/text-arguments',
  '/test/backup/backup',
  '/test/canaries',
  '/test/controls/judge',
  '/test/faults/campaign-killed',
  '/test/faults/remediation-killed',
  '/test/faults/watch-killed',
  '/test/login/keycloak',
  '/test/malformed/malformed.*',
  '/test/rebuild-interleaving',
  '/test/recertification/access-sample',
  '/test/recertification/campaign-figures',
  '/test/recertification/old-lease',
  '/test/siem/any-order',
  '/test/siem/heard',
  '/test/siem/month',
  '/test/siem/reached',
  '/test/siem/rebuild-all',
  '/test/siem/told-again.*',
  '/test/summaries/.*',
  '/test/truth/.*',
].map((path) => `${path}\\.full\\.spec\\.ts$`)

/** Of these `npm test` takes some of many alike (libs/testing/src/thorough.ts). */
const THOROUGH = [
  '/libs/governance/src/access-summary/summary-projection',
  '/libs/governance/src/access-summary/write-retrievals',
  '/libs/projections/src/access-index/carried-bounds',
  '/libs/projections/src/access-index/merge-known',
  '/test/siem/last-look',
].map((path) => `${path}\\.spec\\.ts$`)
process.env['CATENA_TEST_THOROUGH'] = 'yes'

/** Several at once, as `npm test` runs. */
const { testMatch, ...shared } = config
export default {
  ...shared,
  testRegex: [...COMPUTED, ...THOROUGH],
  testPathIgnorePatterns: ['/node_modules/'],
  testTimeout: 300_000,
}
