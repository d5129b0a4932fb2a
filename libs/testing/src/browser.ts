/** What a browser does with redirects and cookies, without one: a jar per origin, at most 20 steps. */
export class TestBrowser {
  private readonly jars = new Map<string, Map<string, string>>()
  /** Addresses of the last visit, in order. */
  visited: string[] = []

  async visit(url: string, init: RequestInit = {}): Promise<Response> {
    this.visited = []
    let [next, options] = [url, init]
    for (let step = 0; step < 20; step++) {
      this.visited.push(next)
      const response = await this.step(next, options)
      const to = response.headers.get('location')
      if (response.status < 300 || response.status > 399 || to === null) return response
      await response.arrayBuffer()
      ;[next, options] = [new URL(to, next).href, {}]
    }
    throw new Error(`no end of redirects: ${this.visited.join(' ')}`)
  }

  /** The names and values that it would send there. */
  cookiesFor(url: string): Readonly<Record<string, string>> {
    return Object.fromEntries(this.jars.get(new URL(url).origin) ?? [])
  }

  keep(url: string, cookies: Readonly<Record<string, string>>): void {
    this.jars.set(new URL(url).origin, new Map(Object.entries(cookies)))
  }

  private async step(url: string, init: RequestInit): Promise<Response> {
    const jar = this.jars.get(new URL(url).origin) ?? new Map<string, string>()
    this.jars.set(new URL(url).origin, jar)
    const headers = new Headers(init.headers)
    if (jar.size > 0) headers.set('cookie', [...jar].map(([name, value]) => `${name}=${value}`).join('; '))
    const response = await fetch(url, { ...init, headers, redirect: 'manual' })
    for (const cookie of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? []
      if (value === '' || /max-age=0|expires=Thu, 01 Jan 1970/i.test(cookie)) jar.delete(name)
      else jar.set(name, value)
    }
    return response
  }
}
