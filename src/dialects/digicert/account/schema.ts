/** The account, the permissions of its key, and its custom fields: requests and replies. */
import { z } from 'zod';
import { idOf, optionalFlag, optionalText, optionalTextUpTo, someText } from '../wire/shapes.ts';

/** Fields in the order of the vendor's reply. */
export const account = z.object({
  id: z.int(),
  primary_organization_id: z.int(),
  primary_organization_name: z.string(),
  primary_organization_country: z.string(),
  make_renewal_calls: z.boolean(),
  express_install_enabled: z.boolean(),
  display_rep: z.boolean(),
  rep_photo_id: z.int(),
  balance_negative_limit: z.int(),
  root_container_id: z.int(),
  cert_transparency: z.string(),
  cert_central_type: z.string(),
  billing_account_id: z.int(),
  billing_account_name: z.string(),
  language_id: z.int(),
  migrated: z.boolean(),
  has_auth_key: z.boolean(),
  client_mgr_photo_id: z.int(),
  ent_support_plan: z.string(),
  default_country: z.string(),
});

export const authorizations = z.object({
  authorizations: z.array(z.object({ authorized: z.boolean(), permission: z.string() })),
});

export const dataTypes = ['anything', 'text', 'int', 'email_address', 'email_list'] as const;

const dataType = z.preprocess((value) => value || undefined, z.enum(dataTypes).optional());

const fieldShape = {
  description: optionalText,
  is_required: optionalFlag,
  is_active: optionalFlag,
  data_type: dataType,
};

export const newFieldRequest = z.object({ label: someText.max(100), ...fieldShape });

export type NewFieldRequest = z.output<typeof newFieldRequest>;

export const newFieldsRequest = z.object({ metadata: z.array(newFieldRequest).min(1).max(100) });

export const fieldChangeRequest = z.object({ id: idOf('customField'), label: optionalTextUpTo(100), ...fieldShape });

const metadatum = z.object({
  id: z.int(),
  label: z.string(),
  description: z.string().optional(),
  is_required: z.boolean(),
  is_active: z.boolean(),
  data_type: z.string().optional(),
});

export type WireMetadatum = z.output<typeof metadatum>;

/** Leaves the list out where there are no fields, as the vendor documents it. */
export const metadata = z.object({ metadata: z.array(metadatum).optional() });
