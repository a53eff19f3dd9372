/** Users: people of the account, and programs that hold keys (service users). */

import { nobody, type Person, type User } from '../../../domain/account.ts';
import { accountFilter, type Reference } from '../../../domain/caller.ts';
import { quoted, refuse } from '../../../domain/errors.ts';
import { base32 } from '../../../domain/ids.ts';
import { expected } from '../../../domain/messages/expectations.ts';
import { withDefined } from '../../../domain/with-defined.ts';
import { callerOperation, type Operation, publicOperation } from '../../kit/operation.ts';
import { formatKey } from '../auth.ts';
import { readContainers, requireContainers } from '../containers/container-to-wire.ts';
import { emptyRequest } from '../domains/schema.ts';
import { basePath, dialectName } from '../name.ts';
import type { Client, Services, Stranger } from '../services.ts';
import { alsoCsv } from '../wire/csv.ts';
import { containersOf, type Filters, isFoundBy, searchOf, sortOf, stateFromWire } from '../wire/filters.ts';
import { offsetQueryOf, pageLimit, pageOfFitting, pageToWire } from '../wire/paging.ts';
import { nothing } from '../wire/shapes.ts';
import { keyRolesFromWire, rolesFromWire, rolesToWire, standardUser } from './roles.ts';
import {
  addedUser,
  assignmentsRequest,
  availability,
  availabilityRequest,
  type NewUserRequest,
  newUserRequest,
  roleChangeRequest,
  temporaryKey,
  temporaryKeyRequest,
  user,
  userChangeRequest,
  userList,
  userListRequest,
  userRequest,
} from './schema.ts';
import { emailOf, userToWire } from './user-to-wire.ts';

const userPath = `${basePath}/user/:id`;

const listUsers = listOperation('user.list', `${basePath}/user`, 'person', {
  en: 'Users of the account',
  zh: '用户列表',
});
const listServiceUsers = listOperation('user.apiOnly', `${basePath}/user/api-only`, 'service', {
  en: 'Service users of the account',
  zh: '服务用户列表',
});

function listOperation(id: string, path: string, kind: User['kind'], summary: { en: string; zh: string }) {
  return callerOperation({
    id,
    ...(kind === 'person' ? alsoCsv : {}),
    method: 'GET',
    path,
    summary,
    request: userListRequest,
    response: userList,
    async handle(input, session: Client) {
      const query = offsetQueryOf(input);
      const containers = await readContainers(session);
      const state = stateFromWire(input.filters);
      const conditions = textConditions(input.filters);
      const inContainers = containersOf(input.filters, input.container_id);
      requireContainers(containers, inContainers);
      const accessRole = input.access_role_id;
      const { users, accounts } = session.services;
      const isListed = (one: User) =>
        one.kind === kind &&
        one.state !== 'removed' &&
        (state === undefined || (one.state === 'active') === (state === 'active')) &&
        conditions.every((holds) => holds(one)) &&
        (accessRole === undefined || rolesToWire(one.roles).some(({ id }) => id === accessRole)) &&
        (inContainers === undefined || inContainers.includes(containers.of(one.containerId)?.number ?? 0));
      const found = await pageOfFitting(
        (after: number = 0) => users.list(session.caller, { limit: pageLimit, after }),
        isListed,
        query,
        comparedBy(sortOf(input.sort, sortKeys)),
      );
      const context = { account: await accounts.get(session.caller), containers };
      const shown = found.items.map((one) => {
        const { container: _, ...withoutContainer } = userToWire(one, context);
        return input.without_container ? withoutContainer : userToWire(one, context);
      });
      return { users: shown, page: pageToWire(found, query) };
    },
  });
}

/** What users are sorted by, as replies show it. */
const sortKeys = {
  id: 'id',
  username: 'username',
  first_name: 'first_name',
  last_name: 'last_name',
  email: 'email',
  job_title: 'job_title',
  telephone: 'telephone',
  status: 'status',
  last_login_date: 'last_login_date',
} as const;

const sortValues = {
  id: ({ number }) => number,
  username: ({ username }) => username.toLowerCase(),
  first_name: ({ person }) => person.firstName.toLowerCase(),
  last_name: ({ person }) => person.lastName.toLowerCase(),
  email: (one) => emailOf(one).toLowerCase(),
  job_title: ({ person }) => person.jobTitle.toLowerCase(),
  telephone: ({ person }) => person.phone,
  status: ({ state }) => (state === 'active' ? 'active' : 'inactive'),
  last_login_date: ({ lastSignInAt }) => lastSignInAt?.getTime() ?? 0,
} as const satisfies Record<keyof typeof sortKeys, (one: User) => string | number>;

/** Undefined: as they are listed. Equal ones stay so. */
function comparedBy(
  sort: readonly { readonly by: keyof typeof sortValues; readonly descending: boolean }[],
): ((a: User, b: User) => number) | undefined {
  if (sort.length === 0) return undefined;
  return (a, b) => {
    for (const { by, descending } of sort) {
      const [one, other] = [sortValues[by](a), sortValues[by](b)];
      if (one !== other) return one < other === descending ? 1 : -1;
    }
    return a.number - b.number;
  };
}

/** The texts of a user that a filter looks at. */
const searchedTexts: Readonly<Record<string, (one: User) => readonly string[]>> = {
  search: (one) => {
    const { firstName, lastName } = one.person;
    return [one.username, emailOf(one), `${firstName} ${lastName}`, firstName, lastName];
  },
  username: ({ username }) => [username],
  email: (one) => [emailOf(one)],
  first_name: ({ person }) => [person.firstName],
  last_name: ({ person }) => [person.lastName],
};

/** Every one must hold. @throws {CertError} tooManyValues */
function textConditions(filters: Filters): readonly ((one: User) => boolean)[] {
  return Object.entries(searchedTexts).flatMap(([property, textsOf]) => {
    const search = searchOf(filters, property);
    if (search === undefined) return [];
    return [(one: User) => textsOf(one).some((text) => isFoundBy(search, text))];
  });
}

const addUser = callerOperation({
  id: 'user.add',
  method: 'POST',
  path: `${basePath}/user`,
  summary: { en: 'Add a user, or a service user with its key', zh: '添加用户或服务用户' },
  status: 201,
  request: newUserRequest,
  response: addedUser,
  async handle(input, { services, caller }: Client) {
    const { users, credentials } = services;
    const container = containerFromWire(input);
    if (input.is_api_only) {
      const label = input.api_name ?? input.email;
      if (label === undefined) throw refuse('fieldMissing', { field: 'api_name' });
      // The maker of a service user lends it their own rights, unless it is restricted.
      const roles = keyRolesFromWire(input.restricted_to_role_id, caller.roles);
      const made = await users.create(caller, {
        accountId: accountFilter(caller),
        username: `service-${base32(services.random.bytes(10))}`,
        password: null,
        kind: 'service',
        roles,
        person: { ...nobody, firstName: label, email: input.email ?? '' },
        container,
      });
      const { accountId } = made;
      const request = { accountId, userId: made.id, dialect: dialectName, label, roles, allowedAddresses: null };
      const { credential, secret } = await credentials.create(caller, request);
      return { id: made.number, api_key: formatKey({ publicId: credential.publicId, secret }) };
    }
    const username = input.username ?? input.email;
    if (username === undefined) throw refuse('fieldMissing', { field: 'username' });
    const made = await users.create(caller, {
      accountId: accountFilter(caller),
      username,
      password: null,
      roles: rolesFromWire(input.access_roles ?? [standardUser]),
      person: { ...nobody, ...personFromWire(input) },
      container,
      invitation: 'wherePossible',
    });
    return { id: made.number };
  },
});

const showMe = callerOperation({
  id: 'user.me',
  method: 'GET',
  path: `${basePath}/user/me`,
  summary: { en: 'The user of this key', zh: '当前用户' },
  request: emptyRequest,
  response: user,
  async handle(_input, session: Client) {
    const { services, caller } = session;
    const [account, containers, actor] = await Promise.all([
      services.accounts.get(caller),
      readContainers(session),
      services.users.actor(caller, caller.actor),
    ]);
    if (actor?.user) return userToWire(actor.user, { account, containers });
    // A key that nobody holds is a user of its own.
    const itself: User = {
      id: caller.actor as User['id'],
      number: actor?.number ?? 0,
      kind: 'service',
      person: { ...nobody, firstName: actor?.credential?.label ?? '', email: account.contactEmail },
      containerId: null,
      lastSignInAt: null,
      accountId: account.id,
      username: actor?.credential?.label ?? '',
      passwordHash: null,
      roles: caller.roles,
      state: 'active',
      createdBy: null,
      createdAt: account.createdAt,
    };
    return userToWire(itself, { account, containers });
  },
});

const showUser = callerOperation({
  id: 'user.show',
  method: 'GET',
  path: userPath,
  summary: { en: 'A user', zh: '查看用户' },
  request: userRequest,
  response: user,
  async handle({ id }, session: Client) {
    const { services, caller } = session;
    const found = await services.users.get(caller, String(id));
    if (found.state === 'removed') throw refuse('notFound', { what: 'user', value: String(id) });
    const context = { account: await services.accounts.get(caller), containers: await readContainers(session) };
    return userToWire(found, context);
  },
});

const changeUser = callerOperation({
  id: 'user.change',
  method: 'PUT',
  path: userPath,
  summary: { en: 'Change a user', zh: '修改用户' },
  request: userChangeRequest,
  response: nothing,
  async handle(input, { services, caller }: Client) {
    const before = await services.users.get(caller, String(input.id));
    await services.users.change(caller, String(input.id), {
      person: { ...before.person, ...personFromWire(input) },
      ...(input.access_roles === undefined ? {} : { roles: rolesFromWire(input.access_roles) }),
      ...(input.container === undefined ? {} : { container: { number: input.container } }),
    });
    return undefined;
  },
});

const assignContainers = callerOperation({
  id: 'user.assignContainers',
  method: 'PUT',
  path: `${userPath}/container-assignments`,
  summary: { en: 'Limit a user to a container', zh: '限制用户所在部门' },
  request: assignmentsRequest,
  response: nothing,
  async handle(input, { services, caller }: Client) {
    const container = containerFromWire(input);
    await services.users.change(caller, String(input.id), { container });
    return undefined;
  },
});

const changeRole = callerOperation({
  id: 'user.changeRole',
  method: 'PUT',
  path: `${userPath}/role`,
  summary: { en: 'Change what a user may do', zh: '修改用户角色' },
  request: roleChangeRequest,
  response: nothing,
  async handle({ id, access_roles: roles }, { services, caller }: Client) {
    if (roles === undefined) throw refuse('fieldMissing', { field: 'access_roles' });
    await services.users.change(caller, String(id), { roles: rolesFromWire(roles) });
    return undefined;
  },
});

const showAvailability = callerOperation({
  id: 'user.availability',
  method: 'GET',
  path: `${basePath}/user/availability/:name`,
  summary: { en: 'Whether a new user may have a name', zh: '查询用户名是否可用' },
  request: availabilityRequest,
  response: availability,
  handle: async ({ name }, { services, caller }: Client) => ({
    available: await services.users.isFree(caller, name),
  }),
});

const resendInvitation = callerOperation({
  id: 'user.invite',
  method: 'GET',
  path: `${userPath}/resend-create-email`,
  summary: {
    en: 'Send a user who has no password yet a new invitation to choose one',
    zh: '向尚未设置密码的用户重新发送邀请邮件',
  },
  request: userRequest,
  response: nothing,
  async handle({ id }, { services, caller }: Client) {
    await services.users.invite(caller, String(id), 'mail');
    return undefined;
  },
});

const removeUser = callerOperation({
  id: 'user.remove',
  method: 'DELETE',
  path: userPath,
  summary: { en: 'Remove a user and revoke their keys', zh: '删除用户并吊销其密钥' },
  request: userRequest,
  response: nothing,
  async handle({ id }, { services, caller }: Client) {
    await services.users.remove(caller, String(id));
    return undefined;
  },
});

const makeTemporaryKey = publicOperation({
  id: 'user.temporaryKey',
  method: 'POST',
  path: `${basePath}/user/tempkey`,
  summary: { en: 'Sign in with a password for a key', zh: '用户名和密码换取密钥' },
  status: 201,
  request: temporaryKeyRequest,
  response: temporaryKey,
  async handle({ username, current_password: password }, { services, origin }: Stranger) {
    const device = { dialect: dialectName, username, password, label: 'tempkey' };
    const { credential, secret } = await services.signIn.createDevice(device, origin);
    return { api_key: formatKey({ publicId: credential.publicId, secret }) };
  },
});

export const userOperations: readonly Operation<Services>[] = [
  listUsers,
  addUser,
  showMe,
  listServiceUsers,
  makeTemporaryKey,
  showAvailability,
  showUser,
  changeUser,
  changeRole,
  assignContainers,
  resendInvitation,
  removeUser,
];

/** Only the fields of the person that were sent. */
function personFromWire(
  input: Pick<NewUserRequest, 'first_name' | 'last_name' | 'email' | 'job_title' | 'telephone'>,
): Partial<Person> {
  const { first_name, last_name, email, job_title, telephone } = input;
  return {
    ...withDefined({ firstName: first_name, lastName: last_name, email, jobTitle: job_title, phone: telephone }),
  };
}

/** The one container that a user is limited to; null: none. @throws {CertError} invalidField for more than one */
function containerFromWire({
  container,
  container_id_assignments: assigned = [],
}: {
  readonly container?: number | undefined;
  readonly container_id_assignments?: readonly number[] | undefined;
}): Reference | null {
  const numbers = [...new Set(assigned)];
  if (numbers.length > 1) {
    throw refuse('fieldInvalid', {
      field: 'container_id_assignments',
      value: quoted(numbers),
      expected: expected.oneContainer,
    });
  }
  const number = numbers[0] ?? container;
  return number === undefined ? null : { number };
}
