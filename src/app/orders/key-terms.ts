/** The external account key that an order goes by, as its policy is now: asked when it is placed, and again before it is issued. */
import type { Authorization } from '../../domain/authorization.ts';
import type { Caller } from '../../domain/caller.ts';
import { forEachName, refuse } from '../../domain/errors.ts';
import type { ExternalAccountKey } from '../../domain/external-account-key.ts';
import type { Identifier } from '../../domain/identifier.ts';
import { isId } from '../../domain/ids.ts';
import type { Issuance } from '../../domain/issuance.ts';
import { type KeyPolicy, profileUnder } from '../../domain/key-policy.ts';
import type { Order } from '../../domain/order.ts';
import { isNameAmong } from '../../domain/policy.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import type { Profile } from '../../domain/profile.ts';
import { type AppContext, profileOf } from '../context.ts';

/**
 * The policy of the key whose client placed the order; null: none did. That of a key that was revoked still limits what was ordered before.
 * Reads nothing for other front doors, and for these what is kept in memory.
 */
export async function policyOfOrder(
  { keyBound }: Pick<AppContext, 'keyBound'>,
  stores: Stores,
  { dialect, credentialId }: Pick<Order, 'dialect' | 'credentialId'>,
): Promise<KeyPolicy | null> {
  if (credentialId === null || !keyBound.has(dialect)) return null;
  return policyOfCaller(stores, { credentialId });
}

/** The policy of the key that bound the caller's credential; null: none did. */
export async function policyOfCaller(
  stores: Stores,
  { credentialId }: Pick<Caller, 'credentialId'>,
): Promise<KeyPolicy | null> {
  const keyId = credentialId === null ? null : (await stores.credentials.get(credentialId))?.externalAccountKeyId;
  return keyId == null ? null : ((await stores.externalAccountKeys.get(keyId))?.policy ?? null);
}

/** The profile of an issuance as it is under the policy of the key that its order goes by. */
export async function profileOfIssuance(
  context: AppContext,
  stores: Stores,
  { profileId, orderId }: Pick<Issuance, 'profileId' | 'orderId'>,
): Promise<Profile> {
  const profile = profileOf(context, profileId);
  const order = await stores.orders.get(orderId);
  return order === undefined ? profile : profileUnder(await policyOfOrder(context, stores, order), profile);
}

/** @throws {CertError} refusedName, with a part for each name */
export function requireNamesOfKey(key: ExternalAccountKey | null, names: readonly Identifier[]): void {
  const allowed = key?.policy.names ?? null;
  if (allowed === null) return;
  forEachName(
    names,
    ({ value }) => value,
    (name) => {
      if (!isNameAmong(name, allowed)) throw refuse('nameNotAllowedForKey', { name: name.value });
    },
  );
}

/** The authorizations that may serve clients of the key, of those that the account has. */
export async function servingKey(
  stores: Stores,
  key: ExternalAccountKey | null,
  authorizations: readonly Authorization[],
): Promise<readonly Authorization[]> {
  if (key === null || key.policy.preAuthorized === null) return authorizations;
  const serving: Authorization[] = [];
  for (const one of authorizations) {
    if (isPreAuthorized(key.policy, one.identifier) || (await isOfKey(stores, key, one))) serving.push(one);
  }
  return serving;
}

/**
 * The names of an order are still proved as the key wants it: its policy may have changed since they were.
 * @throws {CertError} forbidden
 */
export async function requireProvedForKey(
  stores: Stores,
  key: ExternalAccountKey | null,
  authorizations: readonly Authorization[],
): Promise<void> {
  if (key === null) return;
  for (const { identifier, provedBy } of authorizations) {
    if (provedBy !== null) requireMethodOfKey(key.policy, { name: identifier.value, method: provedBy });
  }
  const serving = await servingKey(stores, key, authorizations);
  const other = authorizations.find((one) => !serving.includes(one));
  if (other !== undefined) throw refuse('proofNotOfKey', { name: other.identifier.value });
}

/** @throws {CertError} forbidden */
export function requireMethodOfKey(
  { methods }: Pick<KeyPolicy, 'methods'>,
  { name, method }: { readonly name: string; readonly method: NonNullable<Authorization['provedBy']> },
): void {
  if (methods === null || methods.includes(method)) return;
  throw refuse('methodNotOfKey', { name, method, methods: methods.join(', ') });
}

function isPreAuthorized({ preAuthorized }: KeyPolicy, name: Identifier): boolean {
  return preAuthorized === null || isNameAmong(name, preAuthorized);
}

/** One that a client of this key asked for. */
async function isOfKey(stores: Stores, key: ExternalAccountKey, { standalone }: Authorization): Promise<boolean> {
  const ownerId = standalone?.ownerId;
  if (ownerId === undefined || !isId('credential', ownerId)) return false;
  return (await stores.credentials.get(ownerId))?.externalAccountKeyId === key.id;
}
