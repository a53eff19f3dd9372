/** Whose turn an order is: who can bring it on, since when, and until when it waits. */
import type { Reason } from './errors.ts';
import type { Issuance } from './issuance.ts';
import type { OrderSummary, OrderView } from './ports/orders.ts';
import type { IssuanceState } from './states.ts';

/** Whose turn it is; nobody's once there is nothing to do. */
export type TurnHolder = 'approver' | 'customer' | 'operator' | 'server' | 'nobody';

export interface OrderTurn {
  readonly who: Exclude<TurnHolder, 'nobody'>;
  readonly since: Date;
  /** When the server looks again, or tries again, by itself; null: it waits for a person only. */
  readonly nextAt: Date | null;
  /** When it fails if nothing has changed by then; null: it waits for as long as it takes. */
  readonly deadline: Date | null;
  /** What holds it up, as the caller may read it; null: nothing but the turn itself. */
  readonly reason: Reason | null;
}

export function turnHolderOf({ order, issuance }: OrderView | OrderSummary): TurnHolder {
  if (order.state !== 'open' && order.state !== 'active') return 'nobody';
  if (issuance.rest !== null) return issuance.rest.turn;
  if (issuance.state === 'ready') return hasCsr(issuance) ? 'server' : 'customer';
  return holders[issuance.state];
}

const holders = {
  awaitingApproval: 'approver',
  awaitingValidation: 'customer',
  issuing: 'server',
  issued: 'nobody',
  failed: 'nobody',
  cancelled: 'nobody',
} as const satisfies Record<Exclude<IssuanceState, 'ready'>, TurnHolder>;

/** Also of one in a list, which does not hold the CSR itself. */
export function hasCsr(issuance: OrderView['issuance'] | OrderSummary['issuance']): boolean {
  return 'hasCsr' in issuance ? issuance.hasCsr : issuance.csr !== null;
}

/** When the present turn began. */
export function turnSince({ issuance, authorizations, approval }: OrderView): Date {
  const { rest, state, createdAt, validatingSince } = issuance;
  if (rest !== null) return rest.since;
  if (state === 'awaitingApproval') {
    const isItsOwn = approval?.issuanceId === issuance.id;
    return (isItsOwn ? approval.decisions.at(-1)?.at : undefined) ?? createdAt;
  }
  const begun = validatingSince ?? createdAt;
  if (state === 'awaitingValidation') return begun;
  // A name that was proved for an earlier order did not begin anything here.
  const proved = authorizations.flatMap(({ provedAt }) => provedAt ?? []);
  return new Date(Math.max(begun.getTime(), ...proved.map((at) => at.getTime())));
}

/** What holds it up: what it rests for, or what the last look for the proofs has found. */
export function turnReason({ rest, finding }: Pick<Issuance, 'rest' | 'finding'>): Reason | null {
  return rest?.reason ?? finding?.reason ?? null;
}
