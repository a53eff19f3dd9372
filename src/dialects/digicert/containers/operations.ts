/** Containers: parts of the account, in a tree. */
import { type Container, nobody } from '../../../domain/account.ts';
import { refuse } from '../../../domain/errors.ts';
import { withDefined } from '../../../domain/with-defined.ts';
import { callerOperation, type Operation } from '../../kit/operation.ts';
import { basePath } from '../name.ts';
import { organizationToWire } from '../organizations/organization-to-wire.ts';
import type { Client, Services } from '../services.ts';
import { allAccessRoles, rolesFromWire, standardUser } from '../users/roles.ts';
import { userNumbersOf } from '../users/user-to-wire.ts';
import { cut, offsetQueryOf, pageLimit, pageToWire } from '../wire/paging.ts';
import { idOnly, nothing } from '../wire/shapes.ts';
import { timestamp } from '../wire/wire-time.ts';
import { type Containers, containerToWire, insideContainer, readContainers, templates } from './container-to-wire.ts';
import {
  children,
  container,
  containerChangeRequest,
  containerList,
  containerListRequest,
  containerOrganizations,
  containerRequest,
  newContainerRequest,
  roleList,
  template,
  templateList,
  templateRequest,
} from './schema.ts';

const containerPath = `${basePath}/container/:id`;

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
    const roles = rolesFromWire(user?.access_roles ?? [standardUser], 'user.access_roles');
    const { first_name: firstName = '', last_name: lastName = '', email = '' } = user ?? {};
    const person = { ...nobody, firstName, lastName, email };
    const added = await services.containers.add(caller, {
      parent: { number: input.id },
      name: input.name,
      description: input.description ?? '',
      allowedNames: input.allowed_domain_names ?? null,
      ...(username === undefined
        ? {}
        : { user: { username, password: null, roles, person, invitation: 'wherePossible' as const } }),
    });
    return { id: added.number };
  },
});

const changeContainer = callerOperation({
  id: 'container.change',
  method: 'PUT',
  path: containerPath,
  summary: { en: 'Change the name or the description of a container', zh: '修改部门的名称或说明' },
  request: containerChangeRequest,
  response: nothing,
  async handle({ id, name, description, allowed_domain_names: allowedNames }, { services, caller }: Client) {
    await services.containers.change(caller, { number: id }, withDefined({ name, description, allowedNames }));
    return undefined;
  },
});

const activate = { en: 'Use a container again, and those below it', zh: '启用部门及其下级部门' };
const activateContainer = stateOperation('container.activate', 'activate', { state: 'active', summary: activate });
// pkix writes it so.
const activateByOldPath = stateOperation('container.activateByOldPath', 'active', {
  state: 'active',
  summary: activate,
});
const deactivateContainer = stateOperation('container.deactivate', 'deactivate', {
  state: 'inactive',
  summary: { en: 'Stop the use of a container and of those below it', zh: '停用部门及其下级部门' },
});

function stateOperation(
  id: string,
  verb: string,
  { state, summary }: { readonly state: Container['state']; readonly summary: { en: string; zh: string } },
) {
  return callerOperation({
    id,
    method: 'PUT',
    path: `${containerPath}/${verb}`,
    summary,
    request: containerRequest,
    response: nothing,
    async handle({ id: number }, { services, caller }: Client) {
      await services.containers.setState(caller, { number }, state);
      return undefined;
    },
  });
}

const listChildren = callerOperation({
  id: 'container.children',
  method: 'GET',
  path: `${containerPath}/children`,
  summary: { en: 'The containers directly below another', zh: '下级部门列表' },
  request: containerRequest,
  response: children,
  async handle({ id }, session: Client) {
    const { found, containers } = await readContainer(session, id);
    const below = containers.all.filter(({ parentId }) => parentId === found.id);
    return { containers: below.map((one) => containerToWire(one, containers)) };
  },
});

const showParent = callerOperation({
  id: 'container.parent',
  method: 'GET',
  path: `${containerPath}/parent`,
  summary: { en: 'The container that another lies in', zh: '查看上级部门' },
  request: containerRequest,
  response: container,
  async handle({ id }, session: Client) {
    const { found, containers } = await readContainer(session, id);
    const parent = containers.all.find((one) => one.id === found.parentId);
    // The root lies in none, and has 0 as its parent.
    if (parent === undefined) throw refuse('notFound', { what: 'container', value: '0' });
    return containerToWire(parent, containers);
  },
});

const listRoles = callerOperation({
  id: 'container.roles',
  method: 'GET',
  path: `${containerPath}/role`,
  summary: { en: 'Roles that users of a container may have', zh: '部门可用的用户角色' },
  request: containerRequest,
  response: roleList,
  async handle({ id }, session: Client) {
    await readContainer(session, id);
    return { access_roles: [...allAccessRoles] };
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
  path: `${containerPath}/template/:template`,
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
  changeContainer,
  activateContainer,
  activateByOldPath,
  deactivateContainer,
  listChildren,
  showParent,
  listRoles,
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
