/** Whether a core that was killed has nothing left to do. */
import type { ListPlace } from '../../src/domain/ports/list-filters.ts';
import type { TestApp } from '../support/app.ts';

const unended = new Set<string>(['awaitingApproval', 'awaitingValidation', 'ready', 'issuing']);

/** Every issuance has ended, at its upstream as well, or waits for the operator. */
export async function isAllOver({ ports, operator }: TestApp): Promise<boolean> {
  const { items: open } = await ports.upstreams.orders(operator, { limit: 1000 });
  // One whose order never reached its upstream is searched for longer, a customer waits for it no more.
  if (open.some(({ upstreamOrder: { state, reference } }) => state === 'cancelling' && reference !== null)) {
    return false;
  }
  for (let before: ListPlace | null | undefined; before !== null; ) {
    const page = await ports.orders.list(operator, { limit: 1000, ...(before === undefined ? {} : { before }) });
    const hasEnded = ({ issuance: { state, rest } }: (typeof page.items)[number]) =>
      !unended.has(state) || rest?.turn === 'operator';
    if (!page.items.every(hasEnded)) return false;
    before = page.next;
  }
  return true;
}
