/** Totals of lists that are answered whole, since they are short by nature: as many as the answer has. */
import { z } from 'zod';
import { totalOf } from '../../domain/page.ts';
import type { Operation } from '../kit/operation.ts';
import { isList } from './csv-lists.ts';
import type { WirePage } from './paging.ts';
import type { Client, Services } from './services.ts';

/** The operations, of which those that answer a whole list count it where the request has `total=true`. */
export function withTotals(operations: readonly Operation<Services>[]): readonly Operation<Services>[] {
  return operations.map((operation) => (isWhole(operation) ? counted(operation) : operation));
}

/** A list without pages: its request has no cursor. */
function isWhole(operation: Operation<Services>): boolean {
  return isList(operation) && operation.request instanceof z.ZodObject && !('cursor' in operation.request.shape);
}

function counted<O extends Operation<Services>>(operation: O): O {
  if (operation.access !== 'caller') return operation;
  const handle = async (input: Readonly<Record<string, unknown>>, session: Client): Promise<unknown> => {
    // The response of a list has these fields (`isList`), whatever its items are.
    const page = (await operation.handle(input, session)) as WirePage<unknown>;
    return input.total === undefined ? page : { ...page, total: totalOf(page.items.length) };
  };
  return { ...operation, handle };
}
