/** Rows of the orders of ACME clients. */
import type { AcmeOrder } from '../../domain/acme-order.ts';
import { codecOf } from '../codec.ts';
import { blob, date, hex, int32, json, jsonOf, nullable, text } from '../fields.ts';
import { validityJson } from './orders.ts';

export const acmeOrders = codecOf<AcmeOrder>()('acme_orders', {
  id: text('id'),
  accountId: text('account_id'),
  credentialId: text('credential_id'),
  productId: text('product_id'),
  profile: nullable(text('profile')),
  names: json('names_json'),
  validity: nullable(jsonOf('validity_json', validityJson)),
  replaces: nullable(text('replaces')),
  action: nullable(json('action_json')),
  termsHash: hex('terms_hash'),
  state: text('state'),
  issuanceId: nullable(text('issuance_id')),
  csrHash: nullable(hex('csr_hash')),
  approvalId: nullable(text('approval_id')),
  approvalDays: int32('approval_days'),
  csr: nullable(blob('csr')),
  problem: nullable(json('problem_json')),
  expiresAt: date('expires_at'),
  dialectData: json('dialect_data_json'),
  createdAt: date('created_at'),
});
