/** Users as replies show them. */
import type { Account, Container, User } from '../../../domain/account.ts';
import { CertError } from '../../../domain/errors.ts';
import { withDefined } from '../../../domain/with-defined.ts';
import { itemsOf } from '../../kit/pages.ts';
import { type Containers, containerBesideUser } from '../containers/container-to-wire.ts';
import type { Client } from '../services.ts';
import { pageLimit } from '../wire/paging.ts';
import { timestamp } from '../wire/wire-time.ts';
import { rolesToWire } from './roles.ts';
import type { WireUser } from './schema.ts';

export function userToWire(
  user: User,
  context: { readonly account: Account; readonly containers: Containers },
): WireUser {
  const { person, containerId } = user;
  const container = containerBesideUser(context.containers, containerId);
  return {
    id: user.number,
    username: user.username,
    account_id: context.account.number,
    first_name: person.firstName,
    last_name: person.lastName,
    email: emailOf(user),
    ...(person.jobTitle === '' ? {} : { job_title: person.jobTitle }),
    ...(person.phone === '' ? {} : { telephone: person.phone }),
    status: user.state === 'active' ? 'active' : 'inactive',
    ...(user.lastSignInAt === null ? {} : { last_login_date: timestamp(user.lastSignInAt) }),
    ...withDefined({ container }),
    access_roles: [...rolesToWire(user.roles)],
    type: user.kind === 'service' ? 'service_user' : 'standard',
    has_container_assignments: containerId !== null,
    ...(containerId !== null && container !== undefined
      ? { container_visibility: [{ id: container.id, name: container.name }] }
      : {}),
  };
}

/** Numbers of the users of a container, newest first; undefined for a caller who may not read them. */
export async function userNumbersOf(
  container: Container,
  { services, caller }: Client,
): Promise<readonly number[] | undefined> {
  const numbers: number[] = [];
  try {
    const users = itemsOf((before?: number) =>
      services.users.list(caller, { limit: pageLimit, ...withDefined({ before }) }),
    );
    for await (const { containerId, number, state } of users) {
      if (containerId === container.id && state !== 'removed') numbers.push(number);
    }
    return numbers;
  } catch (thrown) {
    if (thrown instanceof CertError && thrown.code === 'forbidden') return undefined;
    throw thrown;
  }
}

/** A user who was made elsewhere may have only a user name. */
export function emailOf({ person, username }: User): string {
  return person.email === '' && username.includes('@') ? username : person.email;
}
