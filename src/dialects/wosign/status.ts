/** Outcome of a request, derived from the order, its newest issuance and its certificate; and its form on the wire. */
import type { OrderView } from '../../domain/ports/orders.ts';
import type { IssuanceState, OrderState } from '../../domain/states.ts';
import type { WosignConfig } from './config.ts';

/** The vendor's success, pending, error 107 and error 109. */
export type Standing = 'issued' | 'pending' | 'notProved' | 'refused';

/** Status of an order that is over, for any issuances. */
const byOrder = {
  open: undefined,
  active: undefined,
  ended: 'refused',
  revoked: 'refused',
  rejected: 'refused',
  cancelled: 'refused',
  failed: 'refused',
} as const satisfies Record<OrderState, Standing | undefined>;

const byIssuance = {
  awaitingApproval: 'pending',
  awaitingValidation: 'notProved',
  ready: 'pending',
  issuing: 'pending',
  issued: 'issued',
  failed: 'refused',
  cancelled: 'refused',
} as const satisfies Record<IssuanceState, Standing>;

export function standingOf(view: OrderView): Standing {
  const { order, issuance, certificate, now } = view;
  const over = byOrder[order.state];
  if (over !== undefined) return over;
  if (certificate !== null && (certificate.state === 'revoked' || certificate.notAfter <= now)) return 'refused';
  // Until somebody has looked, nobody can say that a name failed.
  if (issuance.state === 'awaitingValidation' && !unprovedOf(view).some(({ checks }) => checks.length > 0)) {
    return 'pending';
  }
  return byIssuance[issuance.state];
}

/** The first name of the request that is not proved. */
export function firstUnproved(view: OrderView): string | undefined {
  return unprovedOf(view)[0]?.identifier.value;
}

/** An authorization that is too old is requested again by the core, and then it is pending. */
function unprovedOf({ authorizations }: OrderView): OrderView['authorizations'] {
  return authorizations.filter(({ state }) => state !== 'valid');
}

export type StatusForm = WosignConfig['statusAs'];

export const issuedStatus = 0;
export const pendingStatus = 1;

export function statusToWire(status: number, form: StatusForm): string | number {
  return form === 'string' ? String(status) : status;
}
