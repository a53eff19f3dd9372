/**
 * Authorizations that are made for themselves, before anything is ordered (RFC 8555 §7.4.1, and its orders before they are
 * finalized): a later order of the account uses those that were proved.
 */

import type { Account } from '../../domain/account.ts';
import { type Authorization, pendingAuthorization } from '../../domain/authorization.ts';
import { accountIdOf, type Caller } from '../../domain/caller.ts';
import { isChecked } from '../../domain/challenge.ts';
import { forEachName, quoted, refuse } from '../../domain/errors.ts';
import type { Identifier } from '../../domain/identifier.ts';
import { newId } from '../../domain/ids.ts';
import { expected } from '../../domain/messages/expectations.ts';
import { acceptedChallenges, holdsFor, provingNames, reusableProofs } from '../../domain/policy.ts';
import type { NewAuthorizations } from '../../domain/ports/authorizations.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import type { Profile } from '../../domain/profile.ts';
import { recordAccount } from '../accounts/account-event.ts';
import { type AppContext, profileOf, proofMakerOf } from '../context.ts';
import { findProduct } from '../orders/catalogue.ts';
import { checkNames, type OrderTerms } from '../orders/order-request.ts';
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
  const terms = { account, product, profile: profileOf(context, product.profileId) };
  checkNames(context, terms, request.names);
  requirePendingUntil(context, request.pendingUntil);
  return context.database.write((tx) => authorizeNames(context, tx, caller, { request, ...terms }));
}

/** @throws {CertError} fieldInvalid */
export function requirePendingUntil({ clock }: AppContext, pendingUntil: Date): void {
  const now = clock.now();
  if (pendingUntil > now && pendingUntil.getTime() <= now.getTime() + longestPendingMs) return;
  const value = quoted(pendingUntil);
  throw refuse('fieldInvalid', { field: 'pendingUntil', value, expected: expected.momentWithin30Days });
}

/** What authorizations are made from, once it is known what is ordered. */
type StandaloneRequest = Omit<NewAuthorizations, 'productCode'>;

/** The same in the caller's transaction, of names without objections. @throws {CertError} nothingToProve, conflict */
export async function authorizeNames(
  context: AppContext,
  tx: Stores,
  caller: Caller,
  { request, account, profile }: Pick<OrderTerms, 'account' | 'profile'> & { readonly request: StandaloneRequest },
): Promise<readonly Authorization[]> {
  const { names } = request;
  const now = context.clock.now();
  const candidates = [...new Set(names.flatMap((name) => provingNames(name, context.publicSuffixes)))];
  const usable = await tx.authorizations.listUsable(account.id, candidates, { now, keyHash: null });
  const proved = reusableProofs(usable, { names, keyHash: null, profile, now });
  const unproved = names.filter(({ value }) => !proved.has(value));
  const made =
    unproved.length === 0 ? [] : await insertNew(context, tx, caller, { request, account, profile, names: unproved });
  return names.map((name) => {
    const found = proved.get(name.value) ?? made.find(({ identifier }) => identifier.value === name.value);
    if (found !== undefined) return found;
    throw refuse('internal', {}, { cause: new Error(`no authorization of ${name.value}`) });
  });
}

async function insertNew(
  context: AppContext,
  tx: Stores,
  caller: Caller,
  input: {
    readonly request: StandaloneRequest;
    readonly account: Account;
    readonly profile: Profile;
    readonly names: readonly Identifier[];
  },
): Promise<readonly Authorization[]> {
  const { request, profile } = input;
  const { proofReference, preferredMethod, dialectData, pendingUntil } = request;
  const accountId = accountIdOf(caller);
  const facts = { accountId, credentialId: caller.credentialId, proofReference, csr: null, dialectData };
  const challengesFor = proofMakerOf(context, caller.dialect).challengesOf(facts);
  const createdAt = context.clock.now();
  const made = forEachName(
    input.names,
    ({ value }) => value,
    (identifier): Authorization => {
      // There is no key yet: what holds for one key only proves nothing. And nothing is mailed before somebody orders.
      const challenges = acceptedChallenges(challengesFor(identifier), identifier, profile).filter(
        (challenge) =>
          isChecked(challenge) &&
          holdsFor({ binding: challenge.binding, keyHash: null, identifier }, { name: identifier, keyHash: null }),
      );
      if (challenges.length === 0) throw refuse('nothingToProve', { name: identifier.value, profile: profile.id });
      const id = newId('authorization', context);
      return {
        ...pendingAuthorization({
          id,
          accountId,
          issuanceId: null,
          identifier,
          challenges,
          preferredMethod,
          createdAt,
        }),
        isCheckedOnRequest: true,
        standalone: { ownerId: caller.credentialId ?? caller.actor, profileId: profile.id, pendingUntil },
      };
    },
  );
  await requirePendingRoom(context, tx, input.account, { orders: 0, names: made.length });
  const [first] = made;
  if (first !== undefined)
    await claimReference(context, tx, { dialect: caller.dialect, accountId, proofReference, id: first.id });
  for (const authorization of made) {
    await tx.authorizations.insert(authorization);
    const data = { name: authorization.identifier.value, pendingUntil: pendingUntil.toISOString() };
    await recordAccount(tx, caller, 'authorization.added', {
      accountId,
      subject: authorization.id,
      data,
      at: createdAt,
    });
  }
  return made;
}
