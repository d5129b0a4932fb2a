import { aimMutations } from './aim-mutations.js'
import { aimWebhooks } from './aim-webhooks.js'
import { describeShootings } from './describe-shootings.js'

describeShootings(
  [
    '{ id: code, kind: github, scope: github.com, webhook_secret_file: SECRET_FILE }',
    '{ id: lab, kind: gitlab, scope: gitlab.com, webhook_secret_file: SECRET_FILE }',
  ],
  [
    { name: '4,000 malformed variables of mutations', aim: aimMutations, count: 4_000, warmUp: 500 },
    { name: '4,000 malformed deliveries of webhooks, signed', aim: aimWebhooks, count: 4_000, warmUp: 500 },
  ],
)
