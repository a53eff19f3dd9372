/** Issuances of an order besides its first certificate, and the keys that were made for it. */
import type { Issuances } from '../../domain/ports/issuances.ts';
import type { AppContext } from '../context.ts';
import { pageOf } from '../page.ts';
import { findOrder } from '../scope.ts';
import { dryRunReissue } from './dry-run.ts';
import { viewIssuances } from './order-view.ts';
import { createPrivateKey } from './private-key.ts';
import { provideCsr } from './provide-csr.ts';
import { duplicateOrder, reissueOrder, withdrawReissue } from './reissue-order.ts';

export function createIssuances(context: AppContext): Issuances {
  const { read } = context.database;
  return {
    async list(caller, reference, query) {
      const order = await findOrder(read, caller, reference);
      const found = await read.issuances.listNewestOfOrder(order.id, { ...query, limit: query.limit + 1 });
      const { items, next } = pageOf(found, query.limit, ({ number }) => number);
      const shown = items.map(({ id }) => ({ order, issuanceId: id }));
      return { items: await viewIssuances(context, shown, items), next };
    },
    provideCsr: (caller, reference, csr) => provideCsr(context, caller, reference, csr),
    reissue: (caller, reference, request) => reissueOrder(context, caller, reference, request),
    dryRunReissue: (caller, reference, request) => dryRunReissue(context, caller, reference, request),
    withdrawReissue: (caller, reference) => withdrawReissue(context, caller, reference),
    duplicate: (caller, reference, request) => duplicateOrder(context, caller, reference, request),
    privateKey: createPrivateKey(context),
  };
}
