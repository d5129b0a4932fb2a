import { suggest, type Suggestion } from '@catena/identity'
import { AccessReader, type KnownAsOf } from '@catena/projections'
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs'

/** Texts compared at once. */
const TEXTS_MAX = 500

export class ListSuggestions extends Query<readonly Suggestion[]> {
  constructor(readonly asOf: KnownAsOf) {
    super()
  }
}

@QueryHandler(ListSuggestions)
export class ListSuggestionsHandler implements IQueryHandler<ListSuggestions> {
  constructor(private readonly reader: AccessReader) {}

  async execute({ asOf }: ListSuggestions): Promise<readonly Suggestion[]> {
    return suggest(this.reader.index(asOf), await this.reader.sameNames(asOf, TEXTS_MAX))
  }
}
