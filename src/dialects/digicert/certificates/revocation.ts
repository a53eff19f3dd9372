/** Asking for a revocation, and what is answered. */
import { type RevocationReason, revocationReasons } from '../../../domain/certificate.ts';
import { quoted, refuse } from '../../../domain/errors.ts';
import { standingOf } from '../../../domain/order.ts';
import type { OrderReference, OrderView } from '../../../domain/ports/orders.ts';
import { revocationReasonOf } from '../../../domain/revocation-reason.ts';
import { withDefined } from '../../../domain/with-defined.ts';
import type { Client } from '../services.ts';
import { createActors } from '../users/people.ts';
import { timestamp } from '../wire/wire-time.ts';
import type { RevocationRequest } from './schema.ts';

type Target = { readonly order: OrderReference } | { readonly certificate: string };

/** @returns undefined when it is revoked: a 204; else the request, which may be approved already */
export async function revoke(target: Target, request: RevocationRequest, client: Client) {
  const { services, caller } = client;
  const comments = request.comments ?? request.comment;
  const { approval, view } = await services.revocations.request(caller, target, {
    reason: reasonFromWire(request),
    wish: { skip: request.skip_approval, ...withDefined({ comments }) },
  });
  if (approval === null) return undefined;
  return {
    id: approval.number,
    date: timestamp(approval.createdAt),
    type: 'revoke',
    // Venafi accepts only `submitted`, also for a finished request; the vendor writes `pending`. The request itself has the state.
    status: services.config.revocationStatus,
    requester: await createActors(client).of(approval.requestedBy, view.account),
    ...(approval.comments === '' ? {} : { comments: approval.comments }),
  };
}

/** The vendor: not while a reissue is under way. @throws {CertError} wrongState */
export function requireNoReissue({ order, issuance, now }: OrderView): void {
  if (order.issuanceId !== issuance.id || standingOf(order, issuance, now) !== 'reissuing') return;
  const needed = 'an order with an issued certificate and no issuance under way';
  throw refuse('wrongState', { what: 'order', value: String(order.number), state: issuance.state, needed });
}

/** `unspecified` by default. @throws {CertError} invalidField */
function reasonFromWire({ revocation_reason, reason }: RevocationRequest): RevocationReason {
  const [field, text] = revocation_reason === undefined ? ['reason', reason] : ['revocation_reason', revocation_reason];
  if (text === undefined) return 'unspecified';
  const found = revocationReasonOf(text);
  if (found !== undefined) return found;
  const known = Object.keys(revocationReasons).join(', ');
  throw refuse('fieldInvalid', { field, value: quoted(text), expected: known });
}
