/** The domains of an account as a list, and what one of them is validated for. */

import type { ManagedDomainView } from '../../../domain/managed-domain.ts';
import type { ManagedDomainQuery } from '../../../domain/ports/managed-domains.ts';
import { withDefined } from '../../../domain/with-defined.ts';
import { callerOperation } from '../../kit/operation.ts';
import { readContainers } from '../containers/container-to-wire.ts';
import { basePath } from '../name.ts';
import type { Client } from '../services.ts';
import { containersOf, isFoundBy, type Search, searchOf, sortOf } from '../wire/filters.ts';
import { offsetQueryOf, pageOfFitting, pagesByOffset, pageToWire } from '../wire/paging.ts';
import { domainConditions, stateOf } from './domain-filters.ts';
import { domainToWire, validationDetailsToWire } from './domain-to-wire.ts';
import { domainList, domainListRequest, domainRequest, domainValidations } from './schema.ts';

const sortKeys = {
  id: 'number',
  domain_id: 'number',
  date_created: 'number',
  name: 'name',
  is_active: 'state',
} as const;

export const listDomains = callerOperation({
  id: 'domain.list',
  method: 'GET',
  path: `${basePath}/domain`,
  summary: { en: 'Domains of the account', zh: '域名列表' },
  request: domainListRequest,
  response: domainList,
  async handle(input, session: Client) {
    const { services, caller } = session;
    const { filters } = input;
    const query = offsetQueryOf(input);
    const [text, ...otherTexts] = ['name', 'domain_name', 'search'].flatMap((property) => {
      const search = searchOf(filters, property);
      return search === undefined ? [] : [{ ...search, value: search.value.trim().toLowerCase() }];
    });
    const search: Omit<ManagedDomainQuery, 'limit' | 'offset'> = withDefined({
      state: stateOf(filters),
      containerNumbers: containersOf(filters, input.container_id),
      text,
      sort: sortOf(input.sort, sortKeys),
    });
    const list = (page: { limit: number; offset: number }) =>
      services.managedDomains.list(caller, { ...search, ...page });
    const conditions = [...domainConditions(filters), ...otherTexts.map(nameCondition)];
    // How a domain is proved is seen only when it is looked at: then each one is.
    const found =
      conditions.length === 0
        ? await list(query)
        : await pageOfFitting(pagesByOffset(list), (view) => conditions.every((holds) => holds(view)), query);
    const context = {
      containers: await readContainers(session),
      withProof: input.include_dcv,
      withValidations: input.include_validation || input.include_dcv,
      services,
    };
    return { domains: found.items.map((view) => domainToWire(view, context)), page: pageToWire(found, query) };
  },
});

function nameCondition(search: Search) {
  return ({ domain: { name } }: ManagedDomainView) => isFoundBy(search, name.value);
}

export const showValidations = callerOperation({
  id: 'domain.validations',
  method: 'GET',
  path: `${basePath}/domain/:id/validation`,
  summary: { en: 'What a domain is validated for', zh: '查看域名验证' },
  request: domainRequest,
  response: domainValidations,
  async handle({ id }, { services, caller }: Client) {
    return { validations: validationDetailsToWire(await services.managedDomains.get(caller, { number: id })) };
  },
});
