/** The vendor's words for orders, certificates and requests (contract 4.3, 5.1, 5.2). */
import type { VendorState } from '../../../domain/ports/upstream.ts';
import { firstText, type Loose, looseList, looseObject } from '../../kit/loose.ts';

/** `proving` stands for one that waits for validation: who has to do something depends on what is not validated. */
const orderStates: Readonly<Record<string, VendorState>> = {
  pending: 'proving',
  needs_approval: 'held',
  needs_csr: 'held',
  waiting_pickup: 'held',
  processing: 'processing',
  issued: 'issued',
  approved: 'issued',
  reissue_pending: 'issued',
  renewed: 'issued',
  expired: 'issued',
  revoked: 'issued',
  rejected: 'refused',
  denied: 'refused',
  canceled: 'cancelled',
  cancelled: 'cancelled',
};

/** Of a reissue or a duplicate in its list. */
const certificateStates: Readonly<Record<string, VendorState>> = {
  ...orderStates,
  reissue_pending: 'proving',
};

export function stateOfOrder(words: string | undefined): VendorState {
  return stateIn(orderStates, words);
}

/** Whether another certificate of the order can be had, now or later. A certificate that was revoked is no end of its order (contract 5.3). */
export function isOfUse(words: string): boolean {
  return !['expired', 'revoked', 'rejected', 'denied', 'canceled', 'cancelled'].includes(words.toLowerCase());
}

export function stateOfCertificate(words: string | undefined): VendorState {
  return stateIn(certificateStates, words);
}

/** A status `constructor` is a member of every object. */
function stateIn(states: Readonly<Record<string, VendorState>>, words: string | undefined): VendorState {
  const known = words?.toLowerCase() ?? '';
  return (Object.hasOwn(states, known) ? states[known] : undefined) ?? 'unknown';
}

const requestStates: Readonly<Record<string, VendorState>> = {
  submitted: 'held',
  pending: 'held',
  approved: 'processing',
  rejected: 'refused',
};

/** The newest request of this type that the order shows. */
export function requestOf(
  order: Loose,
  type: 'reissue' | 'duplicate',
): { state: VendorState; words: string } | undefined {
  const [newest] = looseList(order.requests)
    .map(looseObject)
    .filter((request) => firstText(request, 'type') === type)
    .toSorted((a, b) => Number(firstText(b, 'id')) - Number(firstText(a, 'id')));
  if (newest === undefined) return undefined;
  const status = firstText(newest, 'status') ?? 'no status';
  return { state: stateIn(requestStates, status), words: `${type} request ${status}` };
}
