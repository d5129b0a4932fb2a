import type { IdentifyCaller } from '@catena/callers'
import type { RequestHandler } from 'express'
import { loadAssets } from '../graphiql/assets.js'

/** Script and style from here only, none of them inline; questions go to this server alone. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"

const PAGE = `<!doctype html>
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

/** Where the link of a message to a reviewer leads: their own work, once they are signed in. Every other request passes. */
export function serveReview(identify: IdentifyCaller): RequestHandler {
  return async (request, response, next) => {
    const asset = /^\/review\/(review\.(?:js|css))$/.exec(request.path)?.[1]
    if (request.method !== 'GET' || (request.path !== '/review' && asset === undefined)) {
      next()
      return
    }
    if (asset !== undefined) {
      const content = (await loadAssets())?.get(asset)
      if (content === undefined)
        response.status(503).type('text/plain').send('The page is not built: run npm run build.\n')
      else response.type(asset.endsWith('.js') ? 'text/javascript' : 'text/css').send(content)
      return
    }
    if ((await identify(request)) === undefined) response.redirect(303, '/login?to=/review')
    else response.set('Content-Security-Policy', POLICY).type('text/html').send(PAGE)
  }
}
