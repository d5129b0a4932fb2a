import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { locked } from './locked.js'
import { fetchBy } from './run.js'

const KAFKA_VERSION = '4.1.1'

/** This machine has neither Java and Maven nor a broker in KAFKA_BROKERS. */
export class NoTestBroker extends Error {
  override name = 'NoTestBroker'
}

/** Folder of the jars of the broker and its tools, fetched once per machine by Maven. Throws NoTestBroker. */
export async function fetchJars(): Promise<string> {
  const cache = join(process.env['CATENA_CACHE'] ?? join(homedir(), '.cache', 'catena-test'), 'kafka')
  const jars = join(cache, KAFKA_VERSION)
  if (spawnSync('java', ['-version']).status !== 0)
    throw new NoTestBroker('no Java; install Java 17 or set KAFKA_BROKERS')
  mkdirSync(cache, { recursive: true })
  return locked(cache, () => {
    if (existsSync(jars)) return jars
    if (spawnSync('mvn', ['-v']).status !== 0)
      throw new NoTestBroker('no Maven to fetch Kafka with; install it or set KAFKA_BROKERS')
    const draft = `${jars}.draft`
    rmSync(draft, { recursive: true, force: true })
    mkdirSync(draft)
    writeFileSync(join(draft, 'pom.xml'), pom())
    fetchBy('mvn', [
      '-q',
      '-B',
      '-f',
      join(draft, 'pom.xml'),
      'dependency:copy-dependencies',
      `-DoutputDirectory=${draft}`,
      '-DincludeScope=runtime',
    ])
    renameSync(draft, jars)
    return jars
  })
}

function pom(): string {
  const dependency = (group: string, artifact: string, version: string): string =>
    `<dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${version}</version></dependency>`
  return `<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion><groupId>catena</groupId>
<artifactId>test-broker</artifactId><version>1</version><dependencies>
${dependency('org.apache.kafka', 'kafka_2.13', KAFKA_VERSION)}
${dependency('org.apache.kafka', 'kafka-tools', KAFKA_VERSION)}
${dependency('org.slf4j', 'slf4j-reload4j', '1.7.36')}
</dependencies></project>`
}
