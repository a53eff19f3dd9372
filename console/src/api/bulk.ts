/** One act on many objects, with a result for each: one that is refused holds up no other. */
import { type CallOptions, call, type Input } from './call.ts';

type BulkInput = Input<'bulk', 'act'>;

export interface BulkResult {
  readonly id: string;
  /** In the words of the API; null: it was done. */
  readonly failure: string | null;
}

/** @throws {Problem} where all are refused as a whole */
export async function actOnMany(input: BulkInput, options: CallOptions): Promise<readonly BulkResult[]> {
  const { results } = await call('bulk', 'act', input, options);
  return results.map(({ id, problem }) => ({ id, failure: problem === null ? null : problem.detail }));
}
