import type { IdentifyCaller } from '@catena/callers'
import type { RequestHandler } from 'express'
import { servePage } from '../pages/serve-page.js'

/** The page loads from here only. Its editor sets styles from its script, which a policy without 'unsafe-inline' refuses. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; font-src data:; img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"

const HTML = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width">
    <title>Catena: evidence</title>
    <link rel="icon" href="data:,">
    <link rel="stylesheet" href="/graphiql/graphiql.css">
  </head>
  <body style="margin: 0">
    <div id="graphiql" style="height: 100vh">Loading the query workbench</div>
    <script type="module" src="/graphiql/graphiql.js"></script>
  </body>
</html>
`

/** Browsers that open `/` or `/graphql` get GraphiQL, once they are signed in. */
export function serveGraphiql(identify: IdentifyCaller): RequestHandler {
  return servePage(identify, {
    name: 'graphiql',
    title: 'The query workbench',
    isAsked: ({ path, headers }) => path === '/' || (path === '/graphql' && headers.accept?.includes('text/html') === true),
    login: '/login',
    policy: POLICY,
    html: HTML,
  })
} // prettier-ignore
