import type { Type } from '@nestjs/common'
import type { KnownAsOf, Page } from '@catena/projections'
import { Field, ObjectType } from '@nestjs/graphql'
import { writeCursor, type ListName } from './cursor.js'
import type { PageArguments } from './page-arguments.js'

@ObjectType({ description: 'Where a page lies in its list. Lists are read forwards.' })
export class PageInfo {
  @Field(() => Boolean, { description: 'More follows: ask again with `after: endCursor`.' })
  readonly hasNextPage!: boolean

  @Field(() => Boolean, { description: 'This page is not the first.' })
  readonly hasPreviousPage!: boolean

  @Field(() => String, { nullable: true, description: 'Cursor of the first item; null on an empty page.' })
  readonly startCursor!: string | null

  @Field(() => String, { nullable: true, description: 'Cursor of the last item; null on an empty page.' })
  readonly endCursor!: string | null
}

export interface Edge<T> {
  readonly cursor: string
  readonly node: T
}
export interface Connection<T> {
  readonly edges: readonly Edge<T>[]
  readonly pageInfo: PageInfo
}

/** The connection types of a node, after the Relay cursor connections specification. */
export function connectionTypeOf<T>(name: string, plural: string, node: () => Type<T>) {
  @ObjectType(`${name}Edge`, { description: `A place in a list of ${plural}.` })
  class NodeEdge implements Edge<T> {
    @Field(() => String, { description: 'Opaque; hand it back as `after` to read on from here.' })
    readonly cursor!: string

    @Field(node, { description: 'What stands at this place.' })
    readonly node!: T
  }

  @ObjectType({ isAbstract: true })
  abstract class NodeConnection implements Connection<T> {
    @Field(() => [NodeEdge], { description: `The ${plural} of this page, in order.` })
    readonly edges!: NodeEdge[]

    @Field(() => PageInfo, { description: 'Where this page lies in the list.' })
    readonly pageInfo!: PageInfo
  }
  return NodeConnection
}

export function toConnection<I, T>(
  page: Page<I>,
  args: PageArguments,
  { asOf, list }: { readonly asOf: KnownAsOf; readonly list: ListName },
  map: (item: I) => T,
): { edges: Edge<T>[]; pageInfo: PageInfo } {
  const edges = page.items.map(({ item, place }) => ({
    cursor: writeCursor({ list, cut: asOf.cut, validAt: asOf.validAt, place }),
    node: map(item),
  }))
  const pageInfo = {
    hasNextPage: page.hasMore,
    hasPreviousPage: args.after != null,
    startCursor: edges[0]?.cursor ?? null,
    endCursor: edges.at(-1)?.cursor ?? null,
  }
  return { edges, pageInfo }
}
