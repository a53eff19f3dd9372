/** Hands a key that we made to the account it was made for. */
import type { Caller } from '../../domain/caller.ts';
import { refuse } from '../../domain/errors.ts';
import type { Issuances } from '../../domain/ports/issuances.ts';
import type { OrderReference } from '../../domain/ports/orders.ts';
import type { AppContext } from '../context.ts';
import { accountIdOf, findIssuance } from '../scope.ts';
import { recordChange } from './order-event.ts';
import { openKey } from './subscriber-key.ts';

export function createPrivateKey(context: AppContext): Issuances['privateKey'] {
  const { database, clock } = context;
  return async (caller: Caller, reference: OrderReference) => {
    // An operator sees every order, but has no business with its key, whomever they act for.
    accountIdOf(caller);
    if (caller.isActingFor) throw refuse('notForActingOperator', { account: accountIdOf(caller) });
    const { order, issuanceId } = await findIssuance(database.read, caller, reference);
    const issuance = await database.read.issuances.get(issuanceId);
    if (issuance?.sealedKey == null) throw refuse('notFound', { what: 'privateKey', value: String(order.number) });
    const { id, state, sealedKey } = issuance;
    // Before that nobody needs it, and an order that fails leaves a key that nobody ever held.
    if (state !== 'issued') {
      throw refuse('wrongState', { what: 'order', value: String(order.number), state, needed: 'issued' });
    }
    const key = openKey(context, id, sealedKey);
    await database.write((tx) =>
      recordChange(tx, caller, 'key.delivered', order, { now: clock.now(), issuance: id, to: caller.address }),
    );
    return key;
  };
}
