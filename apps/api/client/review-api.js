const WORK = `query Work($after: String) {
  myReviewWork(first: 100, after: $after) {
    edges { node { id campaign credential accessor chain weakest lastUsedAt uses owner recommendation recommendationReason risk evidenceClass evidenceHash revision positions access } }
    pageInfo { hasNextPage endCursor }
  }
}`
const DECIDE = `mutation Decide($items: [String!]!, $kind: ReviewDecisionKind!, $reason: String!, $request: String!, $saw: Int) {
  decideReviewItems(items: $items, decision: { kind: $kind }, reason: $reason, request: $request, saw: $saw) {
    ... on ReviewItemsChanged { items { id } }
    ... on Refused { code message }
  }
}`
const OPEN = `mutation Open($items: [String!]!) { openReviewEvidence(items: $items) { ... on Refused { code message } } }`
/** Pages read at once: what is more is loaded again once these are decided. */
const PAGES_MAX = 5

async function ask(query, variables) {
  const answer = await fetch('/graphql', {
    method: 'POST',
    credentials: 'same-origin',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  })
  if (answer.status === 401) location.assign('/login?to=/review')
  const { data, errors } = await answer.json()
  if (errors !== undefined) throw new Error(errors[0].message)
  return data
}

export async function loadWork() {
  const items = []
  let after = null
  for (let page = 0; page < PAGES_MAX; page++) {
    const { edges, pageInfo } = (await ask(WORK, { after })).myReviewWork
    items.push(...edges.map(({ node }) => ({ ...node, recommendation: node.recommendation.toLowerCase() })))
    if (!pageInfo.hasNextPage) return { items, hasMore: false }
    after = pageInfo.endCursor
  }
  return { items, hasMore: true }
}

/** Undefined: it is on record. Else why it was refused. */
export async function decideTogether(decision) {
  const { decideReviewItems: answer } = await ask(DECIDE, decision)
  return answer.message
}

/** That somebody looked is on record: it tells a review from a stamp. */
export async function openEvidence(id) {
  await ask(OPEN, { items: [id] })
}
