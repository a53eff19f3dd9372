/** `status` of orders, certificates and requests, from what the core knows. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  certificateStatus,
  orderStatus,
  requestType,
  standingsOfStatus,
} from '../../../src/dialects/digicert/status.ts';
import type { OrderView } from '../../../src/domain/ports/orders.ts';
import type { IssuanceState, OrderState } from '../../../src/domain/states.ts';

const now = new Date('2026-06-01T12:00:00Z');
const later = new Date('2027-06-01T12:00:00Z');
const earlier = new Date('2026-05-01T12:00:00Z');

interface Given {
  readonly order: OrderState;
  readonly issuance: IssuanceState;
  readonly csr?: boolean;
  readonly certificate?: 'valid' | 'revoked' | 'expired';
  readonly coverageUntil?: Date;
}

/** As much of a view as a status is read from. */
function viewOf({ order, issuance, csr = true, certificate, coverageUntil = later }: Given): OrderView {
  return {
    order: { state: order, coverageUntil: order === 'open' ? null : coverageUntil },
    issuance: { state: issuance, csr: csr ? new Uint8Array(1) : null },
    certificate:
      certificate === undefined
        ? null
        : {
            state: certificate === 'revoked' ? 'revoked' : 'valid',
            notAfter: certificate === 'expired' ? earlier : later,
          },
    now,
  } as unknown as OrderView;
}

describe('the status of an order', () => {
  const rows: readonly (readonly [Given, string])[] = [
    [{ order: 'open', issuance: 'awaitingApproval' }, 'needs_approval'],
    [{ order: 'open', issuance: 'awaitingValidation', csr: false }, 'needs_csr'],
    [{ order: 'open', issuance: 'ready', csr: false }, 'needs_csr'],
    [{ order: 'open', issuance: 'awaitingValidation' }, 'pending'],
    [{ order: 'open', issuance: 'ready' }, 'processing'],
    [{ order: 'open', issuance: 'issuing' }, 'processing'],
    [{ order: 'active', issuance: 'issued', certificate: 'valid' }, 'issued'],
    [{ order: 'active', issuance: 'awaitingApproval' }, 'reissue_pending'],
    [{ order: 'active', issuance: 'awaitingValidation' }, 'reissue_pending'],
    [{ order: 'active', issuance: 'failed' }, 'issued'], // a reissue that failed leaves the certificate before it
    [{ order: 'active', issuance: 'cancelled' }, 'issued'],
    [{ order: 'active', issuance: 'issued', certificate: 'valid', coverageUntil: earlier }, 'expired'], // before the sweep
    [{ order: 'ended', issuance: 'issued', certificate: 'expired' }, 'expired'],
    [{ order: 'revoked', issuance: 'issued', certificate: 'revoked' }, 'revoked'],
    [{ order: 'rejected', issuance: 'failed' }, 'rejected'],
    [{ order: 'failed', issuance: 'failed' }, 'rejected'],
    [{ order: 'cancelled', issuance: 'cancelled' }, 'canceled'],
  ];
  for (const [given, status] of rows) {
    test(`${given.order}, ${given.issuance}${given.csr === false ? ' without CSR' : ''} is ${status}`, () => {
      assert.equal(orderStatus(viewOf(given)), status);
    });
  }

  test('is found again by the filter of the same word', () => {
    for (const [, status] of rows) assert.ok(status in standingsOfStatus, status);
    assert.deepEqual(standingsOfStatus.issued, ['active', 'ended']); // the vendor: includes expired
  });
});

describe('the status of a certificate in a list', () => {
  const rows: readonly (readonly [Given, string])[] = [
    [{ order: 'active', issuance: 'issued', certificate: 'valid' }, 'issued'],
    [{ order: 'active', issuance: 'issued', certificate: 'revoked' }, 'revoked'],
    [{ order: 'active', issuance: 'issued', certificate: 'expired' }, 'expired'],
    [{ order: 'active', issuance: 'awaitingApproval' }, 'needs_approval'],
    [{ order: 'active', issuance: 'awaitingValidation' }, 'pending'],
    [{ order: 'active', issuance: 'issuing' }, 'processing'],
    [{ order: 'active', issuance: 'failed' }, 'rejected'],
    [{ order: 'active', issuance: 'cancelled' }, 'canceled'],
  ];
  for (const [given, status] of rows) {
    test(`${given.issuance} ${given.certificate ?? ''} is ${status}`, () => {
      assert.equal(certificateStatus(viewOf(given)), status);
    });
  }
});

test('the type of a request is what it asks for', () => {
  assert.deepEqual(
    (['new', 'reissue', 'duplicate', 'revoke'] as const).map((asks) => requestType({ asks })),
    ['new_request', 'reissue', 'duplicate', 'revoke'],
  );
});
