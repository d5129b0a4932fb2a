import { aimDocuments, aimRecords } from './aim-documents.js'
import { describeShootings } from './describe-shootings.js'

describeShootings(
  ['{ id: idp, kind: keycloak, scope: acme }'],
  [
    { name: '10,000 malformed GraphQL documents', aim: aimDocuments, count: 10_000, warmUp: 1_500 },
    { name: '10,000 malformed ingest bodies', aim: aimRecords, count: 10_000, warmUp: 1_500 },
  ],
)
