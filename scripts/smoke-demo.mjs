// Starts the demo as a new user would, waits for its address, asks it for chains, and stops it.
import { execFileSync, spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'

const PORT = process.env.CATENA_PORT ?? '4655'
const DEADLINE_MS = 180_000
const startedAt = Date.now()
const demo = spawn('npm', ['run', 'demo', '--silent'], {
  env: { ...process.env, CATENA_PORT: PORT },
  stdio: ['ignore', 'pipe', 'inherit'],
  detached: true,
})
let printed = ''
demo.stdout.on('data', (chunk) => {
  printed += chunk
  process.stdout.write(chunk)
})
const ended = new Promise((resolve) => demo.on('exit', (code) => resolve(code)))
const timer = setTimeout(() => fail('the demo did not come up in time'), DEADLINE_MS)

while (!/Ctrl-C ends the demo/.test(printed)) {
  if (demo.exitCode !== null) fail(`the demo ended with ${demo.exitCode}`)
  await new Promise((resolve) => setTimeout(resolve, 100))
}
const upAfter = Math.round((Date.now() - startedAt) / 1000)
const url = /http:\/\/127\.0\.0\.1:\d+/.exec(printed)[0]
const folder = /CATENA_DATA=(\S+)/.exec(printed)[1]
const token = readFileSync(`${folder}/local.token`, 'utf8').trim()
const query =
  '{ evidence { cut retrievals(first: 5) { edges { node { fact { id } path { state } actor { __typename } } } } } }'
const response = await fetch(`${url}/graphql`, {
  method: 'POST',
  headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
  body: JSON.stringify({ query }),
})
const answer = await response.json()
const edges = answer.data?.evidence?.retrievals?.edges ?? []
if (edges.length !== 5) fail(`the API answered ${JSON.stringify(answer).slice(0, 500)}`)
if (!/path\s+PROVEN/.test(printed) || !/actor\s+PROVEN/.test(printed))
  fail('the chain that the demo shows is not proven')
if ((printed.match(/npm run catena -- trace \S+-\S+-/g) ?? []).length < 3)
  fail('the demo names fewer than three incidents')
// As Ctrl-C in a terminal: every process of the group hears it, and npm hands it on once more.
process.kill(-demo.pid, 'SIGINT')
const code = await ended
clearTimeout(timer)
if (code !== 0) fail(`the demo ended with ${code}`)
if (existsSync(folder)) fail(`the demo left its folder ${folder}`)
const left = processesOf(folder)
if (left.length > 0) fail(`the demo left processes: ${left.join('; ')}`)
console.log(`\ndemo smoke: up after ${upAfter} s, 5 chains answered, ended in order with nothing left`)
process.exit(0)

/** Command lines that name the folder. */
function processesOf(folder) {
  return execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line.includes(folder))
}

function fail(reason) {
  console.error(`demo smoke: ${reason}`)
  try {
    process.kill(-demo.pid, 'SIGKILL')
  } catch {}
  process.exit(1)
}
