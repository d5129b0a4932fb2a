/** The organisation's login at its hosts, and the scope of its identity provider and cluster. */
export const ORGANISATION = 'marlin'
export const ORGANISATION_ID = 902_114
/** The runtime of AI agents, and the ticket system, as sources of events. */
export const AGENTS = 'marlin-agents'
export const TICKETS = 'marlin-tickets'
export const VAULT = 'marlin-vault-1'
export const AWS_ACCOUNT = '444455556666'
export const AWS_REGION = 'eu-central-1'

export const FIRST_NAMES = (
  'ada amir anna aron bea ben bruno carla chen clara dario dora ebba elif emil enzo erik eva farah finn freya gita goran greta hana hugo ' +
  'ida igor ines ivan jana jonas juna kai kara kofi lara leo lina luca maja marek mina nadia nils noor olga omar otto paula pavel petra ' +
  'quinn rafi rosa ruth sami sara sven tara theo tilda uma vera viktor wanda yara yusuf zoe'
).split(' ')

export const TEAMS =
  'payments platform data mobile security logistics billing search support identity warehouse pricing'.split(' ')

export const SERVICES =
  'ledger stripe smtp registry webhook cdn sentry search queue cache mailer invoices catalog quotes tracking routing metrics exports ledger-ro gateway'.split(
    ' ',
  )

export const REPOSITORIES = 'api web worker infra batch charts sdk jobs importer console'.split(' ')

/** Where people sit, and where machines stand. */
export const OFFICE = '10.20'
export const DATACENTRE = '10.60'
export const RUNNERS = '10.40'
export const AWAY = '203.0.113'
