/** Validation of an order's names: the owner's choice of methods, and the checks that it starts. */

import type { Caller } from '../../domain/caller.ts';
import type { NameChoice } from '../../domain/challenge.ts';
import { refuse } from '../../domain/errors.ts';
import type { Issuance } from '../../domain/issuance.ts';
import type { Order } from '../../domain/order.ts';
import type { OrderReference } from '../../domain/ports/orders.ts';
import type { Proving } from '../../domain/ports/proving.ts';
import type { AppContext } from '../context.ts';
import { queueCaaCheck } from '../issuing/caa-gate.ts';
import { isRelayed } from '../issuing/relay.ts';
import { issueLane } from '../issuing/upstream-end.ts';
import { recordChange } from '../orders/order-event.ts';
import { viewOrder } from '../orders/order-view.ts';
import { findIssuance } from '../scope.ts';
import { createCaa } from './caa.ts';
import { createCheckChallenges } from './check-challenges.ts';
import { createCheckLimit } from './check-limit.ts';
import { chooseMethods } from './choose-method.ts';
import { queueValidation } from './queue-validation.ts';
import { afterWish, requestRelayedCheck } from './relayed-choice.ts';

/** What holds up the signing is the customer's to put right: the issuer looks for it, or the CAA records are looked up again. */
function isHeldUp({ state, rest }: Issuance, held: Issuance['state']): boolean {
  return state === held && rest?.turn === 'customer';
}

/** @throws {CertError} wrongState where there is nothing to look for */
export function requireCheckable({ number }: Order, issuance: Issuance): void {
  const { state } = issuance;
  if (state === 'awaitingValidation' || isHeldUp(issuance, 'issuing') || isHeldUp(issuance, 'ready')) return;
  throw refuse('wrongState', { what: 'order', value: String(number), state, needed: 'awaitingValidation' });
}

export function createProving(context: AppContext): Proving {
  const { clock, database, queue } = context;
  const limit = createCheckLimit(context, 'order');

  async function view(caller: Caller, reference: OrderReference) {
    const { order, issuanceId } = await findIssuance(database.read, caller, reference);
    return viewOrder(context, order, issuanceId, caller);
  }

  async function choose(caller: Caller, reference: OrderReference, choices: readonly NameChoice[]) {
    const found = await findIssuance(database.read, caller, reference);
    const number = await database.write((tx) => chooseMethods(context, tx, caller, { ...found, choices }));
    queue.wake();
    const names = choices.map(({ name }) => name.value);
    if (number !== undefined) await afterWish(context, found.issuanceId, { number, names });
    return view(caller, reference);
  }

  return {
    async recheck(caller, reference) {
      const found = await view(caller, reference);
      const { order, issuance, authorizations } = found;
      requireCheckable(order, issuance);
      // Clients of vendors poll by this call, and would take a refusal for the end of the order: they read what was found a moment ago.
      if (!caller.seesAllDialects && !limit.tryTake(order)) return found;
      if (caller.seesAllDialects) limit.take(order);
      const now = clock.now();
      await database.write(async (tx) => {
        await recordChange(tx, caller, 'validation.checkRequested', order, { now, issuance: issuance.id });
        // Whoever has set the record that the CA needs does not wait for our next look at it.
        const job = { kind: 'issue', subject: issuance.id, lane: issueLane(context, issuance.issuerId) } as const;
        if (isHeldUp(issuance, 'ready')) await queueCaaCheck(context, tx, issuance, now);
        else if (isHeldUp(issuance, 'issuing')) await tx.jobs.enqueue({ ...job, runAt: now });
        else if (!isRelayed(authorizations.map((authorization) => ({ authorization }))))
          await queueValidation(context, tx, issuance, now);
        else await requestRelayedCheck(context, tx, issuance);
      });
      queue.wake();
      return found;
    },
    chooseMethods: choose,
    checkChallenges: createCheckChallenges(context),
    caa: createCaa(context),
  };
}
