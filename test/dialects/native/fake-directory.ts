/** What the native API shows of an account's organizations, containers and custom fields, kept in memory. */
import type { Container } from '../../../src/domain/account.ts';
import { accountFilter, type Caller, type Reference } from '../../../src/domain/caller.ts';
import type { CustomField } from '../../../src/domain/custom-field.ts';
import type { Delivery } from '../../../src/domain/delivery.ts';
import { refuse } from '../../../src/domain/errors.ts';
import { type AccountId, newId } from '../../../src/domain/ids.ts';
import type { Thing } from '../../../src/domain/messages/row.ts';
import type { Organization } from '../../../src/domain/organization.ts';
import type { Clock, Randomness } from '../../../src/domain/ports/system.ts';
import { type Webhook, webhookEvents } from '../../../src/domain/webhook.ts';
import type { FlatDirectory } from '../../support/flat-core.ts';

const firstNumber = 100_001;
const dayMs = 86_400_000;

type Kept = { readonly id: string; readonly number: number };

export function createFakeDirectory(
  ids: { readonly clock: Clock; readonly random: Randomness },
  others: FlatDirectory,
): FlatDirectory {
  const { clock } = ids;
  const organizations: Organization[] = [];
  const containers: Container[] = [];
  const fields: CustomField[] = [];
  const webhooks: Webhook[] = [];
  let contacts = firstNumber;

  function find<T extends Kept>(list: readonly T[], what: Thing, reference: Reference): T {
    const found = list.find((one) => ('id' in reference ? one.id === reference.id : one.number === reference.number));
    if (found === undefined) throw refuse('notFound', { what, value: String(Object.values(reference)[0]) });
    return found;
  }
  function put<T extends Kept>(list: T[], changed: T): T {
    list[list.findIndex(({ id }) => id === changed.id)] = changed;
    return changed;
  }
  const deliveryOf = (webhook: Webhook, caller: Caller): Delivery => ({
    id: newId('delivery', ids),
    accountId: accountOf(caller),
    event: 'certificateIssued',
    orderId: newId('order', ids),
    issuanceId: newId('issuance', ids),
    domainId: null,
    organizationId: null,
    webhookId: webhook.id,
    dialect: 'native',
    url: webhook.url,
    state: 'failed',
    message: null,
    attempts: 20,
    lastAnswer: 'HTTP status 503',
    createdAt: clock.now(),
    endedAt: clock.now(),
  });
  const accountOf = (caller: Caller) => accountFilter(caller) ?? ('acc_none' as AccountId);
  const pending = {
    state: 'pending',
    askedAt: clock.now(),
    decidedAt: null,
    decidedBy: null,
    note: '',
    validUntil: null,
    registrationNumber: null,
    incorporatedOn: null,
  } as const;

  const directory: Partial<FlatDirectory> = {
    async addWebhook(caller, { url, events, secret }) {
      const webhook: Webhook = {
        id: newId('webhook', ids),
        number: firstNumber + webhooks.length,
        accountId: accountOf(caller),
        dialect: 'native',
        url,
        events: events ?? webhookEvents,
        sealedSecret: secret === null ? null : new Uint8Array(1),
        state: 'active',
        settings: {},
        createdAt: clock.now(),
      };
      webhooks.unshift(webhook);
      return webhook;
    },
    webhooks: async () => ({ items: webhooks, next: null }),
    webhook: async (_, reference) => find(webhooks, 'webhook', reference),
    async changeWebhook(_, reference, { url, events, secret, state }) {
      const webhook = find(webhooks, 'webhook', reference);
      return put(webhooks, {
        ...webhook,
        ...(url === undefined ? {} : { url }),
        ...(events == null ? {} : { events }),
        ...(secret === undefined ? {} : { sealedSecret: secret === null ? null : new Uint8Array(1) }),
        ...(state === undefined ? {} : { state }),
      });
    },
    async removeWebhook(_, reference) {
      webhooks.splice(webhooks.indexOf(find(webhooks, 'webhook', reference)), 1);
    },
    async deliveries(caller, { state }) {
      const items = webhooks
        .map((webhook) => deliveryOf(webhook, caller))
        .filter((one) => (state ?? one.state) === one.state);
      return { items, next: null };
    },
    async replayDelivery(caller, id) {
      const [webhook] = webhooks;
      if (webhook === undefined || !id.startsWith('ntf_')) throw refuse('notFound', { what: 'delivery', value: id });
      return { ...deliveryOf(webhook, caller), state: 'waiting', attempts: 0, lastAnswer: null, endedAt: null };
    },
    async addOrganization(caller, { details, levels = [], contacts: given = [] }) {
      if (organizations.some((one) => one.details.name === details.name)) {
        throw refuse('alreadyExists', { what: 'organization', value: details.name });
      }
      const organization: Organization = {
        id: newId('organization', ids),
        number: firstNumber + organizations.length,
        accountId: accountOf(caller),
        containerId: null,
        details,
        state: 'active',
        validations: levels.map((level) => ({ ...pending, level })),
        contacts: given.map(({ userNumber, ...contact }) => ({
          ...contact,
          number: userNumber ?? contacts++,
          userId: null,
        })),
        createdAt: clock.now(),
      };
      organizations.push(organization);
      return organization;
    },
    organization: async (_, reference) => find(organizations, 'organization', reference),
    async organizations(_, { limit, offset, text, isAwaitingVerification }) {
      const found = organizations
        .filter(({ details }) => text === undefined || details.name.includes(text.value))
        .filter(
          ({ validations }) =>
            isAwaitingVerification === undefined ||
            validations.some(({ state }) => state === 'pending') === isAwaitingVerification,
        )
        .toReversed();
      return { items: found.slice(offset, offset + limit), total: found.length };
    },
    setOrganizationState: async (_, reference, state) =>
      put(organizations, { ...find(organizations, 'organization', reference), state }),
    async askForVerification(_, reference, { levels }) {
      const found = find(organizations, 'organization', reference);
      return put(organizations, { ...found, validations: levels.map((level) => ({ ...pending, level })) });
    },
    async verifyOrganization(caller, reference, { level, verified, note, days = 398, ...found }) {
      if (!caller.roles.includes('operator')) throw refuse('roleMissing', { role: ['operator'] });
      const organization = find(organizations, 'organization', reference);
      const now = clock.now();
      const validUntil = verified ? new Date(now.getTime() + days * dayMs) : null;
      const state = verified ? 'valid' : 'rejected';
      const decided = {
        ...pending,
        level,
        state,
        decidedAt: now,
        decidedBy: caller.actor,
        note,
        validUntil,
        ...found,
      } as const;
      const validations = [...organization.validations.filter((one) => one.level !== level), decided];
      return put(organizations, { ...organization, validations });
    },
    async removeOrganization(_, reference) {
      organizations.splice(organizations.indexOf(find(organizations, 'organization', reference)), 1);
    },
    async addContainer(caller, { name, description = '', allowedNames = null, parent }) {
      const container: Container = {
        id: newId('container', ids),
        number: firstNumber + containers.length,
        accountId: accountOf(caller),
        parentId: parent === undefined ? null : find(containers, 'container', parent).id,
        name,
        description,
        state: 'active',
        allowedNames,
        createdAt: clock.now(),
      };
      containers.push(container);
      return container;
    },
    containers: async () => containers,
    async addCustomFields(caller, requests) {
      const added = requests.map(
        (request, index): CustomField => ({
          description: '',
          ...request,
          id: newId('customField', ids),
          number: firstNumber + fields.length + index,
          accountId: accountOf(caller),
          createdAt: clock.now(),
        }),
      );
      fields.push(...added);
      return added;
    },
    changeCustomField: async (_, reference, change) =>
      put(fields, { ...find(fields, 'customField', reference), ...change }),
    customFields: async () => fields,
  };
  return new Proxy(others, {
    get: (target, name: keyof FlatDirectory) => directory[name] ?? target[name],
  });
}
