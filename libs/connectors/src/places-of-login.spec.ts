import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isRetrieval, type Activity, type Connector, type SourceInstance } from '@catena/domain'
import { surveyedLogin } from '@catena/joinability'
import { describe, expect, it } from '@jest/globals'
import { connectorFolders, fixtureCases, run } from './fixture-cases.js'

const ROOT = dirname(fileURLToPath(import.meta.url))

async function connectorOf(folder: string): Promise<Connector> {
  const module = (await import(`./${folder}/index.js`)) as Record<string, Connector>
  return module[folder.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())]!
}

interface Login {
  readonly name: string
  readonly login: Activity
  readonly source: SourceInstance
}

async function loginsOf(folder: string, origin: string): Promise<Login[]> {
  const connector = await connectorOf(folder)
  return fixtureCases(ROOT, folder).flatMap((fixture) => {
    const login = run(connector, fixture)
    const isOfOrigin =
      'kind' in login && (login.kind === 'login' || isRetrieval(login)) && login.attributes['origin'] === origin
    return isOfOrigin ? [{ name: `${folder} ${fixture.name}`, login, source: fixture.source }] : []
  })
}

async function loginsEverywhere(origin: string): Promise<Login[]> {
  const found = await Promise.all(connectorFolders(ROOT).map((folder) => loginsOf(folder, origin)))
  return found.flat()
}

// People sign in to Entra itself: no federation is declared for that.
const federated = (await loginsEverywhere('federated')).filter(
  ({ login, source }) => login.attributes['issuer'] !== `${source.kind}/${source.scope}`,
)
// Old vaults do not write the mount.
const undeclared = (await loginsEverywhere('undeclared')).filter(
  ({ login }) => login.attributes['method'] !== 'unknown',
)

describe('the place of a login', () => {
  it.each(federated)('R1.5 is the mount that its federation was declared for: $name', ({ login, source }) => {
    expect(source.federations.map(({ mount }) => mount)).toContain(surveyedLogin(login).place.mount)
  })

  it.each(undeclared)('R1.5 is no mount that was declared, and not how it was made: $name', ({ login, source }) => {
    const { mount } = surveyedLogin(login).place
    expect([login.attributes['method'], ...source.federations.map((one) => one.mount)]).not.toContain(mount)
  })
})
