/** Trying again is of no use until somebody changes a setting or the cluster. One line: what, and which setting. */
export class KafkaRefused extends Error {
  constructor(message: string, cause: unknown) {
    super(message, { cause })
    this.name = 'KafkaRefused'
  }
}

/** The broker takes no batch of this size: one message alone may be taken, or never. */
export class KafkaTooLarge extends Error {
  constructor(message: string, cause: unknown) {
    super(message, { cause })
    this.name = 'KafkaTooLarge'
  }
}

const TOO_LARGE =
  /MESSAGE_TOO_LARGE|RECORD_LIST_TOO_LARGE|larger than the max(?:imum)? message size|larger than the configured segment size/i

/** What clients and brokers say, and the setting that it is about. The message of the client follows where it adds something. */
const REFUSALS: readonly (readonly [RegExp, string])[] = [
  [/self[- ]signed certificate|unable to (?:verify|get).*(?:certificate|issuer)|unable to get local issuer/i,
    'the broker\'s certificate is by an authority that is not known here: name its PEM file in KAFKA_CA_FILE'],
  [/certificate has expired|certificate is not yet valid/i, 'the broker\'s certificate is not valid now: have it renewed, or check the clock'],
  [/does not match certificate's altnames|ERR_TLS_CERT_ALTNAME_INVALID/i,
    'the broker\'s certificate is for another name: use in KAFKA_BROKERS the names that it holds'],
  [/wrong version number|packet length too long|unknown protocol|before secure TLS connection was established/i, 'the broker does not speak TLS at this port: check the ports in KAFKA_BROKERS, or unset KAFKA_SSL'],
  [/mechanism is not (?:supported|enabled)|UNSUPPORTED_SASL_MECHANISM|does not support the requested SASL mechanism/i,
    'the broker does not offer this way to log in: check KAFKA_SASL_MECHANISM'],
  [/not valid given the current SASL state|ILLEGAL_SASL_STATE/i, 'the broker wants a login: set KAFKA_SASL_MECHANISM, KAFKA_USERNAME and KAFKA_PASSWORD_FILE'],
  [/authentication failed|SASL_AUTHENTICATION_FAILED|invalid credentials/i, 'the broker refused the login: check KAFKA_USERNAME and KAFKA_PASSWORD_FILE'],
  [/not authorized to access (?:group|topic|cluster)|AUTHORIZATION_FAILED/i,
    'the user of KAFKA_USERNAME may not do this: it needs Read and Describe on the topics catena.* and on the group catena-ingest'],
] // prettier-ignore

/** KafkaRefused where the error tells of a wrong setting, KafkaTooLarge where of the size; else the error itself. */
export function asKafkaError(error: unknown): unknown {
  if (error instanceof KafkaRefused || error instanceof KafkaTooLarge) return error
  const text = textOf(error)
  if (TOO_LARGE.test(text))
    return new KafkaTooLarge('larger than the broker takes for this topic (max.message.bytes)', error)
  const found = REFUSALS.find(([sign]) => sign.test(text))
  return found === undefined ? error : new KafkaRefused(found[1], error)
}

/** As asKafkaError, for a broker that never answered yet: one that hangs up then expects something else, while later it is just away. */
export function asFirstError(error: unknown): unknown {
  const known = asKafkaError(error)
  if (known instanceof KafkaRefused || !/closed connection|ECONNRESET/i.test(textOf(error))) return known
  return new KafkaRefused(
    'the broker closed the connection at once: if it expects TLS, set KAFKA_SSL=true; if a login, set KAFKA_SASL_MECHANISM, KAFKA_USERNAME and KAFKA_PASSWORD_FILE',
    error,
  )
}

/** The client wraps errors in errors, and some keep their code apart. */
function textOf(error: unknown, depth = 0): string {
  if (!(error instanceof Error) || depth > 4) return String(error)
  const { type, code } = error as { type?: unknown; code?: unknown }
  const named = [type, code].filter((word) => typeof word === 'string')
  return [error.message, ...named, error.cause === undefined ? '' : textOf(error.cause, depth + 1)].join(' ')
}
