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

  /** Fills the only form of the page that was visited last and sends it, as a click on its button `fields` would. */
  async submit(page: Response, fields: Readonly<Record<string, string>>): Promise<Response> {
    const { action, hidden } = formIn(await page.text())
    const body = new URLSearchParams({ ...hidden, ...fields })
    return this.visit(new URL(action, this.visited.at(-1)).href, { method: 'POST', body })
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

/** Where the form of a page goes, and what stands in it unseen. Throws where there is none. */
function formIn(html: string): { readonly action: string; readonly hidden: Readonly<Record<string, string>> } {
  const [, action] = /<form[^>]*\baction="([^"]*)"/.exec(html) ?? []
  if (action === undefined) throw new Error(`no form in: ${html.replace(/<(style|script)[\s\S]*?<\/\1>|<[^>]*>|\s+/g, ' ').slice(0, 500)}`)
  const inputs = [...html.matchAll(/<input[^>]*type="hidden"[^>]*>/g)].map(([input]) => input)
  const of = (input: string, name: string): string => plain(new RegExp(`\\b${name}="([^"]*)"`).exec(input)?.[1] ?? '')
  return { action: plain(action), hidden: Object.fromEntries(inputs.map((input) => [of(input, 'name'), of(input, 'value')])) }
} // prettier-ignore

function plain(html: string): string {
  return html.replaceAll('&amp;', '&').replaceAll('&quot;', '"').replaceAll('&#x3D;', '=')
}
