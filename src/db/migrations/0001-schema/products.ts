/** Products, and the keys by which ACME clients are bound to an account. */
import { id, primary, required, requiredTo, type Schema } from '../columns.ts';

export const productsSchema: Schema = ({ schema }, { integer, blob, heap, byNumber }) => [
  heap(
    schema
      .createTable('products')
      .addColumn('id', blob, primary)
      .addColumn('dialect', 'text', required)
      .addColumn('code', 'text', required)
      .addColumn('name', 'text', required)
      .addColumn('level', 'text', required)
      .addColumn('profile_id', 'text', required)
      .addColumn('issuer_id', 'text', required)
      .addColumn('coverage_unit', 'text', required)
      .addColumn('coverage_count', 'integer', required)
      .addColumn('max_periods', 'integer', required)
      .addColumn('csr_may_follow', 'integer', required)
      .addColumn('currency', 'text', required)
      .addColumn('prices_json', 'text', required)
      .addColumn('list_prices_json', 'text', required)
      .addColumn('max_names', 'integer', required)
      .addColumn('allows_wildcard', 'integer', required)
      .addColumn('allows_ipv4', 'integer', required)
      .addColumn('allows_ipv6', 'integer', required)
      .addColumn('is_for_sale', 'integer', required)
      .addColumn('display_json', 'text', required)
      .addUniqueConstraint('products_by_code', ['dialect', 'code']),
  ),

  heap(
    schema
      .createTable('external_account_keys')
      .addColumn('number', 'integer', primary)
      .addColumn('id', blob, id)
      .addColumn('account_id', blob, requiredTo('accounts.id'))
      .addColumn('dialect', 'text', required)
      // "Whose key is this?"
      .addColumn('key_id', 'text', id)
      .addColumn('sealed_hmac_key', blob, required)
      .addColumn('name', 'text', required)
      .addColumn('product_id', blob, requiredTo('products.id'))
      .addColumn('organization_id', blob)
      .addColumn('coverage_unit', 'text', required)
      .addColumn('coverage_count', 'integer', required)
      .addColumn('policy_json', 'text', required)
      .addColumn('expires_at', integer)
      .addColumn('settings_json', 'text', required)
      .addColumn('created_at', integer, required)
      .addColumn('revoked_at', integer),
  ),
  // "Which keys has this account?"
  schema
    .createIndex('external_account_keys_of_account')
    .on('external_account_keys')
    .columns(['account_id', ...byNumber]),
];
