/** An order as its client sees it (RFC 8555 §7.1.3, §7.1.6). */
import { type Reason, reason } from '../../../domain/errors.ts';
import type { AcmeOrderView } from '../../../domain/ports/acme-orders.ts';
import type { IssuanceState } from '../../../domain/states.ts';
import type { Directory } from '../config.ts';
import { readDialectData } from '../dialect-data.ts';
import { inOrder, problemOf } from '../errors.ts';
import { profileOf } from '../profiles.ts';
import type { Urls } from '../urls.ts';
import { wireTime } from '../wire-time.ts';
import { identifierToWire } from './identifiers.ts';
import type { WireOrder } from './schema.ts';

/** Once it is finalized an order is never `ready` or `pending` again: several clients take that for a failure. */
const statusOf = {
  awaitingApproval: 'processing',
  awaitingValidation: 'processing',
  ready: 'processing',
  issuing: 'processing',
  issued: 'valid',
  failed: 'invalid',
  cancelled: 'invalid',
} as const satisfies Record<IssuanceState, WireOrder['status']>;

export function orderToWire(view: AcmeOrderView, urls: Urls, directory: Directory): WireOrder {
  const { acmeOrder, placed, product } = view;
  const data = readDialectData(acmeOrder.dialectData);
  const { replaces, notBefore, notAfter } = data;
  const profile = acmeOrder.profile ?? profileOf(directory, product);
  const status = statusOfView(view);
  const certificate = placed?.certificate ?? null;
  return {
    status,
    expires: wireTime(expiresOf(view)),
    identifiers: acmeOrder.names.map(({ identifier }) => identifierToWire(identifier.value)),
    ...(profile === undefined ? {} : { profile }),
    ...(replaces === undefined ? {} : { replaces }),
    ...(notBefore === undefined ? {} : { notBefore }),
    ...(notAfter === undefined ? {} : { notAfter }),
    authorizations: [...new Set(acmeOrder.names.map(({ authorizationId }) => urls.authorization(authorizationId)))],
    finalize: urls.finalize(acmeOrder.id),
    ...(status === 'valid' && certificate !== null ? { certificate: urls.certificate(certificate.id) } : {}),
    ...(status === 'invalid' ? { error: problemOf(reasonOf(view), inOrder) } : {}),
  };
}

export function statusOfView({ standing, placed }: AcmeOrderView): WireOrder['status'] {
  if (standing === 'waiting') return 'processing';
  if (standing !== 'placed') return standing;
  return placed === null ? 'processing' : statusOf[placed.issuance.state];
}

/** Once it is finalized an order waits for others, at least for so long. */
const processingMs = 30 * 86_400_000;

function expiresOf(view: AcmeOrderView): Date {
  const { acmeOrder, placed, now } = view;
  if (placed !== null && placed.certificate !== null) return placed.certificate.notAfter;
  const end = placed === null ? acmeOrder.expiresAt : new Date(placed.issuance.createdAt.getTime() + processingMs);
  if (statusOfView(view) !== 'processing' || end > now) return end;
  // No time ends what waits for a person: the one that is shown moves on when it has come (RFC 8555 §7.1.3).
  const times = Math.floor((now.getTime() - end.getTime()) / processingMs) + 1;
  return new Date(end.getTime() + times * processingMs);
}

/** Why it is invalid. */
function reasonOf({ acmeOrder, authorizations, placed, now }: AcmeOrderView): Reason {
  if (acmeOrder.problem !== null) return acmeOrder.problem;
  if (placed !== null) return placed.issuance.failure ?? reason('acmeOrderCancelled', {});
  const failed = authorizations.find(
    ({ state }) => state === 'invalid' || state === 'deactivated' || state === 'expired',
  );
  const name = failed?.identifier.value;
  if (name !== undefined) return failed?.checks[0]?.problem ?? reason('acmeAuthorizationOver', { name });
  return reason('acmeOrderExpired', { at: wireTime(acmeOrder.expiresAt < now ? acmeOrder.expiresAt : now) });
}
