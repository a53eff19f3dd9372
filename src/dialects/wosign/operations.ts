/** The one operation, in its two modes: apply for a certificate, fetch a pending one. */
import { CertError, refuse } from '../../domain/errors.ts';
import { base32 } from '../../domain/ids.ts';
import type { OrderView } from '../../domain/ports/orders.ts';
import { callerOperation, type Operation } from '../kit/operation.ts';
import { productCode } from './catalogue.ts';
import { signfileData } from './dialect-data.ts';
import { csrFromWire, handleFromWire, idempotencyOf, namesFromWire } from './order-from-wire.ts';
import { orderToWire } from './order-to-wire.ts';
import { type ApplyRequest, applyReply, applyRequest } from './schema.ts';
import type { Client, Services } from './services.ts';
import { firstUnproved } from './status.ts';

/** The check of a slow host ends after 10 s; what takes longer than this is answered as it stands. */
const patienceMs = 25_000;

const applyForCertificate = callerOperation({
  id: 'cert.apply',
  method: 'POST',
  path: '/',
  summary: { en: 'Apply for a certificate, or fetch one that was pending', zh: '申请证书，或获取待签发的证书' },
  request: applyRequest,
  response: applyReply,
  async handle(input, session: Client) {
    const orderId = handleFromWire(input);
    const view = orderId === undefined ? await apply(input, session) : await fetchPending(orderId, session);
    return orderToWire(view, session.services.config.statusAs);
  },
});

export const operations: readonly Operation<Services>[] = [applyForCertificate];

/**
 * Places the order and waits for its certificate. What cannot be proved at the first look is not left waiting: the vendor
 * answers in one call, and a customer who corrects the file calls again.
 * @throws {CertError} validationFailed, with the first name that is not proved
 */
async function apply(input: ApplyRequest, { services, caller }: Client): Promise<OrderView> {
  const { orders, random } = services;
  const names = namesFromWire(input);
  const csr = csrFromWire(input);
  const placed = await orders.place(caller, {
    productCode,
    names,
    csr,
    // Seeds nothing, as the file is the same for all orders.
    proofReference: base32(random.bytes(16)),
    preferredMethod: 'httpFile',
    renewalOf: null,
    organization: null,
    contact: null,
    dialectData: signfileData({ customerId: input.customer_id, authToken: input.auth_token }),
    idempotency: idempotencyOf(names, csr),
    signedWithinMs: patienceMs,
  });
  if (placed.certificate !== null) return placed;
  const view = await orders.settle(caller, { id: placed.order.id }, patienceMs);
  return isNotProved(view) ? withdraw(view, { services, caller }) : view;
}

/** Also of an order that the same request, sent twice at once, has withdrawn already. */
function isNotProved(view: OrderView): boolean {
  const { state } = view.issuance;
  return (state === 'awaitingValidation' || state === 'cancelled') && firstUnproved(view) !== undefined;
}

/** @returns the order when its certificate was made after all */
async function withdraw(
  view: OrderView,
  { services, caller }: Pick<Client, 'services' | 'caller'>,
): Promise<OrderView> {
  const name = firstUnproved(view) ?? '';
  const reference = { id: view.order.id };
  // A request that a person has approved stays, to be fetched once the file is in place.
  const isApprovedByHand = typeof view.approval?.decisions.at(-1)?.by === 'string';
  const after = isApprovedByHand
    ? view
    : await services.orders.cancel(caller, reference).catch((thrown: unknown) => {
        if (!(thrown instanceof CertError) || thrown.code !== 'wrongState') throw thrown;
        return services.orders.settle(caller, reference, patienceMs);
      });
  if (isNotProved(after) || after.order.state === 'cancelled') throw refuse('nameNotProved', { name });
  return after;
}

/** Reading the order makes the core look for proofs that are still missing; then this waits for what was found. */
async function fetchPending(orderId: string, { services, caller }: Client): Promise<OrderView> {
  const reference = { id: orderId };
  await services.orders.get(caller, reference);
  return services.orders.settle(caller, reference, patienceMs);
}
