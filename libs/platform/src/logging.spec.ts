import { describe, expect, it } from '@jest/globals'
import { withCorrelation } from './correlation.js'
import { createLogger } from './logging.js'

describe('a log line', () => {
  const lines: string[] = []
  const logger = createLogger('info', { write: (line) => lines.push(line) })

  it('carries its correlation id and no secret under a known name (R2.6)', () => {
    withCorrelation('c-1', () =>
      logger.info({ password: 'hunter2', kafka: { password: 'hunter2' }, source: 'vault-prod' }, 'begun'),
    )
    const line = JSON.parse(lines.at(-1)!) as object
    expect(line).toMatchObject({ level: 'info', correlationId: 'c-1', source: 'vault-prod', msg: 'begun' })
    expect(lines.at(-1)).not.toContain('hunter2')
  })

  it('of an error holds no password out of a URL (R2.6)', () => {
    logger.error({ err: new Error('no answer from postgresql://catena:hunter2@db:5432/x') }, 'failed')
    expect(lines.at(-1)).toContain('postgresql://catena:[redacted]@db:5432/x')
    expect(lines.at(-1)).not.toContain('hunter2')
  })
})
