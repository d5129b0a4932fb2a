import { askDeviceLogin, beginDeviceLogin, type Callers, type LoginDesk } from '@catena/callers'
import { systemClock } from '@catena/platform'
import { CALLERS, INSTANCE, type Instance } from '@catena/runtime'
import { Body, Controller, HttpCode, Inject, Post, Req, Res } from '@nestjs/common'
import type { Request, Response } from 'express'
import { AtMost } from './at-most.js'
import { originOf } from './origin.js'
import { orSay, say } from './say.js'

/** Each makes Catena ask the identity provider, and nobody has said yet who they are. */
const BEGUN_A_MINUTE_MAX = 30

/** Signs a command line in that has no browser: its person completes the login with one elsewhere (RFC 8628). */
@Controller('login/device')
export class DeviceLoginController {
  private readonly begun = new AtMost(BEGUN_A_MINUTE_MAX, 60_000)

  constructor(
    @Inject(CALLERS) private readonly callers: Callers,
    @Inject(INSTANCE) private readonly instance: Pick<Instance, 'settings'>,
  ) {}

  @Post()
  @HttpCode(200)
  async begin(@Req() request: Request, @Res() response: Response): Promise<void> {
    const desk = this.desk(request, response)
    if (desk === undefined) return
    if (!this.begun.takes(systemClock.now())) {
      say(response, 429, 'Too many logins were begun: wait a minute.')
      return
    }
    await orSay(response, async () => void response.json(await beginDeviceLogin(desk)))
  }

  /** 202: not yet. */
  @Post('token')
  @HttpCode(200)
  async ask(
    @Req() request: Request,
    @Res() response: Response,
    @Body() body: { secret?: unknown } | undefined,
  ): Promise<void> {
    const desk = this.desk(request, response)
    if (desk === undefined) return
    const secret = typeof body?.secret === 'string' ? body.secret : ''
    await orSay(response, async () => {
      const signedIn = await askDeviceLogin(desk, secret)
      if (signedIn === undefined) response.status(202).json({ pending: true })
      else response.json({ token: `catena_login_${signedIn.secret}` })
    })
  }

  private desk(request: Request, response: Response): LoginDesk | undefined {
    const { people, access } = this.callers
    const desk = people?.desk(access.url ?? originOf(request, this.instance.settings.host))
    if (desk === undefined) say(response, 404, 'There is no identity provider.')
    return desk
  }
}
