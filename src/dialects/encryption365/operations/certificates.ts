/** Orders and their certificates. */

import type { MethodChoice } from '../../../domain/challenge.ts';
import { quoted, refuse } from '../../../domain/errors.ts';
import { isIp, parseIdentifier } from '../../../domain/identifier.ts';
import { reasonNamedBy } from '../../../domain/revocation-reason.ts';
import { callerOperation } from '../../kit/operation.ts';
import { levelOf } from '../catalogue.ts';
import { uniqueIdData } from '../dialect-data.ts';
import {
  contactFromWire,
  csrFromWire,
  idempotencyOf,
  namesFromWire,
  newUniqueId,
  organizationFromWire,
  usualMethod,
} from '../order-from-wire.ts';
import { orderDetailsToWire, placedOrderToWire } from '../order-to-wire.ts';
import { createProofs, methodNames } from '../proofs.ts';
import {
  changeMethodRequest,
  createRequest,
  done,
  orderDetails,
  orderRequest,
  placedOrder,
  reissueRequest,
  revokeRequest,
} from '../schema.ts';
import type { Client, Services } from '../services.ts';

/** The vendor's own clients send up to 32,767 characters of names and as many of CSR. */
const namesAndCsrBytes = 128 << 10;

export const createCertificate = callerOperation({
  id: 'cert.create',
  method: 'POST',
  path: '/cert/create',
  bodyLimitBytes: namesAndCsrBytes,
  summary: { en: 'Order a certificate, or renew one', zh: '创建证书' },
  request: createRequest,
  response: placedOrder,
  async handle(input, { services, caller }: Client) {
    const names = namesFromWire(input.domains);
    const csr = csrFromWire(input.csr_code);
    const uniqueId = input.unique_id ?? newUniqueId(services.random);
    const proofs = proofsOf(csr, uniqueId, services);
    const view = await services.orders.place(caller, {
      productCode: input.pid,
      names,
      csr,
      proofReference: uniqueId,
      preferredMethod: usualMethod,
      renewalOf: input.renew && input.old_vendor_id !== undefined ? { number: input.old_vendor_id } : null,
      organization: organizationFromWire(input, levelOf(input.pid) ?? 'dv'),
      contact: contactFromWire(input),
      dialectData: uniqueIdData(input.unique_id),
      idempotency: idempotencyOf(input, names, proofs.csrSha256),
    });
    // A repeated request answers the first order, whose unique id is another.
    return placedOrderToWire(view, services, view.issuance.proofReference === uniqueId ? proofs : undefined);
  },
});

export const showCertificate = callerOperation({
  id: 'cert.details',
  method: 'POST',
  path: '/cert/details',
  summary: { en: 'The state of an order, and its certificate', zh: '查看证书' },
  request: orderRequest,
  response: orderDetails,
  async handle(input, { services, caller, language }: Client) {
    const view = await services.orders.get(caller, { number: input.trustocean_id });
    return orderDetailsToWire(view, services, language);
  },
});

export const recheck = callerOperation({
  id: 'cert.challenge',
  method: 'POST',
  path: '/cert/challenge',
  summary: { en: 'Check the proofs of control now', zh: '重启验证' },
  request: orderRequest,
  response: done,
  async handle(input, { services, caller }: Client) {
    await services.proving.recheck(caller, { number: input.trustocean_id });
    return { result: 'success', status: 'success' };
  },
});

export const reissueCertificate = callerOperation({
  id: 'cert.reissue',
  method: 'POST',
  path: '/cert/reissue',
  bodyLimitBytes: namesAndCsrBytes,
  summary: { en: 'A new certificate in the same order: new key, other names', zh: '重签证书' },
  request: reissueRequest,
  response: placedOrder,
  async handle(input, { services, caller }: Client) {
    const names = namesFromWire(input.domains);
    const csr = csrFromWire(input.csr_code);
    const uniqueId = input.unique_id ?? newUniqueId(services.random);
    const proofs = proofsOf(csr, uniqueId, services);
    const view = await services.issuances.reissue(
      caller,
      { number: input.trustocean_id },
      {
        names,
        csr,
        proofReference: uniqueId,
        preferredMethod: usualMethod,
        dialectData: uniqueIdData(input.unique_id),
      },
    );
    return placedOrderToWire(view, services, proofs);
  },
});

export const revokeCertificate = callerOperation({
  id: 'cert.revoke',
  method: 'POST',
  path: '/cert/revoke',
  summary: { en: 'Revoke the certificates of an order', zh: '吊销证书' },
  request: revokeRequest,
  response: done,
  async handle(input, { services, caller }: Client) {
    // The vendor takes free text; where it names a reason of RFC 5280 that reason is recorded.
    const reason = reasonNamedBy(input.revocationReason ?? input.revocation_reason ?? '') ?? 'unspecified';
    await services.revocations.revokeOrder(caller, { number: input.trustocean_id }, reason);
    return { result: 'success', status: 'success' };
  },
});

export const changeMethod = callerOperation({
  id: 'cert.change_dcv',
  method: 'POST',
  path: '/cert/change_dcv',
  summary: { en: 'Say by which method a name will be proved', zh: '修改验证方式' },
  request: changeMethodRequest,
  response: done,
  async handle(input, { services, caller }: Client) {
    const name = parseIdentifier(input.domain, 'domain');
    const method = methodFromWire(input.method, isIp(name));
    await services.proving.chooseMethods(caller, { number: input.trustocean_id }, [{ name, choice: method }]);
    return { result: 'success', status: 'success' };
  },
});

function proofsOf(csr: Uint8Array, uniqueId: string, { config, publicSuffixes }: Services) {
  return createProofs(csr, uniqueId, { suffix: config.suffix, publicSuffixes });
}

/** A method, or one of the name's `emails`, to which a mail is then sent. Whether it is one of them the core says. */
function methodFromWire(text: string, isAddress: boolean): MethodChoice {
  const word = text.trim().toLowerCase();
  const methods = isAddress ? (['httpFile', 'httpsFile'] as const) : (['httpFile', 'httpsFile', 'dnsCname'] as const);
  const method = methods.find((candidate) => methodNames[candidate] === word);
  if (method !== undefined) return method;
  if (word.includes('@') && !isAddress) return { method: 'email', address: word };
  const known = methods.map((candidate) => methodNames[candidate]).join(' / ');
  const expected = isAddress ? known : `${known} / email`;
  throw refuse('fieldInvalid', { field: 'method', value: quoted(text), expected });
}
