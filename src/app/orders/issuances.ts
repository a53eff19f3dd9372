/** Issuances of an order besides its first certificate, and the keys that were made for it. */
import type { Issuances } from '../../domain/ports/issuances.ts';
import type { AppContext } from '../context.ts';
import { findOrder } from '../scope.ts';
import { viewIssuances } from './order-view.ts';
import { createPrivateKey } from './private-key.ts';
import { provideCsr } from './provide-csr.ts';
import { duplicateOrder, reissueOrder, withdrawReissue } from './reissue-order.ts';

/** The most that `list` returns: hundreds of years of reissues, or somebody's runaway script. */
const issuancesAtMost = 1000;

export function createIssuances(context: AppContext): Issuances {
  const { read } = context.database;
  return {
    async list(caller, reference) {
      const order = await findOrder(read, caller, reference);
      const all = await read.issuances.listNewestOfOrder(order.id, issuancesAtMost);
      const found = all.map(({ id }) => ({ order, issuanceId: id }));
      return viewIssuances(context, found, all);
    },
    provideCsr: (caller, reference, csr) => provideCsr(context, caller, reference, csr),
    reissue: (caller, reference, request) => reissueOrder(context, caller, reference, request),
    withdrawReissue: (caller, reference) => withdrawReissue(context, caller, reference),
    duplicate: (caller, reference, request) => duplicateOrder(context, caller, reference, request),
    privateKey: createPrivateKey(context),
  };
}
