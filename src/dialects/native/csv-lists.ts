/**
 * Lists as CSV, for requests with `Accept: text/csv`: the columns are the fields of the items, the rows are everything that the filters
 * leave, whatever `limit` says. They are read a page at a time, as fast as the reader takes them, so that no more than a page is held.
 */
import { z } from 'zod';
import { csvHeader, csvRow } from '../../domain/csv.ts';
import type { Operation } from '../kit/operation.ts';
import { fileHeaders } from '../kit/reply.ts';
import { fieldsOfItems } from './schema/fields.ts';
import type { Client, Services } from './services.ts';

interface ListPage {
  readonly items: readonly unknown[];
  readonly nextCursor: string | null;
}

export type Input = Readonly<Record<string, unknown>>;

export const csvType = 'text/csv';
/** The most that a page may have. */
const itemsAtOnce = 200;
/** What a page costs in comparison with other requests (`RequestTurns`). */
const costOfPage = 1;
/** Without it spreadsheets read UTF-8 as something else. */
const byteOrderMark = '\ufeff';

/** The operations, of which those that answer a list answer it as CSV as well. */
export function withCsv(operations: readonly Operation<Services>[]): readonly Operation<Services>[] {
  return operations.map((operation) => (isList(operation) ? csvToo(operation) : operation));
}

export function isList({ method, response }: Pick<Operation<Services>, 'method' | 'response'>): boolean {
  return (
    method === 'GET' &&
    response instanceof z.ZodObject &&
    ['items', 'nextCursor'].every((field) => field in response.shape)
  );
}

/** Reports whether the request prefers CSV to JSON (RFC 9110 §12.5.1); a wildcard means JSON. */
export function prefersCsv(accept: string | null): boolean {
  const weights = new Map<string, number>();
  for (const range of (accept ?? '').toLowerCase().split(',')) {
    const [type = '', ...parameters] = range.split(';').map((part) => part.trim());
    const weight = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2);
    weights.set(type, weight === undefined ? 1 : Number(weight));
  }
  const csv = weights.get(csvType) ?? 0;
  return csv > 0 && csv >= (weights.get('application/json') ?? 0);
}

function csvToo<O extends Operation<Services>>(operation: O): O {
  if (operation.access !== 'caller') return operation;
  const fields = fieldsOfItems(operation);
  const read = async (input: Input, session: Client): Promise<ListPage> => {
    const page = await operation.handle(input, session);
    // The response of a list has these fields (`isList`), whatever its items are.
    return page as ListPage;
  };

  async function handle(input: Input, session: Client): Promise<unknown> {
    if (!prefersCsv(session.request.headers.get('accept'))) return read(input, session);
    const wanted = 'limit' in input ? { ...input, limit: itemsAtOnce } : input;
    // The first page comes before anything is written: a refusal is answered as one.
    const first = await read(wanted, session);
    await answerAsCsv(
      { operation, input, session },
      pieces(first, (cursor) => inTurn(session, () => read({ ...wanted, cursor }, session))),
    );
    return first;
  }

  async function* pieces(first: ListPage, readNext: (cursor: string) => Promise<ListPage>): AsyncGenerator<string> {
    yield csvHeader(fields);
    for (let page = first; ; page = await readNext(page.nextCursor)) {
      yield page.items.map((item) => csvRow(fields, item)).join('');
      if (page.nextCursor === null) return;
    }
  }

  return {
    ...operation,
    handle,
    otherMediaTypes: [csvType],
    replyHeaders: { ...operation.replyHeaders, ...fileHeaders },
  };
}

interface Exported {
  readonly operation: Pick<Operation<Services>, 'id'>;
  readonly input: Input;
  readonly session: Client;
}

/** Notes the export in the audit log, and answers these lines instead of JSON. */
export async function answerAsCsv(
  { operation, input, session: { caller, services, reply } }: Exported,
  lines: AsyncIterable<string>,
): Promise<void> {
  await services.events.noteExport(caller, { list: operation.id, filter: filterOf(input) });
  reply.headers.set('content-type', `${csvType}; charset=utf-8; header=present`);
  reply.headers.set('content-disposition', `attachment; filename="${fileName(operation.id, services.clock.now())}"`);
  reply.pieces = afterMark(lines);
}

async function* afterMark(lines: AsyncIterable<string>): AsyncGenerator<string> {
  yield byteOrderMark;
  yield* lines;
}

/** A long list takes its turns among the requests of everybody else, as if each page had been asked for. */
async function inTurn<T>({ caller, services }: Client, read: () => Promise<T>): Promise<T> {
  const turn = await services.turns.waitFor(caller.scope === 'all' ? caller.actor : caller.scope, costOfPage);
  try {
    return await read();
  } finally {
    turn.end();
  }
}

/** What narrowed the list, for the audit log. */
function filterOf(input: Input): Input {
  const { limit: _, cursor: __, ...filter } = input;
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined));
}

/** `orders-2026-11-30.csv`, `accounts-ledger-2026-11-30.csv`. */
function fileName(id: string, now: Date): string {
  return `${id.replace(/\.list$/, '').replaceAll('.', '-')}-${now.toISOString().slice(0, 10)}.csv`;
}
