/** Organizations, the people in them, and their validation. */
import type { Organization } from '../../../domain/organization.ts';
import type { OffsetQuery } from '../../../domain/page.ts';
import type { OrganizationQuery } from '../../../domain/ports/organizations.ts';
import { withDefined } from '../../../domain/with-defined.ts';
import { callerOperation, type Operation } from '../../kit/operation.ts';
import { type Containers, insideContainer, readContainers } from '../containers/container-to-wire.ts';
import { namesInOrganization } from '../errors.ts';
import { basePath } from '../name.ts';
import type { Client, Services } from '../services.ts';
import { alsoCsv } from '../wire/csv.ts';
import {
  containersOf,
  type Filters,
  idsOf,
  isFoundBy,
  searchOf,
  sortOf,
  stateFromWire,
  wordsOf,
} from '../wire/filters.ts';
import { offsetQueryOf, pageOfFitting, pagesByOffset, pageToWire } from '../wire/paging.ts';
import { idOnly, nothing } from '../wire/shapes.ts';
import {
  contactsByRoleFromWire,
  organizationContactsFromWire,
  organizationDetailsFromWire,
  verifiedFromWire,
} from './organization-from-wire.ts';
import { organizationInfoToWire, organizationToWire, validationsToWire } from './organization-to-wire.ts';
import {
  contactsRequest,
  newOrganizationRequest,
  organizationInfo,
  organizationList,
  organizationListRequest,
  organizationRequest,
  organizationValidationRequest,
  organizationValidations,
} from './schema.ts';
import { levelsFromWire } from './validation-types.ts';

const organizationPath = `${basePath}/organization/:id`;

const sortKeys = {
  id: 'number',
  organization_id: 'number',
  name: 'name',
  display_name: 'name',
  status: 'state',
} as const;

const listOrganizations = callerOperation({
  id: 'organization.list',
  ...alsoCsv,
  method: 'GET',
  path: `${basePath}/organization`,
  summary: { en: 'Organizations of the account', zh: '组织列表' },
  request: organizationListRequest,
  response: organizationList,
  async handle(input, session: Client) {
    const { services, caller } = session;
    const query = offsetQueryOf(input);
    const { filters } = input;
    const [text, name] = [searchOf(filters), searchOf(filters, 'name')];
    const containers = await readContainers(session);
    const search: Omit<OrganizationQuery, 'limit' | 'offset'> = withDefined({
      state: stateFromWire(filters),
      text: text === undefined ? name : { ...text, orNumber: true },
      isAwaitingVerification: awaitsVerification(filters),
      containerNumbers: containersOf(filters, input.container_id) ?? mayOrderIn(containers, filters),
      sort: sortOf(input.sort, sortKeys),
    });
    const list = (page: OffsetQuery) => services.organizations.list(caller, { ...search, ...page });
    // The core looks for one text.
    const found =
      text === undefined || name === undefined
        ? await list(query)
        : await pageOfFitting(pagesByOffset(list), ({ details }) => isFoundBy(name, details.name), query);
    const context = { containers, withValidations: input.include_validation, now: services.clock.now() };
    return {
      organizations: found.items.map((organization) => organizationToWire(organization, context)),
      page: pageToWire(found, query),
    };
  },
});

/** `pending` and `not_pending`: whether a validation waits. @throws {CertError} fieldInvalid */
function awaitsVerification(filters: Filters): boolean | undefined {
  const [word, other] = wordsOf(filters, 'validation', ['pending', 'not_pending']) ?? [];
  return word === undefined || other !== undefined ? undefined : word === 'pending';
}

/** Organizations that a container may order for: the root for all. @throws {CertError} notFound */
function mayOrderIn(containers: Containers, filters: Filters): readonly number[] | undefined {
  return insideContainer(containers, idsOf(filters, 'container_id_for_organization', 1)?.[0]).containerNumbers;
}

const addOrganization = callerOperation({
  id: 'organization.add',
  method: 'POST',
  path: `${basePath}/organization`,
  summary: { en: 'Add an organization', zh: '添加组织' },
  status: 201,
  request: newOrganizationRequest,
  fieldNames: namesInOrganization,
  response: idOnly,
  async handle(input, { services, caller }: Client) {
    const { number } = await services.organizations.add(caller, {
      details: organizationDetailsFromWire(input),
      container: input.container === undefined ? null : { number: input.container },
      contacts: organizationContactsFromWire(input),
      levels: levelsFromWire(input.validations),
      allowDuplicate: input.skip_duplicate_org_check,
    });
    return { id: number };
  },
});

const showOrganization = callerOperation({
  id: 'organization.show',
  method: 'GET',
  path: organizationPath,
  summary: { en: 'An organization', zh: '查看组织' },
  request: organizationRequest,
  response: organizationInfo,
  async handle({ id }, session: Client) {
    const { services, caller } = session;
    const organization = await services.organizations.get(caller, { number: id });
    return organizationInfoToWire(organization, {
      containers: await readContainers(session),
      now: services.clock.now(),
    });
  },
});

const activateOrganization = stateOperation('activate', 'active', { en: 'Use an organization again', zh: '启用组织' });
const deactivateOrganization = stateOperation('deactivate', 'inactive', {
  en: 'Take no more orders for an organization',
  zh: '停用组织',
});

function stateOperation(verb: string, state: Organization['state'], summary: { en: string; zh: string }) {
  return callerOperation({
    id: `organization.${verb}`,
    method: 'PUT',
    path: `${organizationPath}/${verb}`,
    summary,
    request: organizationRequest,
    response: nothing,
    async handle({ id }, { services, caller }: Client) {
      await services.organizations.setState(caller, { number: id }, state);
      return undefined;
    },
  });
}

const removeOrganization = callerOperation({
  id: 'organization.remove',
  method: 'DELETE',
  path: organizationPath,
  summary: { en: 'Remove an organization that nothing was ordered for', zh: '删除没有订单的组织' },
  request: organizationRequest,
  response: nothing,
  async handle({ id }, { services, caller }: Client) {
    await services.organizations.remove(caller, { number: id });
    return undefined;
  },
});

const changeContacts = callerOperation({
  id: 'organization.changeContacts',
  method: 'PUT',
  path: `${organizationPath}/contact`,
  summary: { en: 'Say who speaks for an organization', zh: '修改组织联系人' },
  request: contactsRequest,
  response: nothing,
  async handle(input, { services, caller }: Client) {
    await services.organizations.replaceContacts(caller, { number: input.id }, contactsByRoleFromWire(input.contacts));
    return undefined;
  },
});

const showValidations = callerOperation({
  id: 'organization.validations',
  method: 'GET',
  path: `${organizationPath}/validation`,
  summary: { en: 'What an organization is validated for', zh: '查看组织验证' },
  request: organizationRequest,
  response: organizationValidations,
  async handle({ id }, { services, caller }: Client) {
    const organization = await services.organizations.get(caller, { number: id });
    return { validations: validationsToWire(organization, services.clock.now()), status: organization.state };
  },
});

const submitOrganization = callerOperation({
  id: 'organization.submit',
  method: 'POST',
  path: `${organizationPath}/validation`,
  summary: { en: 'Have an organization validated', zh: '提交组织验证' },
  request: organizationValidationRequest,
  response: nothing,
  async handle(input, { services, caller }: Client) {
    await services.organizations.askForVerification(
      caller,
      { number: input.id },
      {
        levels: levelsFromWire(input.validations),
        contacts: verifiedFromWire(input),
      },
    );
    return undefined;
  },
});

export const organizationOperations: readonly Operation<Services>[] = [
  listOrganizations,
  addOrganization,
  showOrganization,
  activateOrganization,
  deactivateOrganization,
  removeOrganization,
  changeContacts,
  showValidations,
  submitOrganization,
];
