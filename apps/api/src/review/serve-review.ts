import type { IdentifyCaller } from '@catena/callers'
import type { RequestHandler } from 'express'
import { servePage } from '../pages/serve-page.js'

/** Script and style from here only, none of them inline; questions go to this server alone. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"

const HTML = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width">
    <title>Catena: your reviews</title>
    <link rel="icon" href="data:,">
    <link rel="stylesheet" href="/review/review.css">
  </head>
  <body>
    <h1>Your reviews</h1>
    <p class="note">Accesses to shared credentials that you have to judge, the riskiest first. Nothing is decided by opening this page.</p>
    <p id="told" role="status"></p>
    <main id="work">Loading</main>
    <script type="module" src="/review/review.js"></script>
  </body>
</html>
`

/** Where the link of a message to a reviewer leads: their own work, once they are signed in. */
export function serveReview(identify: IdentifyCaller): RequestHandler {
  return servePage(identify, {
    name: 'review',
    title: 'The page of reviewers',
    isAsked: ({ path }) => path === '/review',
    login: '/login?to=/review',
    policy: POLICY,
    html: HTML,
  })
}
