/** Rows of the orders of ACME clients. */
import type { AcmeOrder } from '../../domain/acme-order.ts';
import { codecOf } from '../codec.ts';
import { blob, date, hex, id, int32, json, jsonOf, nullable, text } from '../fields.ts';
import { validityJson } from './orders.ts';

export const acmeOrders = codecOf<AcmeOrder>()('acme_orders', {
  id: id('id', 'acmeOrder'),
  accountId: id('account_id', 'account'),
  credentialId: id('credential_id', 'credential'),
  productId: id('product_id', 'product'),
  profile: nullable(text('profile')),
  names: json('names_json'),
  validity: nullable(jsonOf('validity_json', validityJson)),
  replaces: nullable(id('replaces', 'certificate')),
  action: nullable(json('action_json')),
  termsHash: hex('terms_hash'),
  state: text('state'),
  issuanceId: nullable(id('issuance_id', 'issuance')),
  csrHash: nullable(hex('csr_hash')),
  approvalId: nullable(id('approval_id', 'approval')),
  approvalDays: int32('approval_days'),
  csr: nullable(blob('csr')),
  problem: nullable(json('problem_json')),
  expiresAt: date('expires_at'),
  dialectData: json('dialect_data_json'),
  createdAt: date('created_at'),
});
