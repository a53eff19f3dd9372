/** The policy of an external account key as somebody wants it, checked: who may decide it, and whether it means anything. */
import { checkAddressRange } from '../../domain/address-range.ts';
import { type Caller, isOperator } from '../../domain/caller.ts';
import { quoted, refuse } from '../../domain/errors.ts';
import type { ExternalAccountKey } from '../../domain/external-account-key.ts';
import { type KeyPolicy, mayOneDecide, profileUnder } from '../../domain/key-policy.ts';
import { expected, expectedOf } from '../../domain/messages/expectations.ts';
import type { KeyPolicyRequest } from '../../domain/ports/external-account-keys.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import { type AppContext, profileOf } from '../context.ts';
import { relayingIssuerOf } from '../issuing/relay.ts';
import { canonicalNames } from './containers.ts';
import { requireGrant } from './grants.ts';

/** What the policy is of. */
type KeyTerms = Pick<ExternalAccountKey, 'accountId' | 'productId'>;

/**
 * The policy with what is requested of it, in the transaction that stores it.
 * @throws {CertError} invalidField, badName, forbidden
 */
export async function policyWith(
  context: AppContext,
  tx: Stores,
  caller: Caller,
  { key, before, wanted }: { readonly key: KeyTerms; readonly before: KeyPolicy; readonly wanted: KeyPolicyRequest },
): Promise<KeyPolicy> {
  const merged: KeyPolicy = {
    ...before,
    ...wanted,
    names: canonicalNames(wanted.names === undefined ? before.names : wanted.names, 'names'),
    preAuthorized: canonicalNames(
      wanted.preAuthorized === undefined ? before.preAuthorized : wanted.preAuthorized,
      'preAuthorized',
    ),
  };
  for (const range of merged.addressRanges ?? []) checkAddressRange(range, 'addressRanges');
  if (wanted.profiles !== undefined || wanted.defaultProfile !== undefined) requireOffered(context, merged);
  requireIssuer(context, caller, { before, merged });
  await requireProvable(context, tx, key, merged);
  return { ...merged, approvalBy: await approvalBy(tx, caller, key, merged) };
}

/** An operator, who may act for the account. */
function isByOperator(caller: Caller): boolean {
  return isOperator(caller) || caller.isActingFor;
}

/** @throws {CertError} invalidField */
function requireOffered({ offeredProfiles }: AppContext, { profiles, defaultProfile }: KeyPolicy): void {
  const unknown = profiles?.find((profile) => !offeredProfiles.has(profile));
  if (unknown !== undefined) throw noProfile('profiles', unknown, offeredProfiles);
  if (defaultProfile === null) return;
  const among = profiles === null ? offeredProfiles : new Set(profiles);
  if (!among.has(defaultProfile)) throw noProfile('defaultProfile', defaultProfile, among);
}

function noProfile(field: string, profile: string, among: ReadonlySet<string>) {
  const names = [...among].join(', ');
  const anyOf = names === '' ? expected.noProfile : expectedOf.oneOfThese(names);
  return refuse('fieldInvalid', { field, value: quoted(profile), expected: anyOf });
}

/** Another issuer may cost the operator something, or be trusted by others. @throws {CertError} invalidField, forbidden */
function requireIssuer(
  context: AppContext,
  caller: Caller,
  { before, merged }: { readonly before: KeyPolicy; readonly merged: KeyPolicy },
): void {
  const { issuerId } = merged;
  if (issuerId === before.issuerId) return;
  if (!isByOperator(caller)) throw refuse('issuerOfKeyIsOperators', { field: 'issuerId' });
  if (issuerId === null) return;
  // Nothing of a relayed issuance could be shown to an ACME client.
  const usable = [...context.issuers.keys()].filter((id) => relayingIssuerOf(context, id) === undefined);
  if (usable.includes(issuerId)) return;
  throw refuse('fieldInvalid', {
    field: 'issuerId',
    value: quoted(issuerId),
    expected: expectedOf.oneOfThese(usable.join(', ')),
  });
}

/** Where no method is left, no name could ever be ordered. @throws {CertError} invalidField */
async function requireProvable(
  context: AppContext,
  tx: Stores,
  { productId }: KeyTerms,
  policy: KeyPolicy,
): Promise<void> {
  const product = await tx.products.get(productId);
  if (policy.methods === null || product === undefined) return;
  const profile = profileOf(context, product.profileId);
  if (profileUnder(policy, profile).methods.length > 0) return;
  throw refuse('fieldInvalid', {
    field: 'methods',
    value: quoted(policy.methods.join(', ')),
    expected: expectedOf.oneOfThese(profile.methods.join(', ')),
  });
}

/**
 * Who decided that no approval is needed, and for what: also every later change of such a policy, which could allow more names. Whoever
 * does could approve each of the orders by themselves: so they hold an approver's role, in an account where one person may decide. The
 * operator sets the rules of accounts, and may make an exception.
 * @throws {CertError} forbidden
 */
async function approvalBy(
  tx: Stores,
  caller: Caller,
  { accountId }: KeyTerms,
  { approval }: KeyPolicy,
): Promise<KeyPolicy['approvalBy']> {
  if (approval === 'account') return null;
  if (isByOperator(caller)) return 'operator';
  const account = await tx.accounts.get(accountId);
  if (account === undefined || !mayOneDecide(account)) throw refuse('automaticNotForOne', { field: 'approval' });
  await requireGrant(tx, caller, { accountId, before: [], after: ['approver'] });
  return 'administrator';
}
