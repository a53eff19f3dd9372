/** Containers: parts of the account, in a tree. */
import { type Container, nobody } from '../../../domain/account.ts';
import { refuse } from '../../../domain/errors.ts';
import { callerOperation, type Operation } from '../../kit/operation.ts';
import { basePath } from '../name.ts';
import { organizationToWire } from '../organizations/organization-to-wire.ts';
import type { Client, Services } from '../services.ts';
import { allAccessRoles, rolesFromWire, standardUser } from '../users/roles.ts';
import { userNumbersOf } from '../users/user-to-wire.ts';
import { cut, offsetQueryOf, pageLimit, pageToWire } from '../wire/paging.ts';
import { idOnly } from '../wire/shapes.ts';
import { timestamp } from '../wire/wire-time.ts';
import { type Containers, containerToWire, insideContainer, readContainers, templates } from './container-to-wire.ts';
import {
  container,
  containerList,
  containerListRequest,
  containerOrganizations,
  containerRequest,
  newContainerRequest,
  template,
  templateList,
  templateRequest,
} from './schema.ts';

const containerPath = `${basePath}/container/:id{[0-9]+}`;

const listContainers = callerOperation({
  id: 'container.list',
  method: 'GET',
  path: `${basePath}/container`,
  summary: { en: 'Containers of the account', zh: '部门列表' },
  request: containerListRequest,
  response: containerList,
  async handle(input, session: Client) {
    const query = offsetQueryOf(input);
    const containers = await readContainers(session);
    const found = cut(containers.all, query);
    return {
      containers: found.items.map((one) => containerToWire(one, containers)),
      page: pageToWire(found, query),
    };
  },
});

const showContainer = callerOperation({
  id: 'container.show',
  method: 'GET',
  path: containerPath,
  summary: { en: 'A container, who and what is in it', zh: '查看部门' },
  request: containerRequest,
  response: container,
  async handle({ id }, session: Client) {
    const { services, caller } = session;
    const { found, containers } = await readContainer(session, id);
    const [organizations, userNumbers] = await Promise.all([
      services.organizations.list(caller, {
        limit: pageLimit,
        offset: 0,
        ...insideContainer(containers, id),
      }),
      userNumbersOf(found, session),
    ]);
    return containerToWire(found, containers, {
      userNumbers,
      organizations: organizations.items,
    });
  },
});

const addContainer = callerOperation({
  id: 'container.add',
  method: 'POST',
  path: `${containerPath}/children`,
  summary: { en: 'Add a container below another', zh: '添加下级部门' },
  status: 201,
  request: newContainerRequest,
  fieldNames: {
    username: 'user.username',
    firstName: 'user.first_name',
    lastName: 'user.last_name',
    email: 'user.email',
  },
  response: idOnly,
  async handle(input, { services, caller }: Client) {
    const { user } = input;
    const username = user?.username ?? user?.email;
    if (user !== undefined && username === undefined) throw refuse('fieldMissing', { field: 'user.username' });
    const roles = rolesFromWire(user?.access_roles?.map(({ id }) => id) ?? [standardUser]);
    const { first_name: firstName = '', last_name: lastName = '', email = '' } = user ?? {};
    const person = { ...nobody, firstName, lastName, email };
    const added = await services.containers.add(caller, {
      parent: { number: input.id },
      name: input.name,
      description: input.description ?? '',
      allowedNames: input.allowed_domain_names ?? null,
      ...(username === undefined ? {} : { user: { username, password: null, roles, person } }),
    });
    return { id: added.number };
  },
});

const listTemplates = callerOperation({
  id: 'container.templates',
  method: 'GET',
  path: `${containerPath}/template`,
  summary: { en: 'Kinds of container', zh: '部门模板列表' },
  request: containerRequest,
  response: templateList,
  async handle({ id }, session: Client) {
    const { containers } = await readContainer(session, id);
    const date_created = templateDate(containers);
    return { container_templates: templates.map((one) => ({ ...one, date_created })) };
  },
});

const showTemplate = callerOperation({
  id: 'container.template',
  method: 'GET',
  path: `${containerPath}/template/:template{[0-9]+}`,
  summary: { en: 'A kind of container, and the roles of users in it', zh: '查看部门模板' },
  request: templateRequest,
  response: template,
  async handle(input, session: Client) {
    const { containers } = await readContainer(session, input.id);
    const found = templates.find(({ id }) => id === input.template);
    if (found === undefined) throw refuse('notFound', { what: 'containerTemplate', value: String(input.template) });
    return { ...found, date_created: templateDate(containers), access_roles: [...allAccessRoles] };
  },
});

const listOrganizations = callerOperation({
  id: 'container.organizations',
  method: 'GET',
  path: `${containerPath}/order/organization`,
  summary: { en: 'Organizations for which orders may be placed in a container', zh: '部门可用的组织' },
  request: containerRequest,
  response: containerOrganizations,
  async handle({ id }, session: Client) {
    const { services, caller } = session;
    const { containers } = await readContainer(session, id);
    const { items } = await services.organizations.list(caller, {
      limit: pageLimit,
      offset: 0,
      state: 'active',
      ...insideContainer(containers, id),
    });
    const context = { containers, withValidations: true, now: services.clock.now() };
    return { organizations: items.map((organization) => organizationToWire(organization, context)) };
  },
});

export const containerOperations: readonly Operation<Services>[] = [
  listContainers,
  showContainer,
  addContainer,
  listTemplates,
  showTemplate,
  listOrganizations,
];

/** @throws {CertError} notFound */
async function readContainer(
  session: Client,
  number: number,
): Promise<{ readonly found: Container; readonly containers: Containers }> {
  const containers = await readContainers(session);
  const found = containers.all.find((one) => one.number === number);
  if (found === undefined) throw refuse('notFound', { what: 'container', value: String(number) });
  return { found, containers };
}

/** Templates cannot be made: they are as old as the account. */
function templateDate({ all }: Containers): string {
  const [oldest] = all.map(({ createdAt }) => createdAt).toSorted((a, b) => a.getTime() - b.getTime());
  return timestamp(oldest ?? new Date(0));
}
