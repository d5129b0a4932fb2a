import { describe, expect, it } from '@jest/globals'
import { parseOwners } from './csv.js'

describe('an import of owners', () => {
  it('R2.2 reads credentials with owner and custodians', () => {
    const { lines, problems } = parseOwners(
      '\ufeffsystem,Credential,owner,custodians\r\n,"secret/a,b",ana@acme.example,"ben  cy"\n\n,x,y,\n',
    )
    expect(problems).toEqual([])
    expect(lines).toEqual([
      { line: 2, credential: 'secret/a,b', system: undefined, owner: 'ana@acme.example', custodians: ['ben', 'cy'] },
      { line: 4, credential: 'x', system: undefined, owner: 'y', custodians: [] },
    ])
  })

  it('reads quotes and line breaks inside cells, and counts lines rightly behind them', () => {
    const { lines } = parseOwners('credential,owner\n"a\n""b""",ana\nc,ben')
    expect(lines.map(({ line, credential }) => [line, credential])).toEqual([[2, 'a\n"b"'], [4, 'c']]) // prettier-ignore
  })

  it.each([
    ['', 'the header names no credential and no owner'],
    ['credential,who\na,b', 'the header names no owner'],
    ['credential,owner\na', 'line 2: 1 cells where the header has 2'],
    ['credential,owner\na,b\n"c,d', 'line 3: a quote opens and never closes'],
    ['credential,owner\na,', 'line 2: credential and owner must both be there'],
  ])('says what is wrong with %j', (text, problem) => {
    expect(parseOwners(text).problems.join()).toContain(problem)
  })
})
