import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** What the page loads, from this server and nowhere else. */
export interface Assets {
  readonly script: Buffer
  readonly style: Buffer
}

/** Folder of package.json: above the sources and above the build alike. */
export const ROOT = rootAbove(dirname(fileURLToPath(import.meta.url)))
/** Where `build.ts` writes, so that an installation without development packages has them. */
export const BUILT = join(ROOT, 'dist', 'graphiql')

/** The built assets, else bundled now: a checkout has the bundler. Undefined where there is neither. */
export async function loadAssets(): Promise<Assets | undefined> {
  if (existsSync(join(BUILT, 'graphiql.js')))
    return { script: await readFile(join(BUILT, 'graphiql.js')), style: await readFile(join(BUILT, 'graphiql.css')) }
  return bundleAssets().catch(() => undefined)
}

export async function bundleAssets(): Promise<Assets> {
  const { build } = await import('esbuild')
  const { outputFiles } = await build({
    entryPoints: [join(ROOT, 'apps', 'api', 'client', 'graphiql.jsx')],
    bundle: true,
    minify: true,
    write: false,
    outdir: BUILT,
    format: 'esm',
    target: 'es2022',
    define: { 'process.env.NODE_ENV': '"production"' },
    logLevel: 'silent',
  })
  const contentOf = (ending: string): Buffer => {
    const file = outputFiles.find(({ path }) => path.endsWith(ending))
    if (file === undefined) throw new Error(`the bundle has no ${ending}`)
    return Buffer.from(file.contents)
  }
  return { script: contentOf('.js'), style: contentOf('.css') }
}

function rootAbove(folder: string): string {
  return existsSync(join(folder, 'package.json')) ? folder : rootAbove(dirname(folder))
}
