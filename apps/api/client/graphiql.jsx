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

async function fetcher(question) {
  const response = await fetch('/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(question),
  })
  return response.json()
}

const props = { fetcher, defaultTheme: 'light', defaultQuery: DEFAULT_QUERY }
createRoot(document.getElementById('graphiql')).render(createElement(GraphiQL, props))
