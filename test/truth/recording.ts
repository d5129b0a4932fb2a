import { spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { readSettings } from '@catena/platform'
import { accessIndexRunner, openInstance, openReader, type Instance } from '@catena/runtime'
import { feedRecording, openRecording, RECORDING_FOLDER } from '@catena/testing'
import { answerOf, type Answer } from './answers.js'
import { requestsOf } from './requests.js'

/**
 * Feeds a recording into an empty instance, answers for every request of its vaults and every other retrieval, and lets the judge compare
 * with the truth. Returns the exit code.
 */
export async function judgeRecording(path = RECORDING_FOLDER, answersFile?: string): Promise<number> {
  const recording = await openRecording(resolve(path))
  const folder = join(tmpdir(), `catena-truth-${randomUUID()}`)
  try {
    const settings = readSettings({ CATENA_DATA: folder })
    const instance = await openInstance(
      settings,
      {},
      { configuration: { file: undefined, sources: recording.sources, walk: {}, webhookSecrets: new Map() } },
    )
    try {
      for (const summary of await feedRecording(recording, instance.ledger, instance.keys)) {
        if (summary.failure !== undefined) throw new Error(summary.failure.message)
      }
      const answers = await answer(instance)
      const file = resolve(answersFile ?? join(folder, 'answers.jsonl'))
      await writeFile(file, answers.map((line) => `${JSON.stringify(line)}\n`).join(''))
      return judge(recording.truth, file, answers.length)
    } finally {
      await instance.close()
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function answer(instance: Instance): Promise<Answer[]> {
  const runner = accessIndexRunner(instance, (error) => process.stderr.write(`${String(error)}\n`))
  const { reader, close } = openReader(instance)
  try {
    runner.start()
    await runner.caughtUp(await instance.ledger.head())
    const asOf = await reader.asOf()
    const answers: Answer[] = []
    for await (const requests of requestsOf(reader, asOf)) {
      const chains = await reader.chains(
        asOf,
        requests.map(({ fact }) => fact),
      )
      answers.push(...chains.map((chain, index) => answerOf(requests[index]?.requestId ?? '', chain)))
    }
    return answers
  } finally {
    await runner.stop()
    await close()
  }
}

function judge(truth: string, answers: string, count: number): number {
  if (!existsSync(truth)) {
    process.stdout.write(`${count} answers; this recording has no truth to judge them by\n`)
    return 0
  }
  const { status } = spawnSync(process.execPath, [join(RECORDING_FOLDER, '..', 'score.mjs'), truth, answers], {
    stdio: 'inherit',
  })
  return status ?? 1
}
