/** Products: requests and replies. */
import { z } from 'zod';
import { optionalNumber, someText } from '../wire/shapes.ts';

export const productListRequest = z.object({ container_id: optionalNumber });

export const productRequest = z.object({ name_id: someText, container_id: optionalNumber });

const productShape = {
  group_name: z.string(),
  name_id: z.string(),
  name: z.string(),
  type: z.string(),
  validation_type: z.string(),
  allowed_container_ids: z.array(z.int()),
  allowed_validity_years: z.array(z.int()),
  allowed_order_validity_years: z.array(z.int()),
  signature_hash_types: z.object({
    allowed_hash_types: z.array(z.object({ id: z.string(), name: z.string() })),
    default_hash_type_id: z.string(),
  }),
  allowed_ca_certs: z.array(z.object({ id: z.string(), name: z.string() })),
  csr_required: z.boolean(),
};

export const product = z.object(productShape);

export type WireProduct = z.output<typeof product>;

export const productList = z.object({ products: z.array(product) });

export const serverPlatform = z.object({
  id: z.int(),
  name: z.string(),
  install_url: z.string(),
  csr_url: z.string(),
});

export const productInfo = z.object({
  ...productShape,
  duplicates_allowed: z.boolean(),
  additional_dns_names_allowed: z.boolean(),
  increased_compatibility_allowed: z.boolean(),
  custom_expiration_date_allowed: z.boolean(),
  allow_auto_renew: z.boolean(),
  server_platforms: z.array(serverPlatform),
  license_agreement: z.string(),
});

export type WireProductInfo = z.output<typeof productInfo>;
