import Sequencer from '@jest/test-sequencer'

/**
 * Spec files that take longest, in seconds of a run of all. Jest learns that by itself; on a fresh clone it takes the size of a file for it, and
 * these would come late: small files that wait for brokers and threads, or have others make what they ask.
 */
const SECONDS = {
  'libs/connectors/src/connectors.spec.ts': 40,
  'apps/api/src/access.spec.ts': 39,
  'test/scenarios/scenarios.spec.ts': 35,
  'libs/governance/src/access-summary/summary-projection.spec.ts': 34,
  'libs/ingest/src/doors/kafka-door.spec.ts': 30,
  'test/threads/threads.spec.ts': 29,
  'test/siem/derived-ahead.spec.ts': 28,
  'libs/runtime/src/recertification/reviews.spec.ts': 28,
  'test/controlled-sharing.spec.ts': 27,
  'apps/cli/src/campaign.spec.ts': 26,
  'test/truth/order.spec.ts': 25,
  'apps/api/src/paging.spec.ts': 25,
  'test/login/device.spec.ts': 24,
  'apps/api/src/attacks.spec.ts': 24,
  'libs/ledger/src/postgres-ledger.spec.ts': 20,
  'libs/runtime/src/process.spec.ts': 20,
  'test/summaries/erased.spec.ts': 19,
  'libs/governance/src/verdicts/record-evaluations.spec.ts': 19,
  'test/siem/erased.spec.ts': 19,
  'test/siem/feed.spec.ts': 18,
  'test/siem/kafka.spec.ts': 18,
  'test/siem/syslog.spec.ts': 18,
  'test/attacks/request-ids.spec.ts': 16,
  'test/joinability.spec.ts': 16,
  'test/siem/event-collector.spec.ts': 14,
  'test/recertification/recorded-vault.spec.ts': 14,
  'apps/cli/src/simulate.spec.ts': 13,
  'test/siem/up.spec.ts': 12,
}

/** The longest first, so that none is alone at the end. */
export default class LongestFirst extends Sequencer {
  sort(tests) {
    const sorted = super.sort(tests)
    const expected = (test) => (typeof test.duration !== 'number' ? (SECONDS[this.#nameOf(test)] ?? 0) : 0)
    return sorted.sort((a, b) => expected(b) - expected(a))
  }

  #nameOf({ path, context }) {
    return path.slice(context.config.rootDir.length + 1).replaceAll('\\', '/')
  }
}
