import { textAt, type Attributes, type Target } from '@catena/domain'
import type { Context, Told } from './told.js'

const SECRET =
  /^projects\/([^/]{1,80})(?:\/locations\/([^/]{1,40}))?\/secrets\/([^/]{1,255})(?:\/versions\/([^/]{1,80}))?$/

/** A secret of Secret Manager. Names hold the project's number or its id; the entry's label always has its id. */
export function secret({ record, payload, name, kind, outcome, groups, system }: Context): Told {
  const named = [textAt(payload, 'response.name'), textAt(payload, 'resourceName'), textAt(payload, 'request.name')]
  const parent = textAt(payload, 'request.parent')
  const created = parent === undefined ? undefined : `${parent}/secrets/${textAt(payload, 'request.secretId') ?? ''}`
  const [, number, location, id] = first([...named, created]) ?? []
  const project = textAt(record.payload, 'resource.labels.project_id') ?? number
  const version = named.map((one) => SECRET.exec(one ?? '')?.[4]).find((one) => one !== undefined)
  if (id === undefined || project === undefined) return {}
  const container = `projects/${project}${location === undefined ? '' : `/locations/${location}`}`
  const target: Target = { system, container, containerName: `${container}/`, path: `secrets/${id}` }
  const changesSlot = kind === 'secret-written' || kind === 'secret-destroyed' || kind === 'secret-restored'
  if (changesSlot && outcome === 'succeeded') groups.endSlot(target)
  return { target: versioned(target, version), attributes: versionOf(version, name) }
}

const API_KEY = /^projects\/([^/]{1,80})\/locations\/global\/keys\/([^/]{1,80})$/

/** A key of the API Keys service, which lasts. Its project is told as that of a secret is. */
export function apiKey({ record, payload, system }: Context): Told {
  const named = [textAt(payload, 'resourceName'), textAt(payload, 'request.name'), textAt(payload, 'response.name')]
  const [, number, id] = named.map((name) => API_KEY.exec(name ?? '')).find((match) => match !== null) ?? []
  const project = textAt(record.payload, 'resource.labels.project_id') ?? number
  if (id === undefined || project === undefined) return {}
  const container = `projects/${project}`
  return { target: { system, container, containerName: `${container}/`, path: `api-keys/${id}` } }
}

function first(names: readonly (string | undefined)[]): RegExpExecArray | undefined {
  return names.map((name) => SECRET.exec(name ?? '')).find((match) => match !== null) ?? undefined
}

function versioned(target: Target, version: string | undefined): Target {
  return isNumber(version) ? { ...target, version: Number(version) } : target
}

/** `latest` and other aliases name no version. */
function versionOf(version: string | undefined, name: string): Attributes {
  const number = isNumber(version) ? Number(version) : undefined
  const isOfVersions = name === 'DestroySecretVersion' || name === 'EnableSecretVersion'
  return {
    version: isOfVersions ? undefined : number,
    versions: isOfVersions && number !== undefined ? [number] : undefined,
    versionAlias: version !== undefined && number === undefined ? version : undefined,
  }
}

function isNumber(version: string | undefined): version is string {
  return version !== undefined && /^\d{1,9}$/.test(version)
}
