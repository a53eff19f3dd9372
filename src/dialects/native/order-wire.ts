/** An order as the native API shows it: what was bought, where it stands, and what must be placed where. */
import type { Authorization } from '../../domain/authorization.ts';
import type { Challenge, CheckResult } from '../../domain/challenge.ts';
import { type Language, renderReason } from '../../domain/errors.ts';
import { baseName, type Identifier } from '../../domain/identifier.ts';
import type { IssuanceName } from '../../domain/issuance.ts';
import type { OrderView } from '../../domain/platform.ts';
import { certificateState } from './certificate-wire.ts';
import { productCodeOf } from './operations/products.ts';
import { moneyToWire, optionalTimeToWire, timeToWire } from './operations/session.ts';
import { summaryOf } from './order-summary.ts';
import type { WireOrder, WireProof } from './schema.ts';

export function orderToWire(view: OrderView, language: Language): WireOrder {
  const { order, product, account, approval, issuance, certificate } = view;
  return {
    id: order.id,
    number: order.number,
    accountId: order.accountId,
    accountName: account.name,
    dialect: order.dialect,
    productCode: productCodeOf(product),
    productName: product.name,
    state: order.state,
    summary: summaryOf(view, language),
    reference: referenceOf(order),
    coverage: { unit: order.coverage.unit, count: order.coverage.count },
    coverageFrom: optionalTimeToWire(order.coverageFrom),
    coverageUntil: optionalTimeToWire(order.coverageUntil),
    total: moneyToWire({ minor: order.totalMinor, currency: order.currency }),
    renewalOf: order.renewalOf,
    organization: order.organization === null ? null : inOrderOf(organizationFields, order.organization),
    contact: order.contact === null ? null : inOrderOf(contactFields, order.contact),
    approval: approval === null ? null : {
      id: approval.id,
      number: approval.number,
      asks: approval.asks,
      state: approval.state,
      note: approval.note,
      decidedBy: approval.decidedBy,
      decidedAt: optionalTimeToWire(approval.decidedAt),
    },
    issuance: {
      id: issuance.id,
      number: issuance.number,
      kind: issuance.kind,
      state: issuance.state,
      charged: moneyToWire({ minor: issuance.chargedMinor, currency: order.currency }),
      failure: issuance.failure === null ? null : renderReason(issuance.failure, language),
      createdAt: timeToWire(issuance.createdAt),
    },
    names: issuance.names.map((name, index) => nameToWire(name, view.authorizations[index], language)),
    certificate: certificate === null ? null : {
      id: certificate.id,
      number: certificate.number,
      serial: certificate.serial,
      notBefore: timeToWire(certificate.notBefore),
      notAfter: timeToWire(certificate.notAfter),
      state: certificateState(certificate, view.now),
    },
    createdAt: timeToWire(order.createdAt),
  };
}
