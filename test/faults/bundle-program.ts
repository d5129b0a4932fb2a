import { mkdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { build } from 'esbuild'

const ROOT = join(import.meta.dirname, '..', '..')
/** Under node_modules, from where a bundle finds its packages. */
const FOLDER = join(ROOT, 'node_modules', '.cache', 'catena-faults')

/** Makes a TypeScript file a program that plain Node runs; returns nothing, the bundle has the file's name with `.mjs`. */
export async function bundleProgram(entry: string): Promise<void> {
  mkdirSync(FOLDER, { recursive: true })
  await build({
    entryPoints: [entry],
    outfile: join(FOLDER, basename(entry).replace(/\.ts$/, '.mjs')),
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    packages: 'external',
    alias: {},
    tsconfig: join(ROOT, 'tsconfig.json'),
    logLevel: 'error',
  })
}
