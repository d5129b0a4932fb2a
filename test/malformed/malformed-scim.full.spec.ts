import { aimScim } from './aim-scim.js'
import { describeShootings } from './describe-shootings.js'

describeShootings(
  ['{ id: hr, kind: scim, scope: acme }'],
  [{ name: '2,000 malformed SCIM requests', aim: aimScim, count: 2_000, warmUp: 200 }],
)
