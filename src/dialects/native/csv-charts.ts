/** Charts as CSV, for requests with `Accept: text/csv`: a row for each point, as people and pivot tables read them. */
import { csvHeader, csvRow } from '../../domain/csv.ts';
import type { Operation } from '../kit/operation.ts';
import { fileHeaders } from '../kit/reply.ts';
import { answerAsCsv, csvType, type Input, prefersCsv } from './csv-lists.ts';
import { chart } from './schema/statistics.ts';
import type { WireStatistics } from './schema.ts';
import type { Client, Services } from './services.ts';

export const chartFields = ['key', 'at', 'total'] as const;

/** The operations, of which those that answer a chart answer it as CSV as well. */
export function withChartCsv(operations: readonly Operation<Services>[]): readonly Operation<Services>[] {
  return operations.map((operation) => (isChart(operation) ? csvToo(operation) : operation));
}

export function isChart({ response }: Pick<Operation<Services>, 'response'>): boolean {
  return response === chart;
}

function csvToo<O extends Operation<Services>>(operation: O): O {
  if (operation.access !== 'caller') return operation;

  async function handle(input: Input, session: Client): Promise<unknown> {
    const answer = await operation.handle(input, session);
    if (prefersCsv(session.request.headers.get('accept')))
      // What answers a chart answers nothing else (`isChart`).
      await answerAsCsv({ operation, input, session }, lines(answer as WireStatistics));
    return answer;
  }

  return {
    ...operation,
    handle,
    otherMediaTypes: [csvType],
    replyHeaders: { ...operation.replyHeaders, ...fileHeaders },
  };
}

async function* lines({ series }: WireStatistics): AsyncGenerator<string> {
  yield csvHeader(chartFields);
  for (const { key, points } of series)
    yield points.map(([at, total]) => csvRow(chartFields, { key, at, total })).join('');
}
