const TIME = '2026-11-23T04:59:12.214Z'

/** Members by which each source knows its records, so that a text gets past `identify`. */
const ENVELOPES = {
  vault: `"time":"${TIME}","type":"response"`,
  okta: `"uuid":"u","published":"${TIME}","eventType":"user.session.start"`,
  keycloak: `"id":"k","time":1795425302101,"realmId":"r","type":"LOGIN"`,
  github: `"action":"git.clone","@timestamp":1795425302101,"_document_id":"d"`,
}

function request(members: string): string {
  return `{"auth":{"accessor":"a"},"request":{"id":"r","operation":"read",${members}},${ENVELOPES.vault}}`
}

function nested(depth: number): string {
  return `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`
}

const clocks = ['2016-11-23T00:00:00Z', '2036-11-23T00:00:00Z', '0001-01-01T00:00:00Z', '9999-12-31T23:59:59Z']

/** Name and text of records that no honest source writes. */
export const HOSTILE_TEXTS: readonly (readonly [name: string, text: string])[] = [
  ['a member __proto__', request('"__proto__":{"path":"x","polluted":true},"path":"secret/data/a"')],
  ['a record that is __proto__ only', `{"__proto__":{"request":{"path":"x"}},${ENVELOPES.vault}}`],
  ['members of Object', request('"path":"p","constructor":{"prototype":{"x":1}},"hasOwnProperty":1,"toString":"t"')],
  ['duplicate members', request('"path":"secret/data/a","path":"secret/data/b","path":{"x":1}')],
  ['1e400', `{"time":1e400,"type":"request","request":{"id":1e400,"path":-1e400,"data":[1e400]}}`],
  ['numbers for texts', `{"time":5,"type":"response","auth":7,"request":{"id":3,"path":4,"headers":1},"response":9}`],
  ['lists for objects', `{"time":[],"type":"response","auth":[[]],"request":{"id":["x"],"path":[{}]},"response":[1]}`],
  [
    'nulls',
    `{"time":null,"type":"response","auth":null,"request":{"id":null,"path":null},"response":null,"error":null}`,
  ],
  ['lone surrogates', request('"path":"secret/data/\\ud800","headers":{"user-agent":["\\udfff"]},"\\ud801":"x"')],
  ['escaped NUL', request('"path":"secret/data/\\u0000","mount_type":"kv\\u0000"')],
  ['control characters', request('"path":"secret/\\u001b[31m\\r\\nFAKE line","mount_type":"kv"')],
  ['depth 10,000', nested(10_000)],
  ['depth 10,000 in a body', request(`"path":"sys/x","data":${nested(10_000)}`)],
  ['depth 10,000 in a list', request(`"path":"sys/x","data":${'['.repeat(10_000)}${']'.repeat(10_000)}`)],
  ['a path of 900 KiB', request(`"path":"secret/data/${'a/'.repeat(450_000)}","mount_type":"kv","mount_accessor":"k"`)],
  [
    'an accessor of 900 KiB',
    `{"auth":{"accessor":"${'A'.repeat(900_000)}"},"request":{"id":"big"},${ENVELOPES.vault}}`,
  ],
  [
    '100,000 members',
    `{"request":{${Array.from({ length: 80_000 }, (_, n) => `"k${n}":1`).join()}},${ENVELOPES.vault}}`,
  ],
  ['a text of prefixes', request(`"path":"${'hvs.eyJ-----BEGIN a://:'.repeat(30_000)}"`)],
  ...clocks.map((time) => [`a clock at ${time}`, request('"path":"p"').replace(TIME, time)] as const),
  ['a time of another shape', request('"path":"p"').replace(TIME, 'Jul 10, 2023, 12:07:59 PM')],
  ...Object.entries(ENVELOPES).map(([kind, envelope]) => [`only the envelope of ${kind}`, `{${envelope}}`] as const),
  ['a time beyond all clocks', `{"id":"k2","time":8.7e15,"realmId":"r","type":"LOGIN","details":{},"userId":"u"}`],
]
