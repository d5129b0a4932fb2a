import { createHash } from 'node:crypto'
import {
  beginLogin,
  completeLogin,
  isSame,
  loginCookie,
  loginIn,
  localPersonAs,
  logoutPage,
  noCookies,
  sessionCookie,
  sessionIn,
  type Callers,
} from '@catena/callers'
import { LOCAL_PERSON_KEY, PEOPLE_ROLES, type Role } from '@catena/domain'
import { CALLERS, INSTANCE, type Instance } from '@catena/runtime'
import { Body, Controller, Get, HttpCode, Inject, Post, Query, Req, Res } from '@nestjs/common'
import type { Request, Response } from 'express'
import { isOwnPage, originOf, pathWithin } from './origin.js'
import { orSay, say } from './say.js'

const NO_ROLE = `as is one of ${PEOPLE_ROLES.join(', ')}`

/** Whom somebody asks to be. A word that is no role would else be all of them. */
function roleOf(as: unknown): Role | undefined | 'none' {
  return as === undefined ? undefined : (PEOPLE_ROLES.find((one) => one === as) ?? 'none')
}

/** Signing in and out with a browser: by the identity provider, or, without one, by a link that works once. */
@Controller()
export class LoginController {
  constructor(
    @Inject(CALLERS) private readonly callers: Callers,
    @Inject(INSTANCE) private readonly instance: Pick<Instance, 'settings'>,
  ) {}

  @Get('login')
  async begin(@Req() request: Request, @Res() response: Response, @Query('to') to: unknown): Promise<void> {
    const { people } = this.callers
    if (people === undefined) {
      say(response, 401, 'Open the link that was printed at the start, or run `catena login`.')
      return
    }
    await orSay(response, async () => {
      const { url, kept } = await beginLogin(people.desk(this.origin(request)), pathWithin(to))
      response.setHeader('Set-Cookie', loginCookie(kept, this.isSecure(request)))
      response.redirect(303, url)
    })
  }

  @Get('login/callback')
  async complete(@Req() request: Request, @Res() response: Response): Promise<void> {
    const { people } = this.callers
    if (people === undefined) {
      say(response, 404, 'There is no identity provider.')
      return
    }
    await orSay(response, async () => {
      const desk = people.desk(this.origin(request))
      const { secret, returnTo } = await completeLogin(
        desk,
        request.originalUrl,
        loginIn(request, this.isSecure(request)),
      )
      this.signIn(request, response, secret, returnTo)
    })
  }

  @Get('login/local')
  async local(
    @Req() request: Request,
    @Res() response: Response,
    @Query('code') code: unknown,
    @Query('as') as: unknown,
  ): Promise<void> {
    const { local, sessions, access } = this.callers
    const role = roleOf(as)
    if (role === 'none') {
      say(response, 400, NO_ROLE)
      return
    }
    if (local === undefined || typeof code !== 'string' || !local.take(code)) {
      say(response, 401, 'This link was used before, or is not from here: run `catena login` for a new one.')
      return
    }
    const secret = await sessions.begin(localPersonAs(role), access.sessionMaxMs)
    this.signIn(request, response, secret, role === 'reviewer' ? '/review' : '/')
  }

  /** Only who may read the data folder has the token that this needs. */
  @Post('login/link')
  @HttpCode(200)
  async link(@Req() request: Request, @Res() response: Response, @Query('as') as: unknown): Promise<void> {
    const caller = await this.callers.identify(request)
    const { local } = this.callers
    if (local === undefined || caller?.id !== LOCAL_PERSON_KEY || request.headers.authorization === undefined) {
      say(response, 401, 'Send the local token.')
      return
    }
    const role = roleOf(as)
    if (role === 'none') {
      say(response, 400, NO_ROLE)
      return
    }
    const suffix = role === undefined ? '' : `&as=${role}`
    response.json({ url: `${this.origin(request)}/login/local?code=${local.make()}${suffix}` })
  }

  /** Gives the session of this browser on to a command line that listens on this machine; it must show what it hashed (PKCE). */
  @Get('login/cli')
  async toCommandLine(
    @Req() request: Request,
    @Res() response: Response,
    @Query('port') port: unknown,
    @Query('challenge') challenge: unknown,
  ): Promise<void> {
    const session = sessionIn(request, this.isSecure(request))
    if (typeof port !== 'string' || !/^[1-9]\d{1,4}$/.test(port) || typeof challenge !== 'string') {
      say(response, 400, 'Begin with `catena login`.')
      return
    }
    if (session === undefined || (await this.callers.sessions.callerOf(session)) === undefined) {
      response.redirect(303, `/login?to=${encodeURIComponent(request.originalUrl)}`)
      return
    }
    const branch = await this.callers.sessions.branch(session)
    const code = await this.callers.sessions.keepAttempt({ branch, challenge })
    response.redirect(303, `http://127.0.0.1:${port}/?code=${code}`)
  }

  @Post('login/token')
  @HttpCode(200)
  async token(
    @Res() response: Response,
    @Body() body: { code?: unknown; verifier?: unknown } | undefined,
  ): Promise<void> {
    const { code, verifier } = body ?? {}
    const kept = typeof code === 'string' ? await this.callers.sessions.takeAttempt(code) : undefined
    const { branch, challenge } = (kept ?? {}) as { branch?: string; challenge?: string }
    const shown = typeof verifier === 'string' ? createHash('sha256').update(verifier).digest('base64url') : ''
    if (branch === undefined || challenge === undefined || !isSame(shown, challenge)) {
      say(response, 401, 'This code was used before, or is not yours: begin again.')
      return
    }
    response.json({ token: `catena_login_${branch}` })
  }

  @Post('logout')
  async end(@Req() request: Request, @Res() response: Response): Promise<void> {
    if (!isOwnPage(request, this.origin(request))) {
      say(response, 403, 'Only pages of Catena sign out.')
      return
    }
    const bearer = /^Bearer catena_login_([\w-]+)$/.exec(request.headers.authorization ?? '')?.[1]
    const secret = bearer ?? sessionIn(request, this.isSecure(request))
    if (secret !== undefined) await this.callers.sessions.end(secret)
    response.setHeader('Set-Cookie', noCookies())
    const { people } = this.callers
    const origin = this.origin(request)
    const page =
      people === undefined || bearer !== undefined
        ? undefined
        : await logoutPage(people.desk(origin), origin).catch(() => undefined)
    if (page === undefined) say(response, 200, 'You are signed out.')
    else response.redirect(303, page)
  }

  /** OpenID Connect Back-Channel Logout 1.0. */
  @Post('logout/backchannel')
  async endByProvider(@Res() response: Response, @Body() body: { logout_token?: unknown } | undefined): Promise<void> {
    const token = body?.logout_token
    await orSay(response, async () => {
      const heard = typeof token === 'string' ? await this.callers.people?.verifier.logOut(token) : undefined
      if (heard === 'ended') say(response, 200, 'ended')
      else if (heard === 'heard before') say(response, 400, 'this logout token was used before')
      else say(response, 400, 'no logout token of the identity provider')
    })
  }

  private signIn(request: Request, response: Response, secret: string, returnTo: string): void {
    response.setHeader('Set-Cookie', [
      ...noCookies(),
      sessionCookie(secret, this.isSecure(request), this.callers.access.sessionMaxMs),
    ])
    response.redirect(303, returnTo)
  }

  private origin(request: Request): string {
    return this.callers.access.url ?? originOf(request, this.instance.settings.host)
  }

  private isSecure(request: Request): boolean {
    return this.origin(request).startsWith('https:')
  }
}
