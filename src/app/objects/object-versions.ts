/**
 * The version of an object: a digest of what a person would act on. What changes while somebody reads (the balance, when a key was used
 * last) is no part of it.
 */
import { hash } from 'node:crypto';
import type { Account, Credential, User } from '../../domain/account.ts';
import type { Caller } from '../../domain/caller.ts';
import { quoted, type Reason, reason, refuse } from '../../domain/errors.ts';
import type { ManagedDomain } from '../../domain/managed-domain.ts';
import type { Organization } from '../../domain/organization.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import type { Product } from '../../domain/product.ts';
import { parseProductCode, productCodeOf } from '../../domain/product-code.ts';
import type { ObjectNoun, SeenObject } from '../../domain/seen-object.ts';
import type { Webhook } from '../../domain/webhook.ts';
import { findReadable } from '../accounts/credentials.ts';
import { findSeen } from '../accounts/found-users.ts';
import { currentVersion, objectionToVersion } from '../orders/order-version.ts';
import { findOrganization } from '../organizations/organizations.ts';
import { findWebhook } from '../outbound/webhooks.ts';
import { findAccount, findOrder, findOwned } from '../scope.ts';

interface Objects {
  readonly account: Account;
  readonly user: User;
  readonly credential: Credential;
  readonly organization: Organization;
  readonly managedDomain: ManagedDomain;
  readonly webhook: Webhook;
  readonly product: Product;
}

export type ObjectOf<Noun extends ObjectNoun> = Objects[Noun];

interface Versioned<T> {
  /** @throws {CertError} notFound */
  find(tx: Stores, caller: Caller, reference: string): Promise<T>;
  /** How a refusal calls it. */
  nameOf(object: T): string;
  content(tx: Stores, object: T): unknown;
}

const numbered = ({ number }: { readonly number: number }) => String(number);

export const versionedObjects: { readonly [Noun in ObjectNoun]: Versioned<ObjectOf<Noun>> } = {
  account: {
    find: findAccount,
    nameOf: numbered,
    content: (_, { name, state, approval, separatesDuties, madeKeys, ...rest }) => [
      [name, state, approval, separatesDuties, madeKeys],
      [rest.productCodes, rest.allowedNames, rest.contactEmail, rest.lowBalanceMinor],
    ],
  },
  user: {
    find: findSeen,
    nameOf: ({ username }) => username,
    content: (_, { username, state, roles, person, containerId, passwordHash }) => [
      [username, state, roles, person, containerId],
      // Whether they have one decides what is offered; another one changes nothing that is shown.
      passwordHash === null,
    ],
  },
  credential: {
    find: findReadable,
    nameOf: numbered,
    content: (_, { label, roles, allowedAddresses, expiresAt, revokedAt }) => [
      [label, roles, allowedAddresses, expiresAt, revokedAt],
    ],
  },
  organization: {
    find: (tx, caller, reference) => findOrganization(tx, caller, { id: reference }),
    nameOf: numbered,
    content: (_, { state, details, validations, contacts, containerId }) => [
      [state, details, validations, contacts, containerId],
    ],
  },
  managedDomain: {
    find: (tx, caller, reference) => findOwned(tx.managedDomains, 'managedDomain', caller, { id: reference }),
    nameOf: ({ name }) => name.value,
    async content(tx, { state, organizationId, containerId, authorizationId }) {
      const authorization = await tx.authorizations.get(authorizationId);
      const proof = authorization && [authorization.state, authorization.preferredMethod];
      return [state, organizationId, containerId, authorizationId, proof];
    },
  },
  webhook: {
    find: (tx, caller, reference) => findWebhook(tx, caller, referenceOf(reference)),
    nameOf: numbered,
    content: (_, { url, events, state, settings, sealedSecret }) => [
      [url, events, state, settings],
      sealedSecret && Buffer.from(sealedSecret).toString('base64'),
    ],
  },
  product: {
    async find(tx, _, reference) {
      const { dialect, code } = parseProductCode(reference);
      const product = await tx.products.getByCode(dialect, code);
      if (product === undefined) throw refuse('notFound', { what: 'product', value: quoted(reference) });
      return product;
    },
    nameOf: productCodeOf,
    content: (_, product) => product,
  },
};

function referenceOf(text: string) {
  return /^[0-9]{1,10}$/.test(text) ? { number: Number(text) } : { id: text };
}

const versionLength = 16;

export async function versionOfObject<Noun extends ObjectNoun>(
  tx: Stores,
  noun: Noun,
  object: ObjectOf<Noun>,
): Promise<string> {
  const content = await versionedObjects[noun].content(tx, object);
  return hash('sha256', JSON.stringify(content), 'hex').slice(0, versionLength);
}

/**
 * Why the object is not what the caller has seen; null: it is.
 * @throws {CertError} notFound
 */
export async function objectionToSeen(tx: Stores, caller: Caller, seen: SeenObject): Promise<Reason | null> {
  const { noun, reference, version } = seen;
  if (noun === 'order') {
    const order = await findOrder(tx, caller, { id: reference });
    return objectionToVersion(order, { seen: version, now: (await currentVersion(tx, order)) ?? '' });
  }
  return objectionOf(tx, caller, { noun, reference, version });
}

async function objectionOf<Noun extends ObjectNoun>(
  tx: Stores,
  caller: Caller,
  { noun, reference, version }: { readonly noun: Noun; readonly reference: string; readonly version: string },
): Promise<Reason | null> {
  const { find, nameOf } = versionedObjects[noun];
  const object = await find(tx, caller, reference);
  if ((await versionOfObject(tx, noun, object)) === version) return null;
  return reason('objectChanged', { what: noun, value: nameOf(object) });
}
