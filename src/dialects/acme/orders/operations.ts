/** Orders: made, shown and finalized (RFC 8555 §7.4). */

import type { Credential } from '../../../domain/account.ts';
import { quoted, refuse } from '../../../domain/errors.ts';
import { base32 } from '../../../domain/ids.ts';
import type { RequestedValidity } from '../../../domain/issuance.ts';
import { expected } from '../../../domain/messages/expectations.ts';
import type { AcmeOrderView } from '../../../domain/ports/acme-orders.ts';
import { decodeBase64url } from '../../../pki/base64url.ts';
import { jwkThumbprint } from '../../../pki/jwk.ts';
import { parsePublicKey } from '../../../pki/public-key.ts';
import { callerOperation, type Operation } from '../../kit/operation.ts';
import { certIdFromWire } from '../certificates/cert-id.ts';
import type { DialectData } from '../dialect-data.ts';
import { directoryOf } from '../directory.ts';
import { retryAfterSeconds } from '../reply.ts';
import { accountOfRequest } from '../requests.ts';
import type { Client, Services } from '../services.ts';
import { basePath, urlsOf } from '../urls.ts';
import { namesFromWire } from './identifiers.ts';
import { orderToWire, statusOfView } from './order-to-wire.ts';
import { finalizeRequest, newOrderRequest, order, orderRequest, type WireOrder } from './schema.ts';

/** A client has so long to prove its names and to finalize. */
const openForMs = 7 * 86_400_000;
/** The longest that a finalize waits for the certificate: most clients look again only after seconds. */
const patienceMs = 2_000;
const referenceBytes = 16;

const create = callerOperation<Services, typeof newOrderRequest, typeof order>({
  id: 'order.create',
  method: 'POST',
  path: `${basePath}:directory/new-order`,
  summary: { en: 'Make an order', zh: '创建订单' },
  request: newOrderRequest,
  response: order,
  status: 201,
  async handle({ directory, identifiers, notBefore, notAfter, replaces }, session) {
    const { services, caller, request } = session;
    const { clock, random, acmeOrders } = services;
    const now = clock.now();
    requireNearNow(notBefore, now);
    const dialectData: DialectData = {
      thumbprint: thumbprintOf(accountOfRequest(request)),
      ...(notBefore === undefined ? {} : { notBefore }),
      ...(notAfter === undefined ? {} : { notAfter }),
      ...(replaces === undefined ? {} : { replaces }),
    };
    const view = await acmeOrders.create(caller, {
      names: namesFromWire(identifiers),
      productCode: null,
      proofReference: base32(random.bytes(referenceBytes)),
      validity: validityFromWire(notAfter),
      replaces: replaces === undefined ? null : certIdFromWire(replaces, 'replaces'),
      approvalDays: directoryOf(services, directory).approvalDays,
      dialectData,
      expiresAt: new Date(now.getTime() + openForMs),
    });
    return shown(view, directory, session);
  },
});

const show = callerOperation<Services, typeof orderRequest, typeof order>({
  id: 'order.show',
  method: 'POST',
  path: `${basePath}:directory/order/:order`,
  summary: { en: 'Show an order', zh: '查看订单' },
  request: orderRequest,
  response: order,
  async handle({ directory, order: id }, session) {
    return shown(await session.services.acmeOrders.get(session.caller, id), directory, session);
  },
});

const finalize = callerOperation<Services, typeof finalizeRequest, typeof order>({
  id: 'order.finalize',
  method: 'POST',
  path: `${basePath}:directory/order/:order/finalize`,
  summary: { en: 'Finalize an order with its CSR', zh: '提交 CSR 完成订单' },
  request: finalizeRequest,
  response: order,
  async handle({ directory, order: id, csr }, session) {
    const der = decodeBase64url(csr);
    if (der === undefined || der.length === 0) {
      throw refuse('fieldInvalid', { field: 'csr', value: quoted(csr), expected: expected.base64url });
    }
    const view = await session.services.acmeOrders.finalize(session.caller, id, Uint8Array.from(der), patienceMs);
    return shown(view, directory, session);
  },
});

function shown(view: AcmeOrderView, directory: string, { services, reply }: Client): WireOrder {
  const urls = urlsOf(services.publicUrl, directory);
  reply.headers.set('location', urls.order(view.acmeOrder.id));
  if (statusOfView(view) === 'processing') {
    const since = view.placed?.issuance.createdAt ?? view.now;
    reply.headers.set('retry-after', String(retryAfterSeconds(view.now.getTime() - since.getTime())));
  }
  return orderToWire(view, urls);
}

function thumbprintOf({ key }: Credential): string {
  if (key === null) throw refuse('internal', {}, { cause: new Error('an ACME account without a key') });
  return jwkThumbprint(parsePublicKey(key.spki));
}

const nearMs = 5 * 60_000;

/** Certificates begin when they are issued. @throws {CertError} invalidField */
function requireNearNow(notBefore: string | undefined, now: Date): void {
  if (notBefore === undefined || Math.abs(Date.parse(notBefore) - now.getTime()) <= nearMs) return;
  throw refuse('fieldInvalid', { field: 'notBefore', value: quoted(notBefore), expected: expected.momentNearNow });
}

function validityFromWire(notAfter: string | undefined): RequestedValidity | null {
  return notAfter === undefined ? null : { until: new Date(notAfter) };
}

export const orderOperations: readonly Operation<Services>[] = [create, show, finalize];
