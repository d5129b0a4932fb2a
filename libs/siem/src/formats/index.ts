import { CEF } from './cef/to-cef.js'
import { CLOUDEVENTS } from './cloudevents/to-cloudevents.js'
import { ECS } from './ecs/to-ecs.js'
import type { Format, FormatName } from './format.js'
import { OCSF } from './ocsf/to-ocsf.js'

export { FORMAT_NAMES, type Format, type FormatName } from './format.js'
export { fit, TOO_LARGE } from './fit.js'

export const FORMATS: Readonly<Record<FormatName, Format>> = {
  ocsf: OCSF,
  ecs: ECS,
  cef: CEF,
  cloudevents: CLOUDEVENTS,
}
