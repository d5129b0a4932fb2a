const WORK = `query Work($after: String) {
  myReviewWork(first: 100, after: $after) {
    edges { node { id campaign campaignName dueAt credential accessor chain weakest lastUsedAt uses owner recommendation recommendationReason risk evidenceClass evidenceHash revision changedSince positions access handedTo comments { by text at } lastFrom recordedBy purpose exceptions { id kind controls until blastRadius } copies { kind place version } } }
    pageInfo { hasNextPage endCursor }
  }
}`
const DECIDE = `mutation Decide($items: [String!]!, $decision: ReviewDecisionInput!, $reason: String!, $reasons: [ItemReasonInput!], $request: String!, $saws: [ItemRevisionInput!]) {
  answer: decideReviewItems(items: $items, decision: $decision, reason: $reason, reasons: $reasons, request: $request, saws: $saws) { ... on Refused { code message } }
}`
const HAND_OVER = `mutation HandOver($items: [String!]!, $to: Key!, $reason: String!) {
  answer: delegateReviewItems(items: $items, to: $to, reason: $reason) { ... on Refused { code message } }
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
  const { data, errors } = await answer.json()
  if (errors !== undefined) throw Object.assign(new Error(errors[0].message), { code: errors[0].extensions?.code })
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
export function decideTogether(decision) {
  return refusalOf(DECIDE, decision)
}

/** To the person of that key; the same again changes nothing. Undefined: it is on record. Else why it was refused. */
export function handOver(passed) {
  return refusalOf(HAND_OVER, passed)
}

/** Whoever is signed out by now signs in elsewhere, or on the way back here. */
export const LOGIN = '/login?to=/review'

export function isSignedOut({ code }) {
  return code === 'UNAUTHENTICATED'
}

/** What the server could not read changed nothing either. */
async function refusalOf(mutation, variables) {
  try {
    const { code, message } = (await ask(mutation, variables)).answer
    return code === 'DECIDED_MEANWHILE' ? `${message}; load this page again to see how it stands.` : message
  } catch (error) {
    if (error.code === 'BAD_USER_INPUT') return error.message
    throw error
  }
}

/** That somebody looked is on record: it tells a review from a stamp. */
export async function openEvidence(id) {
  await ask(OPEN, { items: [id] })
}
