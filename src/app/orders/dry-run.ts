/**
 * Dry runs: the very transaction that places an order or a reissue, undone at its end. So it refuses whatever placing would refuse, at the
 * prices and with the proofs of this moment; and nothing is stored, charged or queued.
 */
import type { Caller } from '../../domain/caller.ts';
import { refuse } from '../../domain/errors.ts';
import type { DryRun, OrderReference, PlaceOrder, Reissue } from '../../domain/ports/orders.ts';
import type { Stores, WriteOptions } from '../../domain/ports/stores/index.ts';
import type { AppContext } from '../context.ts';
import { findOrder } from '../scope.ts';
import { chargesOf, draftOrder, type Placed, place, requireCsr } from './place-order.ts';
import { draftFurther, placeReissue } from './reissue-order.ts';
import { keyOfNewOrder } from './subscriber-key.ts';

type Outcome = Placed | { readonly earlier: unknown };

/** Carries the result out of a transaction that must not be committed. */
class Undone extends Error {
  override readonly name = 'Undone';
  readonly result: DryRun;

  constructor(result: DryRun) {
    super('the transaction of a dry run was undone');
    this.result = result;
  }
}

export async function dryRunOrder(context: AppContext, caller: Caller, request: PlaceOrder): Promise<DryRun> {
  const draft = await draftOrder(context, caller, { ...request, idempotency: null });
  requireCsr(draft);
  const ids = await keyOfNewOrder(context, request.csr, { names: request.names, profile: draft.profile });
  return undone(context, (tx) => place(context, tx, caller, { ...draft, ...ids }), chargesOf(draft));
}

export async function dryRunReissue(
  context: AppContext,
  caller: Caller,
  reference: OrderReference,
  request: Reissue,
): Promise<DryRun> {
  const found = await findOrder(context.database.read, caller, reference);
  const draft = await draftFurther(context, caller, { found, request: { ...request, idempotency: null } });
  return undone(context, (tx) => placeReissue(context, tx, caller, draft), { chargesAccount: found.accountId });
}

async function undone(
  { database }: AppContext,
  work: (tx: Stores) => Promise<Outcome>,
  options: WriteOptions,
): Promise<DryRun> {
  try {
    await database.write(async (tx) => {
      const placed = await work(tx);
      if ('earlier' in placed) throw refuse('internal', {}, { cause: new Error('a dry run claims no key') });
      throw new Undone(await resultOf(tx, placed));
    }, options);
  } catch (thrown) {
    if (thrown instanceof Undone) return thrown.result;
    throw thrown;
  }
  throw refuse('internal', {}, { cause: new Error('a dry run was committed') });
}

async function resultOf(tx: Stores, { order, issuance, authorizations }: Placed): Promise<DryRun> {
  return {
    price: { minor: issuance.chargedMinor, currency: order.currency },
    balanceAfterMinor: await tx.ledger.balance(order.accountId),
    needsApproval: issuance.state === 'awaitingApproval',
    names: authorizations.map(({ identifier, state, validUntil }) => ({
      identifier,
      isProved: state === 'valid',
      validUntil: state === 'valid' ? validUntil : null,
    })),
  };
}
