// Runs test/soak/main.ts: bundled, because it and the processes that it starts are to be those of the sources as they are now.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'

const outfile = join(process.cwd(), 'node_modules', '.cache', 'catena-faults', 'soak.mjs')
mkdirSync(join(outfile, '..'), { recursive: true })
await build({
  entryPoints: [join(process.cwd(), 'test', 'soak', 'main.ts')],
  outfile,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  packages: 'external',
  tsconfig: join(process.cwd(), 'tsconfig.json'),
  logLevel: 'error',
})
await import(pathToFileURL(outfile).href)
