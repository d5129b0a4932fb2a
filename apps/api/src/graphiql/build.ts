import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { BUILT, bundleAssets } from './assets.js'

const { script, style } = await bundleAssets()
await mkdir(BUILT, { recursive: true })
await writeFile(join(BUILT, 'graphiql.js'), script)
await writeFile(join(BUILT, 'graphiql.css'), style)
