/** The external account key that an order goes by, as its policy is now: asked when it is placed, and again before it is issued. */
import { type Authorization, asSeenBy } from '../../domain/authorization.ts';
import type { Caller } from '../../domain/caller.ts';
import { forEachName, refuse } from '../../domain/errors.ts';
import type { ExternalAccountKey } from '../../domain/external-account-key.ts';
import type { Identifier } from '../../domain/identifier.ts';
import { type CredentialId, type IssuanceId, isId } from '../../domain/ids.ts';
import type { Issuance } from '../../domain/issuance.ts';
import { type KeyPolicy, profileUnder } from '../../domain/key-policy.ts';
import type { Order } from '../../domain/order.ts';
import { isNameAmong } from '../../domain/policy.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import type { Profile } from '../../domain/profile.ts';
import { type AppContext, profileOf } from '../context.ts';

/** Who requested an issuance: limited by their key, and by the proofs that they have given up. */
export interface Requester {
  readonly credentialId: CredentialId | null;
  /** The external account key that bound them, also one that was revoked since; null: none did. */
  readonly key: ExternalAccountKey | null;
}

/**
 * The client who had the issuance made, else whoever placed its order. Reads nothing for other front doors, and for these what is kept in
 * memory.
 */
export async function requesterOf(
  { keyBound }: Pick<AppContext, 'keyBound'>,
  stores: Stores,
  order: Pick<Order, 'dialect' | 'credentialId'>,
  { actingClientId }: Pick<Issuance, 'actingClientId'>,
): Promise<Requester> {
  const credentialId = actingClientId ?? order.credentialId;
  const isBound = actingClientId !== null || keyBound.has(order.dialect);
  return { credentialId, key: isBound ? await keyOfClient(stores, { credentialId }) : null };
}

/**
 * The client of a key who has an order of somebody else reissued or duplicated; null for all others. A person who does so goes by the order,
 * whose key may well be a client's.
 */
export function actingClientOf(
  { keyBound }: Pick<AppContext, 'keyBound'>,
  caller: Caller | null,
  order: Pick<Order, 'credentialId'>,
): CredentialId | null {
  if (caller === null || caller.credentialId === order.credentialId) return null;
  return keyBound.has(caller.dialect) ? caller.credentialId : null;
}

/** The policy of the key that bound the caller's credential; null: none did. */
export async function policyOfCaller(stores: Stores, caller: Pick<Caller, 'credentialId'>): Promise<KeyPolicy | null> {
  return (await keyOfClient(stores, caller))?.policy ?? null;
}

/** The external account key that bound the credential, also one that was revoked since; null: none did. */
export async function keyOfClient(
  stores: Stores,
  { credentialId }: Pick<Caller, 'credentialId'>,
): Promise<ExternalAccountKey | null> {
  const keyId = credentialId === null ? null : (await stores.credentials.get(credentialId))?.externalAccountKeyId;
  return keyId == null ? null : ((await stores.externalAccountKeys.get(keyId)) ?? null);
}

/** An issuance's requester, and its profile as it is under the policy of their key. */
export async function termsOfIssuance(
  context: AppContext,
  stores: Stores,
  issuance: Pick<Issuance, 'profileId' | 'orderId' | 'actingClientId'>,
): Promise<{ readonly requester: Requester; readonly profile: Profile }> {
  const profile = profileOf(context, issuance.profileId);
  const order = await stores.orders.get(issuance.orderId);
  if (order === undefined) return { requester: { credentialId: null, key: null }, profile };
  const requester = await requesterOf(context, stores, order, issuance);
  return { requester, profile: profileUnder(requester.key?.policy ?? null, profile) };
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

/**
 * Those of the account's authorizations that may serve the requester, as they may use them.
 * @param issuanceId what was made for this issuance serves it, whoever looked after it
 */
export async function servingRequester(
  stores: Stores,
  { credentialId, key }: Requester,
  authorizations: readonly Authorization[],
  issuanceId?: IssuanceId,
): Promise<readonly Authorization[]> {
  const seen = authorizations.map((one) => asSeenBy(credentialId, one));
  if (key === null || key.policy.preAuthorized === null) return seen;
  const serving: Authorization[] = [];
  for (const one of seen) {
    const isOwn = issuanceId !== undefined && one.issuanceId === issuanceId;
    if (isOwn || isPreAuthorized(key.policy, one.identifier) || (await isOfKey(stores, key, one))) serving.push(one);
  }
  return serving;
}

/**
 * The names of an order are still proved as the key wants it: its policy may have changed since they were.
 * @throws {CertError} forbidden, with a part for each name
 */
export async function requireProvedForKey(
  stores: Stores,
  { credentialId, key }: Requester,
  authorizations: readonly Authorization[],
): Promise<void> {
  if (key === null) return;
  const serving = new Set((await servingRequester(stores, { credentialId, key }, authorizations)).map(({ id }) => id));
  forEachName(
    authorizations,
    ({ identifier }) => identifier.value,
    ({ id, identifier: { value: name }, provedBy }) => {
      if (provedBy !== null) requireMethodOfKey(key.policy, { name, method: provedBy });
      if (!serving.has(id)) throw refuse('proofNotOfKey', { name });
    },
  );
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
