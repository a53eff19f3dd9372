/**
 * Authorizations that are made for themselves, before anything is ordered (RFC 8555 §7.4.1, and its orders before they are
 * finalized): a later order of the account uses those that were proved.
 */
import type { Account } from '../../domain/account.ts';
import { type Authorization, pendingAuthorization } from '../../domain/authorization.ts';
import { accountIdOf, type Caller } from '../../domain/caller.ts';
import { type Challenge, isChecked } from '../../domain/challenge.ts';
import { type CertError, forEachName, quoted, refuse } from '../../domain/errors.ts';
import type { ExternalAccountKey } from '../../domain/external-account-key.ts';
import type { Identifier } from '../../domain/identifier.ts';
import { newId } from '../../domain/ids.ts';
import { expected } from '../../domain/messages/expectations.ts';
import {
  acceptedChallenges,
  challengesForBelow,
  coversNamesBelow,
  holdsFor,
  provingNames,
  reusableProofs,
} from '../../domain/policy.ts';
import type { NameBelow } from '../../domain/ports/acme-orders.ts';
import type { NewAuthorizations } from '../../domain/ports/authorizations.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import type { Product } from '../../domain/product.ts';
import type { Profile } from '../../domain/profile.ts';
import { recordAccount } from '../accounts/account-event.ts';
import { type AppContext, profileOf, proofMakerOf } from '../context.ts';
import { findProduct } from '../orders/catalogue.ts';
import { servingRequester } from '../orders/key-terms.ts';
import { checkNames } from '../orders/order-request.ts';
import { requirePendingRoom } from '../orders/pending-room.ts';
import { claimReference } from '../orders/proof-reference.ts';
import { accountOf } from '../scope.ts';

const longestPendingMs = 30 * 86_400_000;

/**
 * One authorization for each name, in their order: a valid one of the account where it serves, else a new one.
 * @throws {CertError} badName, refusedName, tooManyNames, unknownProduct, fieldInvalid, conflict for a used `proofReference`
 */
export async function createStandalone(
  context: AppContext,
  caller: Caller,
  request: NewAuthorizations,
): Promise<readonly Authorization[]> {
  const { read } = context.database;
  const account = await accountOf(read, caller);
  const product = await findProduct(read, caller, account, request);
  const terms = { account, product, profile: profileOf(context, product.profileId), policy: null };
  checkNames(context, terms, request.names);
  requirePendingUntil(context, request.pendingUntil);
  return context.database.write((tx) => authorizeNames(context, tx, caller, { request, key: null, ...terms }));
}

/** @throws {CertError} fieldInvalid */
export function requirePendingUntil({ clock }: AppContext, pendingUntil: Date): void {
  const now = clock.now();
  if (pendingUntil > now && pendingUntil.getTime() <= now.getTime() + longestPendingMs) return;
  const value = quoted(pendingUntil);
  throw refuse('fieldInvalid', { field: 'pendingUntil', value, expected: expected.momentWithin30Days });
}

/** What authorizations are made from, once it is known what is ordered. */
interface StandaloneRequest extends Omit<NewAuthorizations, 'productCode'> {
  /** Names that are to be proved at one of their parents, where its proof could serve. */
  readonly ancestors?: readonly NameBelow[];
  /** True: the authorizations are to serve the names below as well, where they can. */
  readonly isForBelow?: boolean;
}

interface StandaloneTerms {
  readonly account: Account;
  /** Its issuer would issue for the names. */
  readonly product: Pick<Product, 'issuerId'>;
  /** As it is under the policy of the key. */
  readonly profile: Profile;
  /** The external account key that the client goes by; null: it goes by none. */
  readonly key: ExternalAccountKey | null;
}

/** The same in the caller's transaction, of names without objections. @throws {CertError} refusedName, conflict */
export async function authorizeNames(
  context: AppContext,
  tx: Stores,
  caller: Caller,
  { request, account, product, profile, key }: StandaloneTerms & { readonly request: StandaloneRequest },
): Promise<readonly Authorization[]> {
  const { names, isForBelow = false } = request;
  const now = context.clock.now();
  const candidates = [...new Set(names.flatMap((name) => provingNames(name, context.publicSuffixes)))];
  const found = await tx.authorizations.listUsable(account.id, candidates, { now, keyHash: null });
  const serving = await servingRequester(tx, { credentialId: caller.credentialId, key }, found);
  const usable = serving.filter((one) => !isForBelow || coversNamesBelow(one));
  const proved = reusableProofs(usable, { names, keyHash: null, profile, now });
  const unproved = names.filter(({ value }) => !proved.has(value));
  const made =
    unproved.length === 0
      ? proved
      : await insertNew(context, tx, caller, { request, account, product, profile, key, names: unproved });
  return names.map((name) => {
    const authorization = proved.get(name.value) ?? made.get(name.value);
    if (authorization !== undefined) return authorization;
    throw refuse('internal', {}, { cause: new Error(`no authorization of ${name.value}`) });
  });
}

interface Unproved extends StandaloneTerms {
  readonly request: StandaloneRequest;
  readonly names: readonly Identifier[];
}

/** @returns by name, one for several names that have a parent in common at which they are proved */
async function insertNew(
  context: AppContext,
  tx: Stores,
  caller: Caller,
  input: Unproved,
): Promise<ReadonlyMap<string, Authorization>> {
  const { request, names } = input;
  const { proofReference, preferredMethod, pendingUntil } = request;
  const accountId = accountIdOf(caller);
  const createdAt = context.clock.now();
  const planned = planOf(context, caller, input);
  const { issuerId } = input.product;
  const standalone = {
    ownerId: caller.credentialId ?? caller.actor,
    profileId: input.profile.id,
    issuerId,
    pendingUntil,
  };
  const made = new Map<string, Authorization>();
  for (const { identifier, challenges } of new Set(planned.values())) {
    const id = newId('authorization', context);
    const common = { id, accountId, issuanceId: null, identifier, challenges, preferredMethod, createdAt };
    made.set(identifier.value, { ...pendingAuthorization(common), isCheckedOnRequest: true, standalone });
  }
  await requirePendingRoom(context, tx, input.account, { orders: 0, names: made.size });
  const [first] = made.values();
  if (first !== undefined)
    await claimReference(context, tx, { dialect: caller.dialect, accountId, proofReference, id: first.id });
  for (const authorization of made.values()) {
    await tx.authorizations.insert(authorization);
    const data = { name: authorization.identifier.value, pendingUntil: pendingUntil.toISOString() };
    await recordAccount(tx, caller, 'authorization.added', {
      accountId,
      subject: authorization.id,
      data,
      at: createdAt,
    });
  }
  return new Map(
    names.flatMap(({ value }) => {
      const authorization = made.get(planned.get(value)?.identifier.value ?? '');
      return authorization === undefined ? [] : [[value, authorization] as const];
    }),
  );
}

/** What is proved, by which challenges. */
interface Planned {
  readonly identifier: Identifier;
  readonly challenges: readonly Challenge[];
}

/**
 * By name. A name is proved at its parent where that is wished, and where there is a challenge that proves the names below (RFC 9444 §4.3
 * leaves it to the server); another name that is this parent is proved with it.
 * @throws {CertError} refusedName
 */
function planOf(context: AppContext, caller: Caller, input: Unproved): ReadonlyMap<string, Planned> {
  const { request, profile, names } = input;
  const { proofReference, dialectData, ancestors = [], isForBelow = false } = request;
  const facts = {
    accountId: accountIdOf(caller),
    credentialId: caller.credentialId,
    proofReference,
    csr: null,
    dialectData,
  };
  const offeredFor = proofMakerOf(context, caller.dialect).challengesOf(facts);
  // There is no key yet: what holds for one key only proves nothing. And nothing is mailed before somebody orders.
  const challengesOf = (identifier: Identifier) =>
    acceptedChallenges(offeredFor(identifier), identifier, profile).filter(
      (challenge) =>
        isChecked(challenge) &&
        holdsFor({ binding: challenge.binding, keyHash: null, identifier }, { name: identifier, keyHash: null }),
    );
  const atParents = new Map<string, Planned>();
  const planForBelow = (identifier: Identifier): Planned | undefined => {
    const challenges = challengesForBelow(challengesOf(identifier));
    const planned = atParents.get(identifier.value) ?? { identifier, challenges };
    if (challenges.length === 0) return undefined;
    atParents.set(identifier.value, planned);
    return planned;
  };
  const below = new Map<string, Planned>();
  const wanted = new Set(names.map(({ value }) => value));
  for (const { name, ancestor } of ancestors.filter((one) => wanted.has(one.name.value))) {
    const planned = planForBelow(ancestor);
    if (planned !== undefined) below.set(name.value, planned);
  }
  const planned = forEachName(
    names,
    ({ value }) => value,
    (name): Planned => {
      const wide = below.get(name.value) ?? atParents.get(name.value);
      if (wide !== undefined) return wide;
      const own = isForBelow && name.kind === 'dns' ? planForBelow(name) : undefined;
      const challenges = challengesOf(name);
      if (own === undefined && challenges.length === 0) throw objectionToNothing(name, input);
      return own ?? { identifier: name, challenges };
    },
  );
  return new Map(planned.map((one, index) => [names[index]?.value ?? '', one]));
}

function objectionToNothing(
  { value: name }: Identifier,
  { key, profile }: Omit<StandaloneTerms, 'account'>,
): CertError {
  const methods = key?.policy.methods ?? null;
  if (methods === null) return refuse('nothingToProve', { name, profile: profile.id });
  return refuse('methodsOfKeyProveNothing', { name, methods: methods.join(', ') });
}
