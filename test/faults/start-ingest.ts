import { spawn } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { transformFile } from '@swc/core'
import { build, type Plugin } from 'esbuild'

const ROOT = process.cwd()
/** Under node_modules, from where the bundles find their packages. */
const BUNDLES = join(ROOT, 'node_modules', '.cache', 'catena-faults')
const WAIT_MAX_MS = 90_000

/** A process of Catena that a test may kill. */
export interface Member {
  readonly pid: number
  /** Lines of its log so far. */
  readonly logged: readonly string[]
  kill(signal: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT' | 'SIGTERM'): void
  /** Resolves with the exit code or the signal. */
  readonly ended: Promise<number | string>
  /** Resolves with the first line of the log that holds the text; rejects when the process ends first. */
  says(text: string): Promise<string>
}

/** As the build does it: Nest reads the types of constructors at runtime, which esbuild alone leaves out. */
const withDecoratorTypes: Plugin = {
  name: 'decorator types',
  setup(bundler) {
    bundler.onLoad({ filter: /\.ts$/ }, async ({ path }) => ({
      contents: (
        await transformFile(path, {
          swcrc: false,
          jsc: {
            parser: { syntax: 'typescript', decorators: true },
            transform: { legacyDecorator: true, decoratorMetadata: true },
            target: 'es2022',
          },
          module: { type: 'es6' },
        })
      ).code,
      loader: 'js',
    }))
  },
}

/** Makes an app of this repository a program that plain Node runs, from the sources as they are now. */
export async function buildApp(app: 'api' | 'ingest' | 'projector' | 'worker'): Promise<string> {
  const outfile = join(BUNDLES, `${app}-${process.pid}.mjs`)
  mkdirSync(BUNDLES, { recursive: true })
  await build({
    entryPoints: [join(ROOT, 'apps', app, 'src', 'main.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    packages: 'external',
    plugins: [withDecoratorTypes],
    tsconfig: join(ROOT, 'tsconfig.json'),
    logLevel: 'error',
  })
  return outfile
}

/** The environment is all that the process gets, beside PATH and HOME. `preload`: a module that runs before it. */
export function startApp(bundle: string, env: Readonly<Record<string, string>>, preload?: string): Member {
  const flags = preload === undefined ? [bundle] : ['--import', preload, bundle]
  const { PATH = '', HOME = '' } = process.env
  const child = spawn(process.execPath, flags, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH, HOME, ...env },
    cwd: ROOT,
  })
  const logged: string[] = []
  for (const stream of [child.stdout, child.stderr]) createInterface(stream).on('line', (line) => logged.push(line))
  let end: number | string | undefined
  const ended = new Promise<number | string>((resolve) =>
    child.on('close', (code, signal) => resolve((end = code ?? signal ?? 'unknown'))),
  )
  const says = async (text: string): Promise<string> => {
    for (const until = Date.now() + WAIT_MAX_MS; ;) {
      await sleep(20)
      const line = logged.find((one) => one.includes(text))
      if (line !== undefined) return line
      if (end !== undefined || Date.now() > until)
        throw new Error(`never said "${text}" (${end ?? 'still runs'}):\n${logged.slice(-20).join('\n')}`)
    }
  }
  return { pid: child.pid ?? 0, logged, kill: (signal) => child.kill(signal), ended, says }
}
