import { createHash } from 'node:crypto'
import { allow, looksSecret, redactBy, withoutSecretSegments } from '@catena/connectors'
import { describe, expect, it } from '@jest/globals'

const PER_KIND = 500
const BASE62 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
const BASE36 = 'abcdefghijklmnopqrstuvwxyz0123456789'

/** The same invented characters in every run. */
function invent(seed: string, length: number, alphabet: string): string {
  let text = ''
  for (let block = 0; text.length < length; block += 1) {
    const bytes = createHash('sha512').update(`${seed} ${block}`).digest()
    text += [...bytes].map((byte) => alphabet[byte % alphabet.length]).join('')
  }
  return text.slice(0, length)
}

type Make = (word: (length: number, alphabet?: string) => string) => string

const uuid: Make = (word) => [8, 4, 4, 4, 12].map((length) => word(length, '0123456789abcdef')).join('-')

/** Ids by which records join, and names that people read: each must stay as it is. */
const KINDS: Readonly<Record<string, Make>> = {
  uuid,
  'vault accessor': (word) => word(24, BASE62),
  'vault accessor of a namespace': (word) => `${word(24, BASE62)}.${word(5, BASE62)}`,
  'vault lease': (word) => `database/creds/orders/${word(24, BASE62)}`,
  'vault mount accessor': (word) => `auth_jwt_${word(8, '0123456789abcdef')}`,
  'vault hash': (word) => `hmac-sha256:${word(64, '0123456789abcdef')}`,
  'secret path': (word) => `secret/data/${word(8, BASE36)}/db-password`,
  arn: (word) => `arn:aws:iam::${word(12, '0123456789')}:role/${word(10, BASE36)}`,
  'arn of a secret': (word) => `arn:aws:kms:eu-central-1:${word(12, '0123456789')}:key/${uuid(word)}`,
  'aws unique id': (word) => `AROA${word(17, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567')}:session`,
  'run id': (word) => `1${word(10, '0123456789')}`,
  'run and attempt': (word) => `1${word(10, '0123456789')}/1`,
  'commit sha': (word) => word(40, '0123456789abcdef'),
  'github subject': (word) => `repo:acme/${word(8, BASE36)}:environment:production`,
  'gitlab subject': (word) => `project_path:acme/${word(8, BASE36)}:ref_type:branch:ref:main`,
  'hashed github token': (word) => `${word(43, `${BASE62}+/`)}=`,
  'github document id': (word) => word(22, `${BASE62}_-`),
  'workflow ref': (word) => `acme/${word(8, BASE36)}/.github/workflows/deploy.yml@refs/heads/main`,
  'okta id': (word) => `00u${word(17, BASE62)}`,
  'okta session': (word) => `102${word(22, `${BASE62}_-`)}`,
  'entra token id': (word) => word(22, `${BASE62}_-`),
  'azure resource': (word) => `/subscriptions/${uuid(word)}/resourcegroups/pay/providers/microsoft.keyvault/vaults/${word(8, BASE36)}`,
  'azure secret version': (word) => `https://acme.vault.azure.net/secrets/orders/${word(32, '0123456789abcdef')}`,
  'google insert id': (word) => word(14, BASE36),
  'google service account': (word) => `${word(8, BASE36)}@acme-prod.iam.gserviceaccount.com`,
  'google principal': (word) => `principal://iam.googleapis.com/projects/${word(12, '0123456789')}/locations/global/workloadIdentityPools/ci/subject/repo:acme/app:run_id:${word(11, '0123456789')}`,
  'google secret version': (word) => `projects/${word(12, '0123456789')}/secrets/orders-${word(5, BASE36)}/versions/7`,
  'google key name': (word) => `ci@acme.iam.gserviceaccount.com/keys/${word(40, '0123456789abcdef')}`,
  'kubernetes token id': (word) => `JTI=${uuid(word)}`,
  'kubernetes account': (word) => `system:serviceaccount:shop:${word(8, BASE36)}`,
  'spiffe id': (word) => `spiffe://acme.example/ns/shop/sa/${word(8, BASE36)}`,
  'keycloak session': uuid,
  'kafka-like name': (word) => `catena.${word(6, BASE36)}`,
  'e-mail address': (word) => `${word(8, BASE36)}@acme.example`,
  'ip address': (word) => `10.${Number(word(2, '123456789'))}.4.17`,
  'user agent': (word) => `Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/${word(3, '123456789')}.0.0.0`,
  'image digest': (word) => `sha256:${word(64, '0123456789abcdef')}`,
  'public key fingerprint': (word) => `SHA256:${word(43, `${BASE62}+/`)}`,
} // prettier-ignore

const RULE = allow({ kept: 'keep', path: 'path' })
const mask = (value: string): string => `masked:${value.length}`

describe('ordinary ids', () => {
  it('R2.6 stay as they are, wherever a rule allows them', () => {
    const removed = new Map<string, number>()
    for (const [kind, make] of Object.entries(KINDS)) {
      for (let serial = 0; serial < PER_KIND; serial += 1) {
        let part = 0
        const id = make((length, alphabet = BASE36) => invent(`${kind} ${serial} ${(part += 1)}`, length, alphabet))
        const stored = redactBy(RULE, { kept: id, path: id }, mask)
        const isRemoved = looksSecret(id) || stored['kept'] !== id || withoutSecretSegments(id, mask) !== id
        if (isRemoved) removed.set(kind, (removed.get(kind) ?? 0) + 1)
      }
    }
    const all = Object.keys(KINDS).length * PER_KIND
    const count = [...removed.values()].reduce((sum, one) => sum + one, 0)
    console.info(
      `false removals: ${count} of ${all} ordinary ids of ${Object.keys(KINDS).length} kinds (${((count * 100) / all).toFixed(3)} %)${[...removed].map(([kind, times]) => `; ${kind}: ${times}`).join('')}`,
    )
    expect(count / all).toBeLessThan(0.001)
  })
})
