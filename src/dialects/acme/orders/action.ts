/**
 * DigiCert's query of the directory URL, `?action=renew&orderId=123`: the `newOrder` of that directory has it as well, so that it
 * comes back with the order. Other parameters mean nothing here.
 */
import { quoted, refuse } from '../../../domain/errors.ts';
import { expected, expectedOf } from '../../../domain/messages/expectations.ts';
import type { NewAcmeAction } from '../../../domain/ports/acme-orders.ts';

const kinds = ['enroll', 'renew', 'reissue', 'duplicate'] as const satisfies readonly NewAcmeAction['kind'][];
const largestNumber = 2 ** 31 - 1;

/** @throws {CertError} invalidField; also where `&orderId=` was lost in a shell */
export function actionInUrl(url: string): NewAcmeAction | null {
  const query = new URL(url).searchParams;
  const action = query.getAll('action').join(', ');
  const order = query.getAll('orderId').join(', ');
  if (!query.has('action')) {
    if (query.has('orderId')) throw refuse('fieldMissing', { field: 'action' });
    return null;
  }
  const kind = kinds.find((one) => one === action);
  if (kind === undefined) {
    throw refuse('fieldInvalid', { field: 'action', value: quoted(action), expected: expectedOf.oneOf(kinds) });
  }
  if (kind === 'enroll') {
    if (query.has('orderId')) throw refuse('actionWithoutOrder', { order: quoted(order) });
    return { kind };
  }
  if (!query.has('orderId')) throw refuse('fieldMissing', { field: 'orderId' });
  const orderNumber = /^[1-9][0-9]{0,9}$/.test(order) ? Number(order) : Number.NaN;
  if (!(orderNumber <= largestNumber)) {
    throw refuse('fieldInvalid', { field: 'orderId', value: quoted(order), expected: expected.orderNumber });
  }
  return { kind, orderNumber };
}

/** What the URL of a resource ends with; empty without an action. */
export function queryOfAction(action: NewAcmeAction | null): string {
  if (action === null) return '';
  return action.kind === 'enroll' ? '?action=enroll' : `?action=${action.kind}&orderId=${action.orderNumber}`;
}
