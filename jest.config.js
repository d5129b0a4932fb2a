import { readFileSync } from 'node:fs'

/** `@catena/x` is the public face of libs/x, as in tsconfig.json. */
const { compilerOptions } = JSON.parse(readFileSync(new URL('tsconfig.json', import.meta.url), 'utf8'))
const aliases = Object.fromEntries(
  Object.entries(compilerOptions.paths).map(([alias, [path]]) => [`^${alias}$`, `<rootDir>/${path.slice(2)}`]),
)

/** By it the workers of one run know what others of them have made (libs/testing/src/postgres.ts). */
process.env['CATENA_TEST_RUN'] = String(process.pid)

export default {
  testEnvironment: '<rootDir>/scripts/test-environment.mjs',
  roots: ['<rootDir>/libs', '<rootDir>/apps', '<rootDir>/test'],
  testMatch: ['**/*.spec.ts'],
  // Heavier tests are for `npm run test:full`.
  testPathIgnorePatterns: ['/node_modules/', '\\.full\\.spec\\.ts$'],
  setupFilesAfterEnv: ['<rootDir>/test/property-seed.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true },
          target: 'es2022',
        },
        module: { type: 'es6' },
        // Beside the code, not in it: V8 would read them with every spec file.
        sourceMaps: true,
      },
    ],
  },
  moduleNameMapper: { ...aliases, '^(\\.{1,2}/.*)\\.js$': '$1' },
  resolver: '<rootDir>/scripts/resolve-once.mjs',
  testSequencer: '<rootDir>/scripts/longest-first.mjs',
  // No promise of Catena's: what hangs ends. Servers of tests start within it on a machine several times slower than usual.
  testTimeout: 60_000,
  // One more than the processors that this is to be quick on: while one waits for a server or a broker, the others compute.
  maxWorkers: 3,
  // Modules of a test file stay in its process; beyond this the collector costs more than a new process.
  workerIdleMemoryLimit: '1500MB',
}
