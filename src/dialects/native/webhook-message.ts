/** Messages to webhooks of the native API: one JSON object for every event. */
import type { AccountBalance, Occasion, RefundLine, WebhookMessage } from '../../domain/delivery.ts';
import type { ManagedDomain } from '../../domain/managed-domain.ts';
import type { Organization } from '../../domain/organization.ts';
import type { OrderView } from '../../domain/ports/orders.ts';
import { productCodeOf } from '../../domain/product-code.ts';
import { certificatePem } from './certificate-files.ts';
import { certificateToWire } from './certificate-to-wire.ts';
import { orderReferenceOf } from './dialect-data.ts';
import { moneyToWire, optionalTimeToWire, timeToWire } from './values.ts';

/** The receiver's own word, where it chose one. */
const secretHeader = 'X-Certmux-Webhook-Secret';

export function webhookMessageToWire(occasion: Occasion): WebhookMessage {
  const { event, view, domain, organization, refund, balance, webhook, now } = occasion;
  const body = {
    event,
    at: timeToWire(now),
    webhook: webhook?.number ?? null,
    order: view && orderOf(view),
    certificate: view && certificateOf(view),
    domain: domain && domainOf(domain),
    organization: organization && organizationOf(organization),
    refund: refund && refundOf(refund),
    account: balance && balanceOf(balance),
  };
  return { contentType: 'application/json', body: JSON.stringify(body), secretHeader };
}

/** What a receiver is tried with: the form of every message, about nothing. */
export function testMessageToWire(webhook: number, now: Date): WebhookMessage {
  const none = { order: null, certificate: null, domain: null, organization: null, refund: null, account: null };
  const body = JSON.stringify({ event: 'test', at: timeToWire(now), webhook, ...none });
  return { contentType: 'application/json', body, secretHeader };
}

function orderOf({ order, product, issuance }: OrderView) {
  return {
    id: order.id,
    number: order.number,
    accountId: order.accountId,
    dialect: order.dialect,
    productCode: productCodeOf(product),
    state: order.state,
    reference: orderReferenceOf(order),
    coverageUntil: optionalTimeToWire(order.coverageUntil),
    names: issuance.names.map(({ identifier }) => identifier.value),
  };
}

function certificateOf({ certificate, chain, now }: OrderView) {
  if (certificate === null) return null;
  const pem = certificatePem(certificate.der);
  return { ...certificateToWire(certificate, now), pem, chain: chain.map(certificatePem) };
}

function refundOf({ id, amountMinor, currency, note }: RefundLine) {
  return { ledgerEntryId: id, amount: moneyToWire({ minor: amountMinor, currency }), note };
}

function balanceOf({ id, number, name, balanceMinor, currency, lowBalanceMinor }: AccountBalance) {
  const lowBalance = lowBalanceMinor === null ? null : moneyToWire({ minor: lowBalanceMinor, currency });
  return { id, number, name, balance: moneyToWire({ minor: balanceMinor, currency }), lowBalance };
}

function domainOf({ id, number, accountId, name, state }: ManagedDomain) {
  return { id, number, accountId, name: name.value, state };
}

function organizationOf({ id, number, accountId, details, state, validations }: Organization) {
  const levels = validations.map(({ level, state: validation, validUntil }) => ({
    level,
    state: validation,
    validUntil: optionalTimeToWire(validUntil),
  }));
  return { id, number, accountId, name: details.name, state, validations: levels };
}
