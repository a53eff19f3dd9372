/** Delegation, application, certificate: the three calls of the API. */
import { refuse } from '../../../domain/errors.ts';
import type { PlaceOrder } from '../../../domain/ports/orders.ts';
import { withDefined } from '../../../domain/with-defined.ts';
import { callerOperation } from '../../kit/operation.ts';
import {
  idempotencyOf,
  keyKinds,
  namesFromWire,
  newProofReference,
  numberFromWire,
  withAccount,
} from '../order-from-wire.ts';
import { issuedToWire, unissuedToWire } from '../order-to-wire.ts';
import { relayedRecords } from '../relayed-records.ts';
import { success } from '../reply.ts';
import {
  applicationReply,
  applicationRequest,
  applyReply,
  applyRequest,
  delegationReply,
  delegationRequest,
} from '../schema.ts';
import type { Client } from '../services.ts';
import { statusOf } from '../status.ts';

export const checkDelegation = callerOperation({
  id: 'cert.dv',
  method: 'POST',
  path: '/v1/cert/dv',
  summary: { en: 'Which CNAME each name needs, and whether it is there', zh: '验证域名' },
  request: delegationRequest,
  response: delegationReply,
  async handle({ domainList }, client: Client) {
    const { services, caller } = client;
    const names = namesFromWire(domainList);
    const relayed = await relayedRecords(names, client);
    const own = names.filter(({ value }) => !relayed.some(({ domain }) => domain === value));
    const delegations = own.length === 0 ? [] : await services.delegations.check(withAccount(caller), own);
    const configs = [
      ...relayed,
      ...delegations.map(({ domain, host, hostValue, valid }) => ({ domain, host, hostValue, valid })),
    ];
    return success({ configs, valid: configs.every(({ valid }) => valid) }, services.random);
  },
});

export const apply = callerOperation({
  id: 'cert.apply',
  method: 'POST',
  path: '/v1/cert/apply',
  summary: { en: 'Apply for a certificate and its key', zh: '提交申请' },
  request: applyRequest,
  response: applyReply,
  async handle(input, { services, caller }: Client) {
    const { orders, config, random, delegations } = services;
    const names = namesFromWire(input.domainList);
    const algorithm = input.algorithm ?? 'ECC';
    const ca = input.ca ?? config.defaultCa;
    const { notifyUrl } = input;
    const owner = withAccount(caller);
    // The vendor wants the names validated first; an application that cannot succeed is not taken. The core looks again by
    // itself: what counts is its own proof.
    const missing = (await delegations.check(owner, names)).find(({ valid }) => !valid);
    const request: PlaceOrder = {
      productCode: ca,
      names,
      csr: { make: keyKinds[algorithm] },
      ...withDefined({ issuerId: config.issuers[ca] }),
      ...withDefined({ notifyUrl }),
      proofReference: newProofReference(random),
      preferredMethod: 'dnsCname',
      renewalOf: null,
      organization: null,
      contact: null,
      dialectData: { algorithm, ca },
      idempotency: idempotencyOf(names, { algorithm, ca, notifyUrl }),
    };
    // Where an upstream checks the names, its records are known only when it has the order: then `/v1/cert/dv` has them.
    if (missing !== undefined && !(await orders.check(caller, request)).isRelayed) {
      throw refuse('delegationMissing', { host: missing.fullHost, target: missing.hostValue });
    }
    const { order } = await orders.place(caller, request);
    return success(String(order.number), random);
  },
});

export const showApplication = callerOperation({
  id: 'cert.show',
  method: 'GET',
  path: '/v1/cert/apply/:id',
  summary: { en: 'The state of an application, its certificate and key', zh: '获取证书' },
  request: applicationRequest,
  response: applicationReply,
  async handle({ id }, { services, caller, language }: Client) {
    const { orders, issuances, config, random } = services;
    const number = numberFromWire(id);
    const view = await orders.get(caller, { number });
    if (statusOf(view).status !== 1) return success(unissuedToWire(view, language), random);
    const key = view.issuance.sealedKey === null ? null : await issuances.privateKey(caller, { number });
    return success(issuedToWire(view, key, config.timeOffset), random);
  },
});
