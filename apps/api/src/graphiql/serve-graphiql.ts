import type { IdentifyCaller } from '@catena/callers'
import type { RequestHandler, Response } from 'express'
import { loadAssets, type Assets } from './assets.js'

/** The page loads from here only. Its editor sets styles from its script, which a policy without 'unsafe-inline' refuses. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; font-src data:; img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"

const PAGE = `<!doctype html>
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

/** Browsers that open `/` or `/graphql` get GraphiQL, once they are signed in; every other request passes. */
export function serveGraphiql(identify: IdentifyCaller): RequestHandler {
  return async (request, response, next) => {
    const isPage = request.path === '/' || (request.path === '/graphql' && prefersPage(request.headers.accept))
    const asset = /^\/graphiql\/graphiql\.(js|css)$/.exec(request.path)?.[1]
    if (request.method !== 'GET' || (!isPage && asset === undefined)) {
      next()
      return
    }
    if (isPage && (await identify(request)) === undefined) {
      response.redirect(303, '/login')
      return
    }
    answer(response, asset, await loadAssets())
  }
}

function prefersPage(accept: string | undefined): boolean {
  return accept?.includes('text/html') === true
}

function answer(response: Response, asset: string | undefined, assets: Assets | undefined): void {
  if (assets === undefined)
    response.status(503).type('text/plain').send('The query workbench is not built: run npm run build.\n')
  else if (asset === 'js') response.type('text/javascript').send(assets.get('graphiql.js'))
  else if (asset === 'css') response.type('text/css').send(assets.get('graphiql.css'))
  else response.set('Content-Security-Policy', POLICY).type('text/html').send(PAGE)
}
