/** API keys and the keys of ACME clients: requests and replies. */
import { z } from 'zod';
import { longestCredentialLabel } from '../../../domain/account.ts';
import {
  idOf,
  optionalIdOf,
  optionalInteger,
  optionalNumber,
  optionalText,
  optionalTextUpTo,
  someText,
} from '../wire/shapes.ts';

export const keyRequest = z.object({ id: idOf('credential') });

export const keyListRequest = z.object({ user_id: optionalIdOf('user') });

export const newKeyRequest = z.object({
  user: idOf('user'),
  name: someText.max(longestCredentialLabel),
  restricted_to_role_id: optionalInteger,
});

export const keyChangeRequest = z.object({
  id: idOf('credential'),
  name: optionalTextUpTo(longestCredentialLabel),
  restricted_to_role_id: optionalInteger,
});

export const keyStatusRequest = z.object({
  id: idOf('credential'),
  status: z.preprocess(
    (value) => (typeof value === 'string' ? value.trim().toLowerCase() : value),
    z.enum(['active', 'revoked']),
  ),
});

export const newAcmeKeyRequest = z.object({
  name: someText.max(255),
  product_name_id: someText,
  organization_id: optionalIdOf('organization'),
  validity_years: optionalNumber,
  validity_days: optionalNumber,
  profile_option: optionalText,
});

export const key = z.object({
  id: z.int(),
  user: z.object({ id: z.int(), first_name: z.string(), last_name: z.string() }).optional(),
  status: z.string(),
  create_date: z.string(),
  last_used_date: z.string().optional(),
  name: z.string(),
  is_legacy: z.boolean(),
  restricted_to_role_id: z.int(),
  // Set for keys of ACME clients.
  acme_directory_url: z.string().optional(),
  product_name_id: z.string().optional(),
  product_name: z.string().optional(),
  organization_id: z.int().optional(),
  organization_name: z.string().optional(),
  validity_days: z.string().optional(),
  validity_years: z.string().optional(),
});

export type WireKey = z.output<typeof key>;

export const keyList = z.object({ api_keys: z.array(key) });

/** The key itself is in this answer and nowhere else. */
export const addedKey = z.object({ id: z.int(), api_key: z.string() });

export const keyRoles = z.object({ access_roles: z.array(z.object({ id: z.int(), name: z.string() })) });

export const acmeKey = z.object({
  acme_directory_url: z.string(),
  ext_act_kid: z.string(),
  ext_act_hmac: z.string(),
});
