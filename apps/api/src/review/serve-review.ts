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
    <details class="words">
      <summary>What you are asked, and what happens then</summary>
      <p>Is this access still needed? The evidence is what records showed when the campaign began; what changed since stands with it. Where nobody recorded something it says so: that is no pass.</p>
      <dl>
        <dt>Still needed</dt>
        <dd>You certify that the access may stay as it is. Your name, your reason and the evidence that you saw stay on record.</dd>
        <dt>Revoke</dt>
        <dd>It shall end. A revoke outweighs whatever else is said of the access. The end is ordered as the campaign says, and counts as done only once records show it.</dd>
        <dt>I cannot judge it</dt>
        <dd>Counts as no answer, never as a yes.</dd>
        <dt>Tolerate</dt>
        <dd>It breaks a rule and may stay until the end of that day (UTC), because of what is done instead.</dd>
        <dt>Hand over</dt>
        <dd>Somebody else is asked. The deadline stays, and you stay accountable.</dd>
        <dt>Chain</dt>
        <dd>How far records show who obtained the credential. Proven: by values that were given out once. Inferred: by a name, a time or an operator's word, which only one fits. Ambiguous: several fit, and it may have been any of them. Missing: the records do not show it.</dd>
        <dt>Verdict</dt>
        <dd>Was the sharing of the credential under control? Unknown: the records do not tell. That is no pass, and no failure.</dd>
        <dt>Risk</dt>
        <dd>0 to 100. What nobody recorded counts as half of the worst, never as harmless.</dd>
      </dl>
    </details>
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
