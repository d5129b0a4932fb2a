import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** What the pages load, by the name of the file, from this server and nowhere else. */
export type Assets = ReadonlyMap<string, Buffer>

const PAGES = ['graphiql', 'review']
const FILES = PAGES.flatMap((page) => [`${page}.js`, `${page}.css`])

/** Folder of package.json: above the sources and above the build alike. */
export const ROOT = rootAbove(dirname(fileURLToPath(import.meta.url)))
/** Where `build.ts` writes, so that an installation without development packages has them. */
export const BUILT = join(ROOT, 'dist', 'pages')

let loaded: Promise<Assets | undefined> | undefined

/** The built assets, else bundled now: a checkout has the bundler. Undefined where there is neither. Read once. */
export function loadAssets(): Promise<Assets | undefined> {
  loaded ??= load()
  return loaded
}

async function load(): Promise<Assets | undefined> {
  if (FILES.every((name) => existsSync(join(BUILT, name))))
    return new Map(
      await Promise.all(
        FILES.map(async (name): Promise<[string, Buffer]> => [name, await readFile(join(BUILT, name))]),
      ),
    )
  return bundleAssets().catch(() => undefined)
}

export async function bundleAssets(): Promise<Assets> {
  const { build } = await import('esbuild')
  const { outputFiles } = await build({
    entryPoints: ['graphiql.jsx', 'review.js'].map((name) => join(ROOT, 'apps', 'api', 'client', name)),
    bundle: true,
    minify: true,
    write: false,
    outdir: BUILT,
    format: 'esm',
    target: 'es2022',
    define: { 'process.env.NODE_ENV': '"production"' },
    logLevel: 'silent',
  })
  return new Map(outputFiles.map(({ path, contents }) => [basename(path), Buffer.from(contents)]))
}

function rootAbove(folder: string): string {
  return existsSync(join(folder, 'package.json')) ? folder : rootAbove(dirname(folder))
}
