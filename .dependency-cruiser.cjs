/** Imports go down only (docs/architecture.md). */
const lib = (names) => `^libs/(${names.join('|')})/`

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'domain-imports-nothing',
      severity: 'error',
      from: { path: '^libs/domain/', pathNot: '\\.spec\\.ts$' },
      to: { pathNot: '^libs/domain/' },
    },
    {
      name: 'connectors-know-the-domain-only',
      severity: 'error',
      from: { path: '^libs/connectors/', pathNot: '\\.spec\\.ts$' },
      to: { path: '^(libs|apps)/', pathNot: '^libs/(connectors|domain)/' },
    },
    {
      name: 'connectors-are-islands',
      severity: 'error',
      from: { path: '^libs/connectors/src/([^/.]+)/', pathNot: '\\.spec\\.ts$' },
      to: { path: '^libs/connectors/src/[^/.]+/', pathNot: '^libs/connectors/src/$1/' },
    },
    {
      name: 'access-chain-is-pure',
      severity: 'error',
      from: { path: '^libs/access-chain/', pathNot: '\\.spec\\.ts$' },
      to: { path: '^(libs|apps)/', pathNot: '^libs/(access-chain|domain)/' },
    },
    {
      name: 'directory-is-pure',
      severity: 'error',
      from: { path: '^libs/directory/', pathNot: '\\.spec\\.ts$' },
      to: { path: '^(libs|apps)/', pathNot: '^libs/(directory|access-chain|domain)/' },
    },
    {
      name: 'scim-reads-the-directory',
      severity: 'error',
      from: { path: '^libs/scim/', pathNot: '\\.spec\\.ts$' },
      to: { path: '^(libs|apps)/', pathNot: '^libs/(scim|directory|projections|domain)/' },
    },
    {
      name: 'identity-is-pure',
      severity: 'error',
      from: { path: '^libs/identity/', pathNot: '\\.spec\\.ts$' },
      to: { path: '^(libs|apps)/', pathNot: '^libs/(identity|access-chain|domain)/' },
    },
    {
      name: 'joinability-reads-the-index',
      severity: 'error',
      from: { path: '^libs/joinability/', pathNot: '\\.spec\\.ts$' },
      to: { path: '^(libs|apps)/', pathNot: '^libs/(joinability|projections|access-chain|domain)/' },
    },
    {
      name: 'governance-below-answers',
      severity: 'error',
      from: { path: '^libs/governance/', pathNot: '\\.spec\\.ts$' },
      to: { path: lib(['ingest', 'graphql', 'runtime', 'connectors']) },
    },
    {
      name: 'pure-governance',
      severity: 'error',
      comment: 'Rules of ownership, history and controls: no database, no clock.',
      from: {
        path: '^libs/governance/src/(ownership/(decider|events|state|rules|csv)|slots|access-summary/(access-summary|tally)|history|controls|crosswalk|inventory|revocation|privilege|verdicts/(verdict|finding)-decider|sharing/(?!read-|sharing-view)|findings/finding-entry)',
        pathNot: '(\\.spec|/testing/.*|-view|read-[a-z-]+)\\.ts$',
      },
      to: { path: '^libs/(ledger|platform|projections)/|node_modules/pg' },
    },
    {
      name: 'formats-are-pure',
      severity: 'error',
      comment: 'A format knows the shape of an event of the feed and nothing that reads or writes it.',
      from: { path: '^libs/siem/src/formats/', pathNot: '\\.spec\\.ts$' },
      to: {
        path: '^(libs|apps)/',
        pathNot: '^libs/(domain|access-chain)/|^libs/siem/src/(formats/|feed/(event|kinds|phrases|well-formed)\\.ts$)',
      },
    },
    {
      name: 'siem-below-graphql-and-runtime',
      severity: 'error',
      from: { path: '^libs/siem/', pathNot: '\\.spec\\.ts$' },
      to: { path: lib(['ingest', 'graphql', 'runtime']) },
    },
    {
      name: 'simulation-shares-nothing-with-what-it-judges',
      severity: 'error',
      comment: 'Its oracle is worth something only as long as it shares no code with connectors and walk.',
      from: { path: '^libs/simulation/' },
      to: { path: '^(libs|apps)/', pathNot: '^libs/(simulation|domain)/' },
    },
    {
      name: 'libraries-never-import-apps',
      severity: 'error',
      from: { path: '^libs/' },
      to: { path: '^apps/' },
    },
    {
      name: 'ledger-is-low',
      severity: 'error',
      from: { path: '^libs/ledger/', pathNot: '\\.spec\\.ts$' },
      to: { path: '^libs/', pathNot: '^libs/(ledger|domain|platform)/' },
    },
    {
      name: 'platform-is-low',
      severity: 'error',
      from: { path: '^libs/platform/', pathNot: '\\.spec\\.ts$' },
      to: { path: '^libs/', pathNot: '^libs/(platform|domain)/' },
    },
    {
      name: 'projections-below-ingest-and-graphql',
      severity: 'error',
      from: { path: '^libs/projections/' },
      to: { path: lib(['ingest', 'graphql']) },
    },
    {
      name: 'callers-are-low',
      severity: 'error',
      from: { path: '^libs/callers/', pathNot: '\\.spec\\.ts$' },
      to: { path: '^libs/', pathNot: '^libs/(callers|domain|platform|ledger|projections)/' },
    },
    {
      name: 'recertification-above-ledger-and-projections',
      severity: 'error',
      from: { path: '^libs/recertification/', pathNot: '(\\.spec\\.ts$|/testing/)' },
      to: { path: '^(libs|apps)/', pathNot: '^libs/(recertification|domain|ledger|projections|platform)/' },
    },
    {
      name: 'remediation-above-recertification',
      severity: 'error',
      from: { path: '^libs/remediation/', pathNot: '\\.spec\\.ts$' },
      to: {
        path: '^(libs|apps)/',
        pathNot: '^libs/(remediation|recertification|governance|domain|ledger|projections|platform)/',
      },
    },
    {
      name: 'notification-above-recertification',
      severity: 'error',
      from: { path: '^libs/notification/', pathNot: '\\.spec\\.ts$' },
      to: { path: '^(libs|apps)/', pathNot: '^libs/(notification|recertification|domain|ledger|platform)/' },
    },
    {
      name: 'public-faces-only',
      severity: 'error',
      comment: 'A library is entered through its index.ts.',
      from: { path: '^(libs|apps)/([^/]+)/' },
      to: { path: '^libs/([^/]+)/src/(?!index\\.ts$)', pathNot: ['^$1/$2/'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(generated|dist|node_modules)/' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default'],
      extensions: ['.ts', '.js', '.json'],
    },
  },
}
