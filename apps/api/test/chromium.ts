import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable, Writable } from 'node:stream'

const PLACES = [
  process.env['CHROMIUM_BINARY'],
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
]

/** Undefined: there is none on this machine. */
export function chromiumBinary(): string | undefined {
  return PLACES.find((path) => path !== undefined && existsSync(path))
}

interface Answer {
  readonly id?: number
  readonly result?: unknown
  readonly error?: { readonly message: string }
  readonly method?: string
  readonly params?: unknown
}

interface Lifecycle {
  readonly name: string
  readonly loaderId: string
}

/** One page of a real browser, asked by its DevTools protocol over a pipe (`--remote-debugging-pipe`: JSON, each message ended by a NUL). */
export class BrowserPage {
  private readonly waiting = new Map<number, (answer: Answer) => void>()
  private number = 0
  private rest = ''
  private session: string | undefined
  /** Documents that are loaded, by the ids of their navigations. */
  private readonly loaded = new Set<unknown>()
  /** What the page wrote to its console as errors, and what its policy refused. */
  readonly complaints: string[] = []

  private constructor(
    private readonly process: ChildProcess,
    private readonly profile: string,
  ) {
    const out = process.stdio[4] as Readable
    out.setEncoding('utf8').on('data', (text: string) => this.read(text))
  }

  static async open(binary: string, headers: Readonly<Record<string, string>>): Promise<BrowserPage> {
    const profile = mkdtempSync(join(tmpdir(), 'catena-browser-'))
    const flags = ['--headless', '--no-sandbox', '--disable-gpu', '--remote-debugging-pipe', '--window-size=1100,1400', `--user-data-dir=${profile}`] // prettier-ignore
    const page = new BrowserPage(spawn(binary, flags, { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] }), profile) // prettier-ignore
    const { targetId } = (await page.send('Target.createTarget', { url: 'about:blank' })) as { targetId: string }
    const { sessionId } = (await page.send('Target.attachToTarget', { targetId, flatten: true })) as { sessionId: string } // prettier-ignore
    page.session = sessionId
    for (const domain of ['Page', 'Network', 'Runtime', 'Log']) await page.send(`${domain}.enable`, {})
    await page.send('Page.setLifecycleEventsEnabled', { enabled: true })
    await page.identify(headers)
    return page
  }

  /** What every request from now on says of who sends it. */
  async identify(headers: Readonly<Record<string, string>>): Promise<void> {
    await this.send('Network.setExtraHTTPHeaders', { headers })
  }

  /** Runs in every document from now on, before its own scripts. */
  async before(source: string): Promise<void> {
    await this.send('Page.addScriptToEvaluateOnNewDocument', { source })
  }

  /** No request leaves until it is on the line again. */
  async hangUp(isOffline: boolean): Promise<void> {
    await this.send('Network.emulateNetworkConditions', { offline: isOffline, latency: 0, downloadThroughput: -1, uploadThroughput: -1 })
  } // prettier-ignore

  /** Resolves once the page and its scripts are loaded. */
  async visit(url: string): Promise<void> {
    const { loaderId, errorText } = (await this.send('Page.navigate', { url })) as { loaderId?: string; errorText?: string } // prettier-ignore
    if (errorText !== undefined) throw new Error(`${url}: ${errorText}`)
    while (!this.loaded.has(loaderId)) await new Promise((resolve) => setTimeout(resolve, 20))
  }

  /** The value of an expression in the page; a promise is awaited. */
  async evaluate(expression: string): Promise<unknown> {
    const { result, exceptionDetails } = (await this.send('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true })) as { result: { value?: unknown }; exceptionDetails?: object } // prettier-ignore
    if (exceptionDetails !== undefined) throw new Error(JSON.stringify(exceptionDetails))
    return result.value
  }

  /** Waits until an expression is true. */
  async until(expression: string, timeoutMs = 20_000): Promise<void> {
    const deadline = performance.now() + timeoutMs
    while ((await this.evaluate(`Boolean(${expression})`)) !== true) {
      if (performance.now() > deadline) throw new Error(`never came true: ${expression}; ${this.complaints.join('; ')}`)
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }

  async screenshot(): Promise<Buffer> {
    const { data } = (await this.send('Page.captureScreenshot', { format: 'png', captureBeyondViewport: true })) as { data: string } // prettier-ignore
    return Buffer.from(data, 'base64')
  }

  async close(): Promise<void> {
    const ended = new Promise((resolve) => this.process.on('close', resolve))
    this.process.kill('SIGTERM')
    await ended
    // Its helpers may still write for a moment.
    rmSync(this.profile, { recursive: true, force: true, maxRetries: 20 })
  }

  private send(method: string, params: object): Promise<unknown> {
    const id = ++this.number
    const session = this.session === undefined ? {} : { sessionId: this.session }
    ;(this.process.stdio[3] as Writable).write(`${JSON.stringify({ id, method, params, ...session })}\0`)
    return new Promise((resolve, reject) => {
      this.waiting.set(id, ({ result, error }) =>
        error === undefined ? resolve(result) : reject(new Error(`${method}: ${error.message}`)),
      )
    })
  }

  private read(text: string): void {
    const parts = (this.rest + text).split('\0')
    this.rest = parts.pop() ?? ''
    for (const part of parts) {
      const answer = JSON.parse(part) as Answer
      if (answer.id !== undefined) this.waiting.get(answer.id)?.(answer)
      else if (answer.method === 'Page.lifecycleEvent') this.note(answer.params as Lifecycle)
      else if (answer.method === 'Log.entryAdded' || answer.method === 'Runtime.exceptionThrown')
        this.complaints.push(JSON.stringify(answer.params))
    }
  }

  private note({ name, loaderId }: Lifecycle): void {
    if (name === 'load') this.loaded.add(loaderId)
  }
}
