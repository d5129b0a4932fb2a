import { spawn } from 'node:child_process'

/** Jest's workers end without a last word: once none has been alive for ten seconds, this process ends the server. */
const WATCHER = `
const fs = require('node:fs')
const [folder, pid] = process.argv.slice(1)
/** A lock that stands for so long was left by a process that died. */
const LOCK_LOOKS_MAX = 200
const alive = (id) => { try { process.kill(id, 0); return true } catch { return false } }
const used = () => { try { return fs.readdirSync(folder + '/users').some(alive) } catch { return false } }
let quiet = 0
setInterval(() => {
  if (!alive(pid)) process.exit(0)
  quiet = used() ? 0 : quiet + 1
  if (quiet < 10) return
  // As locked() does: whoever is about to join is waited for, and whoever comes now waits until all of it is gone.
  try { fs.mkdirSync(folder + '/lock') } catch { if (fs.existsSync(folder) && quiet < LOCK_LOOKS_MAX) return }
  if (used()) return fs.rmdirSync(folder + '/lock')
  process.kill(Number(pid), 'SIGKILL')
  const remove = (path) => fs.rmSync(path, { recursive: true, force: true, maxRetries: 20 })
  if (fs.existsSync(folder)) fs.readdirSync(folder).filter((name) => name !== 'lock').forEach((name) => remove(folder + '/' + name))
  remove(folder)
  process.exit(0)
}, 1000)
`

/** Ends the server of a folder, by a process id or, below 0, a process group, once none of the processes in its `users` is alive; and removes the folder. */
export function endWhenUnused(folder: string, pid: number): void {
  spawn(process.execPath, ['-e', WATCHER, folder, String(pid)], { detached: true, stdio: 'ignore' }).unref()
}
