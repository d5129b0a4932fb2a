/** What a suite takes of many alike: `few` in `npm test`, which is to be quick, `all` in `npm run test:full` (jest.computed.config.js). */
export function thorough<T>(few: T, all: T): T {
  return process.env.CATENA_TEST_THOROUGH === 'yes' ? all : few
}
