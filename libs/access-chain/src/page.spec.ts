import { describe, expect, it } from '@jest/globals'
import { attempt, changeSecret, GITHUB, readSecret } from './testing/facts.js'
import { logIn, pageOf, read, signIn, signOut } from './testing/given.js'

describe('a page of requests', () => {
  it('R1.9 gives each the answer that it has alone', async () => {
    const given = [
      signIn('s1', 'ada', 1_000),
      signIn('s2', 'ada', 60_000),
      signIn('s3', 'ben', 2_000),
      signOut('s1', 50_000),
      logIn('t1', 10_000, { person: 'ada' }),
      logIn('t2', 70_000, { person: 'ada' }),
      logIn('t3', 3_000, { session: 's3' }),
      logIn('t4', 4_000, { session: 'lost', person: 'ben' }),
      logIn('t5', 500, { person: 'ada' }),
      logIn('t6', 80_000, { person: 'ben' }, { exchangesCode: true }),
      attempt('11', 1, 5_000),
      attempt('11', 2, 6_000),
      logIn('t7', 7_000, { run: '11' }, GITHUB),
      logIn('t8', 5_500, { repository: '7' }, GITHUB),
      logIn('t9', 8_000, { run: '11', attempt: '11/2' }, GITHUB),
    ]
    const asked = Array.from({ length: 9 }, (_, index) => read(`t${index + 1}`, 90_000 + index))
    const alone = await Promise.all(asked.map(async (each) => (await pageOf([each], given))[0]))
    // The other requests happened all the same: a page only asks.
    const known = [...given, ...asked]
    const page = await pageOf(asked, known)
    const single = await Promise.all(asked.map(async (each) => (await pageOf([each], known))[0]))
    expect(page).toEqual(single)
    expect(await pageOf([...asked].reverse(), known)).toEqual([...single].reverse())
    expect(alone.map((each) => each?.path.state)).toEqual([
      'inferred',
      'inferred',
      'proven',
      'missing',
      'missing',
      'inferred',
      'ambiguous',
      'inferred',
      'proven',
    ])
  })

  it('R1.4 R1.9 says of a write the same whether or not a read of its slot is asked beside it', async () => {
    const [written, asked] = [changeSecret('secret-written', 1_000), readSecret('t1', 1_500)]
    const known = [written, asked, changeSecret('secret-written', 2_000)]
    const [alone] = await pageOf([written], known)
    expect((await pageOf([written, asked], known))[0]).toEqual(alone)
  })
})
