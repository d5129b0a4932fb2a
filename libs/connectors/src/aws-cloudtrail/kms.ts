import { text } from '@catena/domain'
import { parseArn, placeOf } from './place.js'
import { objectOr, resourceArns } from './record.js'
import type { Context, Told } from './told.js'

/**
 * A key of KMS was used or changed. What a service had decrypted on somebody's behalf is part of that other call: the read of a secret
 * and the decryption behind it are one access.
 */
export function kms({ event, kind, name }: Context): Told {
  const { request } = event
  const named = text(request.keyId)
  const known = [...resourceArns(event), named].find((one) => parseArn(one)?.resource.startsWith('key/') === true)
  const arn = parseArn(known)
  const path = arn?.resource ?? (named === undefined || named.startsWith('alias/') ? undefined : `key/${named}`)
  const context = objectOr(request.encryptionContext)
  const behind = event.invokedBy !== undefined && kind === 'key-used'
  return {
    target: path === undefined ? undefined : placeOf(event, 'kms', path, arn),
    ...(behind ? { kind: 'operation' as const } : {}),
    attributes: {
      action: name,
      alias: named?.startsWith('alias/') === true ? named : undefined,
      forSecret: text(context.SecretARN),
      forSecretVersion: text(context.SecretVersionId),
      forParameter: text(context.PARAMETER_ARN),
    },
  }
}
