/** Orders: made, shown and finalized (RFC 8555 §7.4). */

import type { Credential } from '../../../domain/account.ts';
import { quoted, refuse } from '../../../domain/errors.ts';
import { base32 } from '../../../domain/ids.ts';
import type { RequestedValidity } from '../../../domain/issuance.ts';
import { expected } from '../../../domain/messages/expectations.ts';
import type { AcmeOrderView } from '../../../domain/ports/acme-orders.ts';
import { decodeBase64url } from '../../../pki/base64url.ts';
import { callerOperation, type Operation } from '../../kit/operation.ts';
import { accountDataOf } from '../accounts/account-to-wire.ts';
import { replacedFromWire } from '../certificates/cert-id.ts';
import type { Directory } from '../config.ts';
import { type DialectData, readDialectData } from '../dialect-data.ts';
import { directoryOf } from '../directory.ts';
import { offerOf } from '../profiles.ts';
import { retryAfterSeconds } from '../reply.ts';
import { accountOfRequest } from '../requests.ts';
import { type Client, limitsOf, type Services } from '../services.ts';
import { basePath, urlsOf } from '../urls.ts';
import { actionInUrl } from './action.ts';
import { namesFromWire } from './identifiers.ts';
import { isDueRenewal, keyOfNames } from './order-limits.ts';
import { orderToWire, statusOfView } from './order-to-wire.ts';
import { finalizeRequest, newOrderRequest, order, orderRequest, type WireOrder } from './schema.ts';
import { challengeDataOf, openForMs, referenceBytes } from './terms.ts';

/** The longest that a finalize waits for the certificate: most clients look again only after seconds. */
const patienceMs = 2_000;

const create = callerOperation<Services, typeof newOrderRequest, typeof order>({
  id: 'order.create',
  method: 'POST',
  path: `${basePath}:directory/new-order`,
  summary: { en: 'Make an order', zh: '创建订单' },
  request: newOrderRequest,
  response: order,
  status: 201,
  async handle({ directory, identifiers, profile, notBefore, notAfter, replaces }, session) {
    const { services, caller, request } = session;
    const { clock, random, acmeOrders } = services;
    const now = clock.now();
    const settings = directoryOf(services, directory);
    const credential = accountOfRequest(request);
    requireAgreed(credential, settings);
    requireNearNow(notBefore, now);
    const dialectData: DialectData = {
      ...challengeDataOf(credential, settings, urlsOf(services.publicUrl, directory)),
      ...(notBefore === undefined ? {} : { notBefore }),
      ...(notAfter === undefined ? {} : { notAfter }),
      ...(replaces === undefined ? {} : { replaces }),
    };
    const { names, ancestors } = namesFromWire(identifiers, services.publicSuffixes);
    const limits = limitsOf(services, directory);
    const make = () =>
      acmeOrders.create(caller, {
        names,
        ancestors,
        profile: profile ?? null,
        offer: offerOf(settings),
        proofReference: base32(random.bytes(referenceBytes)),
        validity: validityFromWire(notAfter),
        replaces: replaces === undefined ? null : replacedFromWire(replaces),
        action: actionInUrl(request.url),
        approvalDays: settings.approvalDays,
        dialectData,
        expiresAt: new Date(now.getTime() + openForMs),
      });
    if (await isDueRenewal(services, directory, replaces)) return shown(await make(), directory, session);
    await limits.attempts('certificatesPerNames')?.check(keyOfNames(credential, names));
    return shown(await limits.within('newOrdersPerAccount', credential.id, make), directory, session);
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
    const { services, caller } = session;
    const offer = offerOf(directoryOf(services, directory));
    return shown(await services.acmeOrders.get(caller, id, offer), directory, session);
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
    const before = await orderBefore(session, { directory, id });
    const { services, caller } = session;
    const offer = offerOf(directoryOf(services, directory));
    const place = () =>
      services.acmeOrders.finalize(caller, id, { csr: Uint8Array.from(der), withinMs: patienceMs, offer });
    const view = before?.standing === 'ready' ? await placeWithin(session, directory, before, place) : await place();
    return shown(view, directory, session);
  },
});

/** Counted here and not before: who makes many orders first could otherwise finalize all of them. */
async function placeWithin(
  { services, request }: Client,
  directory: string,
  { acmeOrder: { id, names, dialectData } }: AcmeOrderView,
  place: () => Promise<AcmeOrderView>,
): Promise<AcmeOrderView> {
  const attempts = limitsOf(services, directory).attempts('certificatesPerNames');
  if (attempts === undefined) return place();
  if (await isDueRenewal(services, directory, readDialectData(dialectData).replaces)) return place();
  const identifiers = names.map(({ identifier }) => identifier);
  const key = keyOfNames(accountOfRequest(request), identifiers);
  // The same order twice at once gets one certificate.
  if (!(await attempts.begin({ id, key }))) return place();
  let isPlaced = false;
  try {
    const view = await place();
    isPlaced = true;
    return view;
  } finally {
    await attempts.end(id, isPlaced);
  }
}

/** The order as it stood before it was finalized, where something depends on that; else undefined, at no cost. */
async function orderBefore(
  { services, caller }: Client,
  { directory, id }: { readonly directory: string; readonly id: string },
): Promise<AcmeOrderView | undefined> {
  const settings = directoryOf(services, directory);
  if (settings.limits.certificatesPerNames === undefined) return undefined;
  return services.acmeOrders.get(caller, id, offerOf(settings));
}

function shown(view: AcmeOrderView, directory: string, { services, reply }: Client): WireOrder {
  const urls = urlsOf(services.publicUrl, directory);
  reply.headers.set('location', urls.order(view.acmeOrder.id));
  if (statusOfView(view) === 'processing') {
    const since = view.placed?.issuance.createdAt ?? view.now;
    reply.headers.set('retry-after', String(retryAfterSeconds(view.now.getTime() - since.getTime())));
  }
  return orderToWire(view, urls, directoryOf(services, directory));
}

/** @throws {CertError} termsChanged */
function requireAgreed(credential: Credential, { termsOfService }: Directory): void {
  if (termsOfService === undefined || accountDataOf(credential).agreedTerms === termsOfService) return;
  throw refuse('termsChanged', { url: termsOfService });
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
