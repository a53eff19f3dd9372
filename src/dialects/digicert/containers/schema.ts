/** Containers and their templates: requests and replies. */
import { z } from 'zod';
import { longestUsername } from '../../../domain/account.ts';
import { organization } from '../organizations/schema.ts';
import { roleIds } from '../users/schema.ts';
import {
  idOf,
  optionalMailbox,
  optionalNumber,
  optionalText,
  optionalTexts,
  optionalTextUpTo,
  orNone,
  page,
  pageRequest,
  personText,
  someText,
} from '../wire/shapes.ts';

export const containerRequest = z.object({ id: idOf('container') });

export const containerListRequest = z.object(pageRequest);

export const newContainerRequest = z.object({
  id: idOf('container'),
  name: someText.max(255),
  description: optionalText,
  template_id: optionalNumber,
  allowed_domain_names: optionalTexts,
  // The future administrator: riboseinc sends one, and pkix one without anything in it.
  user: z.preprocess(
    orNone,
    z
      .looseObject({
        username: optionalTextUpTo(longestUsername),
        first_name: personText,
        last_name: personText,
        email: optionalMailbox,
        access_roles: roleIds,
      })
      .optional(),
  ),
});

export const containerChangeRequest = z.object({
  id: idOf('container'),
  name: optionalTextUpTo(255),
  description: z.preprocess((value) => value ?? undefined, z.string().max(10_000).optional()),
  allowed_domain_names: optionalTexts,
});

export const roleList = z.object({ access_roles: z.array(z.object({ id: z.int(), name: z.string() })) });

export const templateRequest = z.object({ id: idOf('container'), template: idOf('containerTemplate') });

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

export const children = z.object({ containers: z.array(container) });

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
