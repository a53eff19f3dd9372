/** Users: requests and replies. */
import { z } from 'zod';
import { longestUsername } from '../../../domain/account.ts';
import { expected } from '../../../domain/messages/expectations.ts';
import { expecting } from '../../kit/schema-errors.ts';
import {
  flag,
  idOf,
  listRequest,
  optionalIdOf,
  optionalMailbox,
  optionalNumber,
  optionalReference,
  optionalTextUpTo,
  orNone,
  page,
  personText,
  someNumber,
  someText,
} from '../wire/shapes.ts';

/** The user who did something. */
export const wireActor = z.object({
  id: z.int(),
  first_name: z.string(),
  last_name: z.string(),
  email: z.string(),
});

export type WireActor = z.output<typeof wireActor>;

/** A contact: `id` where they are a user or a contact that we have a number of. */
export const wirePerson = z.object({
  id: z.int().optional(),
  first_name: z.string(),
  last_name: z.string(),
  email: z.string(),
  job_title: z.string().optional(),
  telephone: z.string().optional(),
});

export type WirePerson = z.output<typeof wirePerson>;

/** Numbers of containers; zeros are none. */
const containerNumbers = z.preprocess(
  (value) => value ?? undefined,
  z
    .array(optionalIdOf('container'))
    .optional()
    .transform((numbers) => numbers?.filter((number) => number !== undefined)),
);

/** Numbers of roles. A list without any is none: nobody is left without a role by a client that did not fill it in. */
export const roleIds = z.preprocess(
  orNone,
  z.array(z.looseObject({ id: someNumber }).transform(({ id }) => id)).optional(),
);

const personFields = {
  first_name: personText,
  last_name: personText,
  email: optionalMailbox,
  job_title: personText,
  telephone: personText,
  container: optionalReference('container'),
  access_roles: roleIds,
};

export const newUserRequest = z.object({
  username: optionalTextUpTo(longestUsername),
  ...personFields,
  container_id_assignments: containerNumbers,
  is_api_only: flag,
  api_name: personText,
  restricted_to_role_id: optionalNumber,
});

export type NewUserRequest = z.output<typeof newUserRequest>;

export const userRequest = z.object({ id: idOf('user') });

export const userChangeRequest = z.object({ id: idOf('user'), ...personFields });

export const roleChangeRequest = z.object({ id: idOf('user'), access_roles: roleIds });

export const availabilityRequest = z.object({ name: z.string() });

export const availability = z.object({ available: z.boolean() });

export const assignmentsRequest = z.object({ id: idOf('user'), container_id_assignments: containerNumbers });

export const userListRequest = listRequest.extend({ access_role_id: optionalNumber, without_container: flag });

/** A password is taken as it was sent: blanks around it belong to it. */
export const temporaryKeyRequest = z.object({
  username: someText.max(255),
  current_password: z
    .string({ error: expecting(expected.string) })
    .min(1, expecting(expected.someText))
    .max(1024),
});

const container = z.object({
  id: z.int(),
  public_id: z.string(),
  name: z.string(),
  parent_id: z.int(),
  template_id: z.int(),
  ekey: z.string(),
  has_logo: z.boolean(),
  is_active: z.boolean(),
});

export const user = z.object({
  id: z.int(),
  username: z.string(),
  account_id: z.int(),
  first_name: z.string(),
  last_name: z.string(),
  email: z.string(),
  job_title: z.string().optional(),
  telephone: z.string().optional(),
  status: z.string(),
  last_login_date: z.string().optional(),
  container: container.optional(),
  access_roles: z.array(z.object({ id: z.int(), name: z.string() })),
  type: z.string(),
  has_container_assignments: z.boolean(),
  container_visibility: z.array(z.object({ id: z.int(), name: z.string() })).optional(),
});

export type WireUser = z.output<typeof user>;

export const userList = z.object({ users: z.array(user), page });

/** `api_key` of a service user, in this answer and nowhere else. */
export const addedUser = z.object({ id: z.int(), api_key: z.string().optional() });

export const temporaryKey = z.object({ api_key: z.string() });
