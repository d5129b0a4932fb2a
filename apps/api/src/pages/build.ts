import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { BUILT, bundleAssets } from './assets.js'

await mkdir(BUILT, { recursive: true })
for (const [name, content] of await bundleAssets()) await writeFile(join(BUILT, name), content)
