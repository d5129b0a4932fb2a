import { COMPUTED } from './jest.computed.config.js'
import config from './jest.config.js'

/** The long ones: real processes killed, disks filled, servers taken away. One after another, so that no one disturbs another's timing. */
export default {
  ...config,
  testMatch: ['**/*.full.spec.ts'],
  testPathIgnorePatterns: ['/node_modules/', ...COMPUTED],
  testTimeout: 300_000,
  maxWorkers: 1,
}
