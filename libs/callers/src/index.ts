export { openCallers, requireSafeDoor, type Callers } from './callers.js'
export type { AskingRequest, IdentifyCaller } from './identify.js'
export { openKeyFile, type KeyFile } from './key-file.js'
export { deriveCallerKeys, isSame, type CallerKeys } from './keys.js'
export { LOCAL_PERSON, localPersonAs } from './local/local-person.js'
export { loadLocalToken, localTokenFile, readLocalToken } from './local/local-token.js'
export { askDeviceLogin, beginDeviceLogin, type DeviceLogin } from './people/device-log-in.js'
export { beginLogin, completeLogin, LoginRefused, logoutPage, type LoginDesk } from './people/log-in.js'
export { ProviderUnavailable } from './people/provider.js'
export { loginCookie, loginIn, noCookies, sessionCookie, sessionIn } from './sessions/session-cookie.js'
export {
  givableBy,
  TOKEN_LIFE_MAX_MS,
  TOKEN_ROLES,
  tokenDecider,
  tokenStream,
  type TokenCommand,
  type TokenEvent,
  type TokenRole,
} from './tokens/api-token.js'
export { listTokens, type ListedToken, type TokenStatus } from './tokens/list-tokens.js'
export { makeToken, TOKEN_PATTERN } from './tokens/token-text.js'
export { TOKEN_VIEW } from './tokens/token-view.js'
export type { AuthorizationDenied, Denial } from './denials/denial.js'
export { type EvidenceRead } from './reads/evidence-read.js'
export { listReads, type ListedRead, type ReadFilter } from './reads/list-reads.js'
export { ReadRecorder } from './reads/read-recorder.js'
export { READ_VIEW } from './reads/read-view.js'
