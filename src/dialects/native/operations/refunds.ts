/** Refunds of orders. */
import { quoted, refuse } from '../../../domain/errors.ts';
import { withDefined } from '../../../domain/with-defined.ts';
import { timesFrom } from '../list-filters.ts';
import { pageQueryOf } from '../paging.ts';
import { refundsApi } from '../schema/refunds.ts';
import { handled } from '../services.ts';
import { referenceFromWire } from '../values.ts';
import { ledgerNaming } from './accounts.ts';
import { namedPageToWire, oneToWire } from './actors.ts';

export const refundOperations = [
  handled(refundsApi.list, async (input, session) => {
    const { account, order } = input;
    const query = { ...pageQueryOf(input), ...withDefined({ account, order, ...timesFrom(input) }) };
    return namedPageToWire(session, await session.services.refunds.list(session.caller, query), ledgerNaming);
  }),

  handled(refundsApi.create, async ({ order, minor, currency, note }, session) => {
    const { caller, services } = session;
    const reference = referenceFromWire(order);
    if (minor !== undefined || currency !== undefined) {
      const found = await services.orders.get(caller, reference);
      const own = found.order.currency;
      if (currency === undefined) throw refuse('fieldMissing', { field: 'currency' });
      if (currency !== own) {
        throw refuse('fieldInvalid', { field: 'currency', value: quoted(currency), expected: own });
      }
    }
    const entry = await services.refunds.refund(caller, reference, { amountMinor: minor ?? null, note });
    return oneToWire(session, entry, ledgerNaming);
  }),
];
