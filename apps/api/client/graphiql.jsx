import { createElement } from 'react'
import { createRoot } from 'react-dom/client'
import { GraphiQL } from 'graphiql'
import 'graphiql/style.css'

const DEFAULT_QUERY = `# Who used which credential last, through what, by whose leave, and did it end?
# Give the echoed cut back as asOf: { knownAt: "…" } to get the same answer for ever.
query NewestRetrieval {
  evidence {
    cut
    retrievals(first: 1) {
      edges {
        node {
          id
          fact {
            kind
            occurredAt
            outcome
            target { system containerName path }
          }
          path {
            state
            links { state words positions }
          }
          actor {
            ... on AttributedActor { state principal { name kind } caveats }
            ... on AmbiguousActor { candidates { name kind } }
            ... on MissingActor { reason shared }
          }
          right { state policies }
          effect { yielded }
          end { state words }
        }
      }
      pageInfo { hasNextPage endCursor }
    }
  }
}
`

/** Where the link in a digest leads. Whoever follows it has decided nothing yet. */
const REVIEW_QUERY = `# What you have to decide, the riskiest first. Then decide: see the mutation below.
query MyReviewWork {
  myReviewWork(first: 50) {
    edges {
      node { id campaign credential accessor chain recommendation recommendationReason risk evidenceClass revision }
    }
    pageInfo { hasNextPage endCursor }
  }
}

mutation Decide {
  decideReviewItems(items: ["an id from above"], decision: { kind: CERTIFY }, reason: "why", request: "an id of your own") {
    ... on ReviewItemsChanged { items { id status outcome } }
    ... on Refused { code message }
  }
}
`

async function fetcher(question) {
  const response = await fetch('/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(question),
  })
  return response.json()
}

const isReview = window.location.pathname === '/review'
const props = {
  fetcher,
  defaultTheme: 'light',
  ...(isReview ? { defaultTabs: [{ query: REVIEW_QUERY }], storage: memory() } : { defaultQuery: DEFAULT_QUERY }),
}
createRoot(document.getElementById('graphiql')).render(createElement(GraphiQL, props))

/** A page for one purpose does not bring back what was open elsewhere. */
function memory() {
  const kept = new Map()
  return {
    getItem: (name) => kept.get(name) ?? null,
    setItem: (name, value) => void kept.set(name, value),
    removeItem: (name) => void kept.delete(name),
    clear: () => kept.clear(),
    get length() {
      return kept.size
    },
  }
}
