/** Containers and their templates: requests and replies. */
import { z } from 'zod';
import { longestPersonText, longestUsername } from '../../../domain/account.ts';
import { organization } from '../organizations/schema.ts';
import {
  optionalNumber,
  optionalText,
  optionalTexts,
  optionalTextUpTo,
  page,
  someNumber,
  someText,
} from '../wire/shapes.ts';

export const containerRequest = z.object({ id: someNumber });

export const containerListRequest = z.object({ limit: optionalNumber, offset: optionalNumber });

export const newContainerRequest = z.object({
  id: someNumber,
  name: someText.max(255),
  description: optionalText,
  template_id: optionalNumber,
  allowed_domain_names: optionalTexts,
  // The future administrator: riboseinc sends one.
  user: z.preprocess(
    (value) => value ?? undefined,
    z
      .looseObject({
        username: optionalTextUpTo(longestUsername),
        first_name: optionalTextUpTo(longestPersonText),
        last_name: optionalTextUpTo(longestPersonText),
        email: optionalTextUpTo(longestPersonText),
        access_roles: z.preprocess(
          (value) => value ?? undefined,
          z.array(z.looseObject({ id: someNumber })).optional(),
        ),
      })
      .optional(),
  ),
});

export const templateRequest = z.object({ id: someNumber, template: someNumber });

export const container = z.object({
  id: z.int(),
  public_id: z.string(),
  name: z.string(),
  description: z.string().optional(),
  parent_id: z.int(),
  template_id: z.int(),
  ekey: z.string(),
  has_logo: z.boolean(),
  is_active: z.boolean(),
  user_id_assignments: z.array(z.string()).optional(),
  allowed_domain_names: z.array(z.string()),
  organization_assignments: z
    .array(
      z.object({
        id: z.int(),
        status: z.string(),
        name: z.string(),
        display_name: z.string(),
        // A text, as the vendor has it here and in domains.
        is_active: z.string(),
      }),
    )
    .optional(),
});

export type WireContainer = z.output<typeof container>;

export const containerList = z.object({ containers: z.array(container), page });

export const templateList = z.object({
  container_templates: z.array(z.object({ id: z.int(), name: z.string(), date_created: z.string() })),
});

export const template = z.object({
  id: z.int(),
  name: z.string(),
  date_created: z.string(),
  access_roles: z.array(z.object({ id: z.int(), name: z.string() })),
});

export const containerOrganizations = z.object({ organizations: z.array(organization) });
