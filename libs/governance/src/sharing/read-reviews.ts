import type { Instant, Key } from '@catena/domain'
import type pg from 'pg'
import type { AccessReview, Reviewed } from '../history/access-review.js'
import type { SharingAsOf } from './read-sharing.js'

/** How recertification writes who has access. */
interface FrozenAccessor {
  readonly kind: Reviewed['kind']
  readonly name?: string
  readonly key?: Key
  readonly aliases?: readonly Key[]
  readonly candidates?: readonly { readonly key: Key; readonly aliases: readonly Key[] }[]
  readonly reason?: string
}
type Told = Omit<AccessReview, 'item' | 'campaign' | 'of' | 'askedAt' | 'answerBy' | 'positions'>

interface Row {
  readonly credential: string
  readonly item: string
  readonly campaign: string
  readonly asked_us: string
  readonly asked_position: string
  readonly accessor: FrozenAccessor
  readonly course: { readonly status: 'asking' | 'closed'; readonly answerBy?: Instant }
  readonly review: Told | null
  readonly positions: readonly string[] | null
}

/** What campaigns said of those who have these credentials, by credential: read models of recertification, whose views tell each by position. */
export async function readReviews(
  pool: pg.Pool | pg.ClientBase,
  credentials: readonly string[],
  { position, validAt }: SharingAsOf,
): Promise<Map<string, AccessReview[]>> {
  const { rows } = await pool.query<Row>({
    name: 'reviews-of-credentials',
    text: `SELECT replace(p.credential::text, '-', '') AS credential, replace(p.item::text, '-', '') AS item, n.campaign,
        n.at_us AS asked_us, n.position AS asked_position, p.body::jsonb #> '{access,accessor}' AS accessor, course.course, told.review, told.positions
      FROM decisions.campaign_population n
      JOIN LATERAL (SELECT course FROM decisions.campaign_course c WHERE c.campaign = n.campaign AND c.position <= $2 AND c.at_us <= $3
        ORDER BY c.position DESC LIMIT 1) course ON course.course ->> 'status' <> 'voided'
      JOIN review_population p ON p.population = n.population AND p.credential = ANY($1::uuid[])
      LEFT JOIN LATERAL (SELECT review, positions FROM decisions.access_review r WHERE r.item = p.item AND r.position <= $2 AND r.at_us <= $3
        ORDER BY r.position DESC LIMIT 1) told ON TRUE
      WHERE n.position <= $2 AND n.at_us <= $3 ORDER BY n.position, p.number`,
    values: [credentials, position, validAt === undefined ? Number.MAX_SAFE_INTEGER : Math.round(validAt * 1000)],
  })
  const found = new Map<string, AccessReview[]>(credentials.map((credential) => [credential, []]))
  for (const row of rows) found.get(row.credential)?.push(reviewOf(row))
  return found
}

const UNTOUCHED: Told = { answer: 'open', isProven: false, isContradicted: false }

/** An item to which nothing happened says so by its campaign alone. */
function reviewOf({ item, campaign, asked_us, asked_position, accessor, course, review, positions }: Row): AccessReview {
  const told = review ?? UNTOUCHED
  const answer = told.answer === 'open' && course.status === 'closed' ? 'unanswered' : told.answer
  return {
    ...told,
    item,
    campaign,
    of: reviewedOf(accessor),
    askedAt: Number(asked_us) / 1000,
    answer,
    ...(answer === 'open' && course.answerBy !== undefined ? { answerBy: course.answerBy } : {}),
    positions: positions === null ? [Number(asked_position)] : positions.map(Number),
  }
} // prettier-ignore

function reviewedOf({ kind, name, key, aliases = [], candidates = [], reason }: FrozenAccessor): Reviewed {
  const keys = key === undefined ? candidates.flatMap((each) => [each.key, ...each.aliases]) : [key, ...aliases]
  return { kind, name: name ?? reason ?? '', keys }
}
