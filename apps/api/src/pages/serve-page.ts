import type { IdentifyCaller } from '@catena/callers'
import type { Request, RequestHandler } from 'express'
import { loadAssets } from './assets.js'

export interface Page {
  /** Of its assets: `/<name>/<name>.js` and `.css`. */
  readonly name: string
  /** For people. */
  readonly title: string
  readonly isAsked: (request: Request) => boolean
  /** Where whoever is not signed in goes first. */
  readonly login: string
  readonly policy: string
  readonly html: string
}

/** The page for whoever is signed in, and its assets for everybody; every other request passes. */
export function servePage(identify: IdentifyCaller, { name, title, isAsked, login, policy, html }: Page): RequestHandler {
  const assetPath = new RegExp(`^/${name}/(${name}\\.(?:js|css))$`)
  return async (request, response, next) => {
    const asset = assetPath.exec(request.path)?.[1]
    if (request.method !== 'GET' || (asset === undefined && !isAsked(request))) {
      next()
      return
    }
    if (asset === undefined && (await identify(request)) === undefined) {
      response.redirect(303, login)
      return
    }
    const assets = await loadAssets()
    if (assets === undefined) response.status(503).type('text/plain').send(`${title} is not built: run npm run build.\n`)
    else if (asset === undefined) response.set('Content-Security-Policy', policy).type('text/html').send(html)
    else response.type(asset.endsWith('.js') ? 'text/javascript' : 'text/css').send(assets.get(asset))
  }
} // prettier-ignore
