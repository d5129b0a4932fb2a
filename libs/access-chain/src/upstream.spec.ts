import { mergeAll } from '@catena/domain'
import { describe, expect, it } from '@jest/globals'
import { approval, attempt, attemptEnd, GITHUB, named, runAlone, snapshot } from './testing/facts.js'
import { chain, key, logIn, pageOf, read, signIn, signOut } from './testing/given.js'

const through = (name: string): string => `idp-session:keycloak/acme:${name}`
const job = (claims: Record<string, string>): ReturnType<typeof logIn> => logIn('t1', 5_000, claims, GITHUB)

describe('a minted key that the login presents', () => {
  it('R1.4 and several facts establish alike is one merged entity, proven by all of them', async () => {
    const given = [
      signIn('s1', 'ada', 1_000),
      signIn('s1', 'ada', 1_500, 'other'),
      logIn('t1', 2_000, { session: 's1' }),
    ]
    const { path } = await chain(read('t1', 3_000), given)
    expect([path.state, path.through, path.links[1]?.to.length]).toEqual(['proven', through('s1'), 2])
  })

  it('R1.4 and establishers that disagree on its repository make ambiguous, with a finding', async () => {
    const given = [attempt('11', 1, 1_000), { ...attempt('11', 1, 1_100, {}, '8'), factId: 'ci:11/1:other' }]
    const { path, actor, findings } = await chain(read('t1', 6_000), [...given, job({ run: '11', attempt: '11/1' })])
    expect([path.state, path.candidates, actor.state]).toEqual([
      'ambiguous',
      ['ci-attempt:github/github.com:11/1'],
      'ambiguous',
    ])
    expect(findings.map(({ kind }) => kind)).toContain('establishers disagree')
  })

  it('R1.4 is proven for an attempt whose repository was renamed meanwhile: its immutable id stayed', async () => {
    const started = attempt('11', 1, 1_000)
    const renamed = named(
      started.groups.find(({ role }) => role === 'repository-name')!,
      'acme/shop-next',
    )
    const under = (groups: typeof started.groups): typeof started => ({
      ...started,
      factId: 'ci:11/1:completed',
      groups,
    })
    const others = started.groups.filter(({ role }) => role !== 'repository-name')
    const ask = async (later: typeof started): Promise<string> =>
      (await chain(read('t1', 6_000), [started, later, job({ run: '11', attempt: '11/1' })])).path.state
    expect(await ask(under([...others, renamed]))).toBe('proven')
    // A name that no record joins to the id may be anybody's.
    expect(await ask(under([...others.filter(({ role }) => role !== 'repository'), renamed]))).toBe('ambiguous')
  })

  it('R1.4 is not established by a sign-in that was refused or failed', async () => {
    for (const outcome of ['denied', 'failed'] as const) {
      const given = [{ ...signIn('s1', 'ada', 1_000), outcome }, logIn('t1', 2_000, { session: 's1' })]
      expect((await chain(read('t1', 3_000), given)).path.state).toBe('missing')
    }
  })

  it('R1.4 is not proven where two observers of the login disagree on which it was', async () => {
    const login = logIn('t1', 2_000, { session: 's1' })
    const groups = login.groups.map((group) => (group.role === 'federated-session' ? named(group, 's2') : group))
    const given = [signIn('s1', 'ada', 1_000), signIn('s2', 'ben', 1_000), { ...login, groups }]
    const { path, actor, findings } = await chain(read('t1', 3_000), given)
    expect([path.state, path.candidates, actor.state]).toEqual([
      'ambiguous',
      [through('s1'), through('s2')],
      'ambiguous',
    ])
    expect(findings.map(({ kind }) => kind)).toContain('establishers disagree')
  })

  it.each([
    ['repository', '7', '8'],
    ['run', '11', '12'],
  ])('R1.4 leaves the attempts of each %s that observers of the login tell of', async (claim, one, other) => {
    const login = mergeAll([job({ [claim]: one }), job({ [claim]: other })])
    const attempts = [attempt('11', 1, 1_000), attempt('12', 1, 1_000, {}, '8')]
    const { path, actor, findings } = await chain(read('t1', 6_000), [...attempts, login])
    expect([path.state, path.candidates.length, actor.state]).toEqual(['ambiguous', 2, 'ambiguous'])
    expect(findings.map(({ kind }) => kind)).toContain('establishers disagree')
    const alone = await chain(read('t1', 6_000), [attempts[0]!, login])
    expect([alone.path.state, alone.actor.state]).toEqual(['ambiguous', 'ambiguous'])
  })

  it('R1.4 on which observers disagree leaves the actor inferred where both sessions are of one person', async () => {
    const login = logIn('t1', 2_000, { session: 's1' })
    const groups = login.groups.map((group) => (group.role === 'federated-session' ? named(group, 's2') : group))
    const given = [signIn('s1', 'ada', 1_000), signIn('s2', 'ada', 1_000), { ...login, groups }]
    const { path, actor } = await chain(read('t1', 3_000), given)
    expect([path.state, actor.state]).toEqual(['ambiguous', 'inferred'])
  })

  it('R1.4 of a CI attempt is proven by its attempt and no other of the run', async () => {
    const given = [attempt('11', 1, 1_000), attempt('11', 2, 3_000), job({ run: '11', attempt: '11/2' })]
    const { path } = await chain(read('t1', 6_000), given)
    expect([path.state, path.through]).toEqual(['proven', 'ci-attempt:github/github.com:11/2'])
  })

  it('R1.4 that was over at the login keeps its link and opens a finding', async () => {
    const given = [signIn('s1', 'ada', 1_000), signOut('s1', 1_500), logIn('t1', 2_000, { session: 's1' })]
    const { path, findings } = await chain(read('t1', 3_000), given)
    expect([path.state, findings.map(({ kind }) => kind)]).toEqual(['proven', ['used after end']])
  })
})

describe('a minted key that nothing establishes', () => {
  const lost = { session: 'lost', person: 'ada' }

  it('R1.4 is missing because its source is not connected', async () => {
    // An export of the directory is no record of what happened.
    for (const given of [[], [snapshot('ada', 1_000, { username: 'ada' })]]) {
      const { path } = await chain(read('t1', 6_000), [...given, logIn('t1', 5_000, lost)])
      expect([path.state, path.reason]).toEqual(['missing', 'source not connected'])
    }
  })

  it('R1.4 is missing because the login was before its coverage', async () => {
    const { path } = await chain(read('t1', 6_000), [signIn('s2', 'eva', 5_001), logIn('t1', 5_000, lost)])
    expect(path.reason).toBe('before its coverage')
  })

  it('R1.4 is missing because of a gap in the source', async () => {
    const { path } = await chain(read('t1', 6_000), [signIn('s2', 'eva', 5_000), logIn('t1', 5_000, lost)])
    expect([path.reason, path.links.at(-1)?.key]).toEqual(['gap in the source', through('lost')])
  })

  it('R1.4 takes no session of the same person on the same page for its own', async () => {
    const given = [signIn('s1', 'ada', 1_000), logIn('t2', 2_000, { session: 's1' }), logIn('t1', 5_000, lost)]
    for (const asked of [
      [read('t1', 6_000), read('t2', 6_000)],
      [read('t2', 6_000), read('t1', 6_000)],
    ]) {
      const chains = await pageOf(asked, given)
      const states = Object.fromEntries(chains.map(({ fact, path }) => [fact.factId, [path.state, path.candidates]]))
      expect(states['vault:read:t1:6000']).toEqual(['missing', []])
      expect(states['vault:read:t2:6000']).toEqual(['proven', []])
    }
  })

  it('R1.4 of an attempt is missing although another attempt of the run was recorded', async () => {
    const { path } = await chain(read('t1', 6_000), [attempt('11', 1, 1_000), job({ run: '11', attempt: '11/2' })])
    expect([path.state, path.reason]).toEqual(['missing', 'gap in the source'])
  })

  it('R1.4 of an attempt is inferred through its run where the issuer recorded runs alone', async () => {
    const { path, actor } = await chain(read('t1', 6_000), [runAlone('11', 1_000), job({ run: '11', attempt: '11/1' })])
    expect([path.state, path.through]).toEqual(['inferred', 'ci-run:github/github.com:11'])
    expect(actor).toMatchObject({ state: 'inferred', principal: { kind: 'workload', name: 'acme/shop run 11' } })
  })

  it('R1.4 of an attempt is missing where the records of its run disagree on the repository', async () => {
    const other = {
      ...runAlone('11', 1_100),
      factId: 'ci:11:other',
      groups: [key('run', 'establishes', 'ci-run', '11', 'login'), key('repository', 'binds', 'repository', '8')],
    }
    const { path } = await chain(read('t1', 6_000), [runAlone('11', 1_000), other, job({ run: '11', attempt: '11/1' })])
    expect(path.state).toBe('missing')
  })
})

describe('an attempt of which observers show two runs', () => {
  it('R1.4 is of neither, where the issuer recorded runs alone', async () => {
    const [one, other] = ['11', '12'].map((run) => job({ run, attempt: '11/1' }))
    const { path } = await chain(read('t1', 6_000), [runAlone('11', 1_000), mergeAll([one!, other!])])
    expect(path.state).toBe('missing')
  })
})

describe('a run without its attempt', () => {
  it('R1.4 is inferred where one attempt was alive, and both are listed where two were', async () => {
    // A login right after its start tells that the clocks agree.
    const pair = logIn('t0', 1_001, { run: '11', attempt: '11/1' }, GITHUB)
    const one = [attempt('11', 1, 1_000), attemptEnd('11', 1, 2_000), attempt('11', 2, 3_000), pair, job({ run: '11' })]
    const { path, actor } = await chain(read('t1', 6_000), one)
    expect([path.state, path.through, actor.state]).toEqual([
      'inferred',
      'ci-attempt:github/github.com:11/2',
      'inferred',
    ])
    const two = [attempt('11', 1, 1_000), attempt('11', 2, 3_000), job({ run: '11' })]
    const both = await chain(read('t1', 6_000), two)
    expect([both.path.state, both.path.candidates.length, both.actor.state]).toEqual(['ambiguous', 2, 'ambiguous'])
  })

  it('R1.4 comes before a repository in the same login', async () => {
    const given = [attempt('11', 1, 1_000), attempt('12', 1, 1_000), job({ run: '11', repository: '7' })]
    const { path } = await chain(read('t1', 6_000), given)
    expect([path.state, path.through]).toEqual(['inferred', 'ci-attempt:github/github.com:11/1'])
  })
})

describe('a standing key', () => {
  it('R1.4 of a repository leads to the one attempt alive, by its id or by its name', async () => {
    for (const claims of [{ repository: '7' }, { 'repository-name': 'acme/shop' }]) {
      const { path, actor } = await chain(read('t1', 6_000), [
        attempt('11', 1, 1_000),
        approval('11', 900),
        job(claims),
      ])
      expect([path.state, path.caveats, actor.state]).toEqual(['inferred', [], 'inferred'])
    }
  })

  it('R1.4 prefers the immutable id of a repository to its name', async () => {
    const given = [attempt('11', 1, 1_000, {}, '7'), attempt('12', 1, 1_000, {}, '8')]
    const { path } = await chain(read('t1', 6_000), [
      ...given,
      job({ repository: '8', 'repository-name': 'acme/shop' }),
    ])
    expect([path.state, path.through]).toEqual(['inferred', 'ci-attempt:github/github.com:12/1'])
  })

  it('R1.4 is ambiguous where the records of its one attempt disagree on the repository', async () => {
    const other = { ...attempt('11', 1, 1_100, {}, '8'), factId: 'ci:11/1:other' }
    const { path } = await chain(read('t1', 6_000), [attempt('11', 1, 1_000), other, job({ repository: '7' })])
    expect([path.state, path.candidates.length]).toEqual(['ambiguous', 1])
  })

  it('R1.4 with nothing alive behind it is missing with its reason', async () => {
    const { path, actor } = await chain(read('t1', 6_000), [attempt('11', 1, 1_000, {}, '8'), job({ repository: '7' })])
    expect([path.state, path.reason, actor.state]).toEqual(['missing', 'gap in the source', 'missing'])
  })

  it('R1.4 that no claim carries is missing: not recorded by that source', async () => {
    const { path, actor } = await chain(read('t1', 6_000), [signIn('s1', 'ada', 1_000), logIn('t1', 5_000, {})])
    expect([path.state, path.reason]).toEqual(['missing', 'not recorded by that source'])
    expect(actor).toMatchObject({ state: 'missing', reason: 'not recorded by that source' })
  })

  it('R1.4 that is a name of nobody known is missing as its issuer is', async () => {
    for (const claims of [{ email: 'ada@acme.example' }, { name: 'ada' }]) {
      const { path } = await chain(read('t1', 6_000), [logIn('t1', 5_000, claims)])
      expect([path.state, path.reason]).toEqual(['missing', 'source not connected'])
    }
  })

  it('R1.4 that the login merely claims leads nowhere', async () => {
    const login = logIn('t1', 5_000, { person: 'ada', session: 's1' })
    const groups = login.groups.map((group) =>
      group.verb === 'presents' ? { ...group, trust: 'claimed' as const } : group,
    )
    const { path, actor } = await chain(read('t1', 6_000), [signIn('s1', 'ada', 1_000), { ...login, groups }])
    expect([path.reason, actor.state]).toEqual(['not recorded by that source', 'missing'])
  })
})

describe('minted and standing keys of one login that contradict each other', () => {
  it('R1.4 leave the decision to the session and open a finding', async () => {
    const given = [signIn('s1', 'ada', 1_000), logIn('t1', 2_000, { session: 's1', person: 'ben' })]
    const { path, actor, findings } = await chain(read('t1', 3_000), given)
    expect([path.state, actor]).toMatchObject(['proven', { state: 'proven', principal: { name: 'ada' } }])
    expect(findings.map(({ kind }) => kind)).toEqual(['minted and standing keys contradict'])
  })

  it('R1.4 are no finding where they name the same person', async () => {
    const given = [signIn('s1', 'ada', 1_000), logIn('t1', 2_000, { session: 's1', person: 'ada' })]
    expect((await chain(read('t1', 3_000), given)).findings).toEqual([])
  })

  it('R1.4 leave the decision to the attempt, whose repository is another', async () => {
    for (const claim of [{ repository: '8' }, { 'repository-name': 'acme/other' }]) {
      const given = [attempt('11', 1, 1_000), job({ run: '11', attempt: '11/1', ...claim })]
      const { path, findings } = await chain(read('t1', 6_000), given)
      expect([path.state, findings.map(({ kind }) => kind)]).toEqual([
        'proven',
        ['minted and standing keys contradict'],
      ])
    }
  })

  it('R1.4 are no finding where they agree', async () => {
    const given = [
      attempt('11', 1, 1_000),
      job({ run: '11', attempt: '11/1', repository: '7', 'repository-name': 'acme/shop' }),
    ]
    expect((await chain(read('t1', 6_000), given)).findings).toEqual([])
  })
})
