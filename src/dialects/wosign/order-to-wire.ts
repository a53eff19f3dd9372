/** An order as both requests answer it. */
import { CertError, refuse, renderReason } from '../../domain/errors.ts';
import type { OrderView } from '../../domain/ports/orders.ts';
import { parseCertificate } from '../../pki/certificate.ts';
import { encodePem } from '../../pki/pem.ts';
import { handleOf } from './handle.ts';
import type { ApplyReply } from './schema.ts';
import { firstUnproved, issuedStatus, pendingStatus, type StatusForm, standingOf, statusToWire } from './status.ts';

/** @throws {CertError} validationFailed with the name or its record, wrongState for an order that is over, with the reason where it has failed */
export function orderToWire(view: OrderView, form: StatusForm): ApplyReply {
  const { order, certificate, issuance } = view;
  const handle_id = handleOf(order.id);
  const standing = standingOf(view);
  if (standing === 'notProved') throw refuse('nameNotProved', { name: firstUnproved(view) ?? '' });
  // What the CA needs does not stand at the customer's, who applies or fetches again once it does.
  if (standing === 'pending' && issuance.rest?.turn === 'customer') throw new CertError(issuance.rest.reason);
  if (standing === 'pending') return { result: 'pending', status: statusToWire(pendingStatus, form), handle_id };
  if (standing === 'refused' || certificate === null) {
    const { failure } = issuance;
    if (failure !== null) {
      const detail = { en: renderReason(failure, 'en'), zh: renderReason(failure, 'zh') };
      throw refuse('orderFailed', { order: handle_id, detail });
    }
    const state = order.state === 'active' ? (certificate?.state ?? view.issuance.state) : order.state;
    throw refuse('wrongState', { what: 'order', value: handle_id, state, needed: 'an order with a valid certificate' });
  }
  return {
    result: 'success',
    status: statusToWire(issuedStatus, form),
    handle_id,
    certificate: [certificate.der, ...intermediatesOf(view)].map((der) => encodePem('CERTIFICATE', der)).join(''),
  };
}

/** The chain without its root, which clients have or must get another way. An upstream may send its root or leave it out. */
function intermediatesOf({ certificate, chain }: OrderView): readonly Uint8Array[] {
  if (certificate?.upstreamChain == null) return chain.slice(0, -1);
  return chain.filter((der) => {
    const { issuer, subject } = parseCertificate(der);
    return !issuer.der.equals(subject.der);
  });
}
