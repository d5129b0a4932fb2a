import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { basename, dirname, join, sep } from 'node:path'
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

/** Read once. */
export function loadAssets(): Promise<Assets | undefined> {
  loaded ??= assetsOf(fileURLToPath(import.meta.url))
  return loaded
}

/**
 * What goes with the code of this file: with the build what was built with it, with the sources these, bundled now, whatever an earlier build left. The
 * other where there is only that; undefined where there is neither.
 */
export async function assetsOf(file: string, folder = BUILT): Promise<Assets | undefined> {
  const isBuilt = file.startsWith(join(ROOT, 'dist', sep))
  const bundled = (): Promise<Assets | undefined> => bundleAssets().catch(() => undefined)
  return isBuilt ? ((await readBuilt(folder)) ?? bundled()) : ((await bundled()) ?? readBuilt(folder))
}

async function readBuilt(folder: string): Promise<Assets | undefined> {
  if (!FILES.every((name) => existsSync(join(folder, name)))) return undefined
  const read = async (name: string): Promise<[string, Buffer]> => [name, await readFile(join(folder, name))]
  return new Map(await Promise.all(FILES.map(read)))
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
