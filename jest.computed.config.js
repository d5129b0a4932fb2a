import config from './jest.config.js'

/** Long ones that compute or ask a database, and promise nothing about time. */
export const COMPUTED = [
  '/libs/ledger/src/interleaving',
  '/libs/recertification/src/walks/walks',
  '/test/canaries',
  '/test/malformed/malformed.*',
  '/test/rebuild-interleaving',
  '/test/recertification/access-sample',
  '/test/siem/month',
].map((path) => `${path}\\.full\\.spec\\.ts$`)

/** Two at once, as `npm test` runs. */
const { testMatch, ...shared } = config
export default { ...shared, testRegex: COMPUTED, testPathIgnorePatterns: ['/node_modules/'], testTimeout: 300_000 }
