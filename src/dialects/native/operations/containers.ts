/** Containers and custom fields: what an operator does with them they do for an account. */
import type { Container } from '../../../domain/account.ts';
import type { CustomField } from '../../../domain/custom-field.ts';
import { withDefined } from '../../../domain/with-defined.ts';
import { wholeToWire } from '../paging.ts';
import { containersApi, customFieldsApi } from '../schema/containers.ts';
import type { WireContainer, WireCustomField } from '../schema.ts';
import { actingCaller, handled } from '../services.ts';
import { referenceFromWire, timeToWire } from '../values.ts';

function containerToWire(container: Container): WireContainer {
  return {
    id: container.id,
    number: container.number,
    accountId: container.accountId,
    parentId: container.parentId,
    name: container.name,
    description: container.description,
    state: container.state,
    allowedNames: container.allowedNames === null ? null : [...container.allowedNames],
    createdAt: timeToWire(container.createdAt),
  };
}

function customFieldToWire(field: CustomField): WireCustomField {
  return {
    id: field.id,
    number: field.number,
    accountId: field.accountId,
    label: field.label,
    description: field.description,
    kind: field.kind,
    isRequired: field.isRequired,
    isActive: field.isActive,
    defaultValue: field.defaults.find(({ keyId }) => keyId === null)?.value ?? null,
    keyDefaults: field.defaults.flatMap(({ keyId, value }) => (keyId === null ? [] : [{ key: keyId, value }])),
    createdAt: timeToWire(field.createdAt),
  };
}

export const containerOperations = [
  handled(containersApi.list, async ({ account }, session) => {
    const caller = await actingCaller(session, account ?? null);
    return wholeToWire(await session.services.containers.list(caller), containerToWire);
  }),

  handled(containersApi.add, async ({ account, parent, ...request }, session) => {
    const caller = await actingCaller(session, account ?? null);
    const wanted = { ...request, ...(parent === undefined ? {} : { parent: referenceFromWire(parent) }) };
    return containerToWire(await session.services.containers.add(caller, wanted));
  }),

  handled(containersApi.change, async ({ container, state, ...change }, { caller, services }) => {
    const { containers } = services;
    const reference = referenceFromWire(container);
    const isChanged = Object.keys(change).length > 0 || state === undefined;
    const changed = isChanged ? await containers.change(caller, reference, change) : undefined;
    const present = state === undefined ? changed : await containers.setState(caller, reference, state);
    return containerToWire(present ?? (await containers.get(caller, reference)));
  }),
];

export const customFieldOperations = [
  handled(customFieldsApi.list, async ({ account }, session) => {
    const caller = await actingCaller(session, account ?? null);
    return wholeToWire(await session.services.customFields.list(caller), customFieldToWire);
  }),

  handled(customFieldsApi.add, async ({ account, ...request }, session) => {
    const caller = await actingCaller(session, account ?? null);
    const [field] = await session.services.customFields.add(caller, [request]);
    if (field === undefined) throw new Error('a custom field was added and not answered');
    return customFieldToWire(field);
  }),

  handled(customFieldsApi.change, async ({ field, keyDefaults, ...plain }, { caller, services }) => {
    const ofKeys = keyDefaults?.map(({ key: keyId, value }) => ({ keyId, value }));
    const change = { ...plain, ...withDefined({ keyDefaults: ofKeys }) };
    return customFieldToWire(await services.customFields.change(caller, referenceFromWire(field), change));
  }),
];
