/** Lists of the native API as the list pattern asks for them: by parameters as they stand in an address. */
import { call, callForCsv, type Input, type Noun, type Reply, type Verb } from './call.ts';

export interface ListTotal {
  readonly count: number;
  /** There are more than `count`. */
  readonly isMore: boolean;
}

export interface ListPage<Row> {
  readonly items: readonly Row[];
  readonly nextCursor: string | null;
  readonly total?: ListTotal;
}

/** Names and values of an address. */
export type Parameters = Readonly<Record<string, string>>;

export type RowOf<N extends Noun, V extends Verb<N>> =
  Reply<N, V> extends { readonly items: readonly (infer Row)[] } ? Row : never;

/** Where a list comes from, without the types of its noun: what a screen is made of. */
export interface ListSource<Row> {
  /** Begins the keys of its queries: the noun. */
  readonly noun: Noun;
  load(parameters: Parameters, signal: AbortSignal): Promise<ListPage<Row>>;
  /** Everything that the parameters leave, for spreadsheets. */
  csv(parameters: Parameters): Promise<Blob>;
}

export function listSource<N extends Noun, V extends Verb<N>>(noun: N, verb: V): ListSource<RowOf<N, V>> {
  // The server reads parameters strictly, and says which one it does not take.
  const inputOf = (parameters: Parameters) => parameters as Input<N, V>;
  return {
    noun,
    // What a list answers is a page of it: `RowOf` is never for anything else.
    load: async (parameters, signal) =>
      (await call(noun, verb, inputOf(parameters), { signal })) as ListPage<RowOf<N, V>>,
    csv: (parameters) => callForCsv(noun, verb, inputOf(parameters)),
  };
}

/** Rows that have another name than an id. */
export function withIds<Row>(
  source: ListSource<Row>,
  idOf: (row: Row) => string,
): ListSource<Row & { readonly id: string }> {
  return {
    ...source,
    load: async (parameters, signal) => {
      const page = await source.load(parameters, signal);
      return { ...page, items: page.items.map((row) => ({ ...row, id: idOf(row) })) };
    },
  };
}
