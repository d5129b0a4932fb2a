import type { ApolloServerPlugin } from '@apollo/server'
import { isStorableText } from '@catena/ledger'
import { OperationTypeNode, visit, type DocumentNode } from 'graphql'
import type { CallerContext } from '../caller/current-caller.js'
import { ApiError } from '../errors/api-error.js'

/** A command whose words could not be told again as they were said changes nothing: whoever sent it hears what to mend. */
export function refuseUnstorable(): ApolloServerPlugin<CallerContext> {
  return {
    requestDidStart: () =>
      Promise.resolve({
        didResolveOperation({ document, operation, request }) {
          if (operation?.operation !== OperationTypeNode.MUTATION) return Promise.resolve()
          const place = isStorableDocument(document) ? strangeVariable(request.variables ?? {}) : 'a text of the query'
          if (place === undefined) return Promise.resolve()
          const message = `${place} holds NUL or half of a surrogate pair, which cannot be kept: leave it out`
          throw new ApiError('BAD_USER_INPUT', message, { http: { status: 400, headers: new Map() } })
        },
      }),
  }
}

function isStorableDocument(document: DocumentNode): boolean {
  let isStorable = true
  visit(document, { StringValue: ({ value }) => void (isStorable &&= isStorableText(value)) })
  return isStorable
}

function strangeVariable(variables: Readonly<Record<string, unknown>>): string | undefined {
  const found = Object.entries(variables).find(([, value]) => !isStorableValue(value))
  return found === undefined ? undefined : `$${found[0]}`
}

/** As deep as a client nests it. */
function isStorableValue(value: unknown): boolean {
  const open = [value]
  while (open.length > 0) {
    const one = open.pop()
    if (typeof one === 'string' && !isStorableText(one)) return false
    if (typeof one === 'object' && one !== null) for (const member of Object.values(one)) open.push(member)
  }
  return true
}
