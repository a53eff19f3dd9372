/** Products as the catalogue calls and orders show them. */
import type { Product } from '../../../domain/product.ts';
import { displayOf } from '../catalogue.ts';
import { platformsToWire } from './platforms.ts';
import type { WireProduct, WireProductInfo } from './schema.ts';

/** The signature is the authority's choice: RSA or ECDSA with the hash that fits its own key. */
const hashTypes = [
  { id: 'sha256', name: 'SHA-256' },
  { id: 'sha384', name: 'SHA-384' },
  { id: 'sha512', name: 'SHA-512' },
] as const;

/** Venafi and digi-harbinger know TLS products by it, those of DV too. */
export const productType = 'ssl_certificate';

/** @param containerNumbers of the account: a product may be ordered in all of them */
export function productToWire(product: Product, containerNumbers: readonly number[]): WireProduct {
  const years = yearsOf(product);
  const { groupName, validationType } = displayOf(product);
  return {
    group_name: groupName,
    name_id: product.code,
    name: product.name,
    type: productType,
    validation_type: validationType,
    allowed_container_ids: [...containerNumbers],
    allowed_validity_years: years,
    allowed_order_validity_years: years,
    signature_hash_types: { allowed_hash_types: [...hashTypes], default_hash_type_id: 'sha256' },
    // The product's own issuer signs, whichever authority it has: there is nothing to choose.
    allowed_ca_certs: [],
    csr_required: !product.csrMayFollow,
  };
}

export function productInfoToWire(product: Product, containerNumbers: readonly number[]): WireProductInfo {
  return {
    ...productToWire(product, containerNumbers),
    duplicates_allowed: true,
    additional_dns_names_allowed: product.maxNames > 1,
    increased_compatibility_allowed: false,
    custom_expiration_date_allowed: true,
    allow_auto_renew: true,
    server_platforms: [...platformsToWire()],
    license_agreement: '',
  };
}

/** 1 to as many as an order may cover; a coverage that is no whole number of years counts as one. */
function yearsOf({ coverage, maxPeriods }: Product): number[] {
  const each = coverage.unit === 'years' ? coverage.count : 1;
  return Array.from({ length: maxPeriods }, (_, index) => (index + 1) * each);
}
