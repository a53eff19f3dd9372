/** A new issuance of an order, with an authorization for every name and its first piece of work. */

import type { Account } from '../../domain/account.ts';
import type { Approval } from '../../domain/approval.ts';
import { type Authorization, pendingAuthorization } from '../../domain/authorization.ts';
import type { Caller } from '../../domain/caller.ts';
import { isChecked, type MethodChoice, type NameChoice } from '../../domain/challenge.ts';
import { CertError, forEachName, refuse } from '../../domain/errors.ts';
import type { Identifier } from '../../domain/identifier.ts';
import { type IssuanceId, newId } from '../../domain/ids.ts';
import type { Issuance } from '../../domain/issuance.ts';
import { isApprovedByKey, type KeyPolicy, profileUnder } from '../../domain/key-policy.ts';
import type { Answer } from '../../domain/may-be-issued.ts';
import type { Order } from '../../domain/order.ts';
import { type Organization, organizationLevels } from '../../domain/organization.ts';
import { acceptedChallenges, provingNames, reusableProofs } from '../../domain/policy.ts';
import type { RelayingIssuer } from '../../domain/ports/issuer.ts';
import type { Proofs, Reissue } from '../../domain/ports/orders.ts';
import type { ProofFacts } from '../../domain/ports/proof-maker.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import type { Profile } from '../../domain/profile.ts';
import { relayedMethodsFor } from '../../domain/relay.ts';
import { type AppContext, proofMakerOf } from '../context.ts';
import { queueCaaCheck } from '../issuing/caa-gate.ts';
import { mayBeIssued } from '../issuing/may-be-issued.ts';
import { doorOf, handOver, objectionToDoor, relayingIssuerOf } from '../issuing/relay.ts';
import { queueUpstream } from '../issuing/upstream-end.ts';
import { requestVerification } from '../organizations/organizations.ts';
import { queueUserMails } from '../outbound/user-mails.ts';
import { chosenProof } from '../proving/choose-method.ts';
import { sendChosenMails } from '../proving/confirmation-request.ts';
import { delegationChallenge } from '../proving/delegation.ts';
import { keyHashOfIssuance } from '../proving/proof.ts';
import { queueValidation } from '../proving/queue-validation.ts';
import { relayedChoice } from '../proving/relayed-choice.ts';
import { objectionToMadeKey } from '../revoking/blocked-keys.ts';
import { actingClientOf, type Requester, requesterOf, servingRequester } from './key-terms.ts';
import { asOf, type NameProof } from './order-view.ts';
import { requirePendingRoom } from './pending-room.ts';
import { claimReference } from './proof-reference.ts';
import { type RequestedApproval, requestedApproval } from './requested-approval.ts';
import { noteMadeKey, type SubscriberKey, storedKey } from './subscriber-key.ts';

export interface NewIssuance {
  readonly order: Order;
  readonly profile: Profile;
  readonly request: Proofs & Pick<Reissue, 'names' | 'validity' | 'approval'>;
  readonly key: SubscriberKey;
  /** The configured issuer that serves it. */
  readonly issuerId: string;
  readonly kind: Issuance['kind'];
  readonly chargedMinor: number;
  /** An earlier request for the same was approved, and lets this one through. */
  readonly isApproved?: boolean;
  /** Null: the platform itself. */
  readonly caller: Caller | null;
}

export interface InsertedIssuance {
  readonly issuance: Issuance;
  readonly authorizations: readonly Authorization[];
  /** Null where no approval was requested and none will be. */
  readonly approval: Approval | null;
  readonly organization: Organization | null;
  /** Work was queued: the first look for its proofs, mails, or an order at an upstream. */
  readonly hasMore: boolean;
}

/**
 * Authorizations for names not proved yet, the issuance in the first state where something is to be done, and its job.
 * @throws {CertError} the objection to issuing it, now that it is placed
 */
export async function insertIssuance(
  context: AppContext,
  tx: Stores,
  { order, request, key, kind, chargedMinor, caller, ...input }: NewIssuance,
): Promise<InsertedIssuance> {
  const now = context.clock.now();
  const { issuanceId, csr, sealedKey } = key;
  const actingClientId = actingClientOf(context, caller, order);
  const requester = await requesterOf(context, tx, order, { actingClientId });
  const policy = requester.key?.policy ?? null;
  const profile = profileUnder(policy, input.profile);
  const issuerId = policy?.issuerId ?? input.issuerId;
  const relaying = relayingIssuerOf(context, issuerId);
  // Read together, since each may be a round trip to the database.
  const [account, madeHere, usable] = await Promise.all([
    // As it is in this transaction: its approval rules, like the rest of it, may have changed since it was read.
    accountOfOrder(tx, order),
    objectionToMadeKey(tx, { csr, sealedKey }),
    relaying === undefined ? usableProofs(context, tx, { order, names: request.names, csr, now }) : [],
  ]);
  const isApproved = input.isApproved === true || isFreedByKey(context, { caller, policy, account });
  const requested = requestedApproval(account, caller, { ...request.approval, isApproved });
  const needsApproval = requested.state !== 'approved';
  if (madeHere !== undefined) throw new CertError(madeHere);
  const { proofReference } = request;
  await claimReference(context, tx, { ...order, proofReference, id: issuanceId });
  // A reissue that comes through the native API has its challenges.
  const dialect = caller?.dialect ?? order.dialect;
  const wanted = { order, requester, profile, request, issuanceId, csr, dialect, issuerId, now };
  const { proofs, created } =
    relaying === undefined
      ? await authorize(context, tx, wanted, usable)
      : proofsOfAll(request.names, newRelayedAuthorizations(context, wanted, relaying));
  const organization = await organizationOf(context, tx, { order, profile, requested });
  const draft = {
    id: issuanceId,
    orderId: order.id,
    accountId: order.accountId,
    kind,
    names: proofs.map(({ identifier, authorization }) => ({ identifier, authorizationId: authorization.id })),
    csr,
    sealedKey: storedKey(context, key),
    proofReference: request.proofReference,
    profileId: profile.id,
    issuerId,
    validity: request.validity ?? null,
    rest: null,
    isCheckedOnRequest: relaying === undefined && (request.isCheckedOnRequest ?? false),
    actingClientId,
    chargedMinor,
    validatingSince: needsApproval ? null : now,
    certificateId: null,
    failure: null,
    finding: null,
    createdAt: now,
  } satisfies Omit<Issuance, 'number' | 'state' | 'plan'>;
  const answer = await mayBeIssued(context, tx, { order, issuance: draft, proofs, requester, placedFor: account });
  const { state, plan } = firstStep(answer, { needsApproval, isRelayed: relaying !== undefined });
  // What the platform renews by itself was ordered and promised.
  if (state === 'awaitingValidation' && caller !== null) {
    await requirePendingRoom(context, tx, account, { orders: 1, names: request.names.length });
  }
  const issuance = await tx.issuances.insert({ ...draft, state, plan });
  await noteMadeKey(tx, key);
  for (const authorization of created) await tx.authorizations.insert(authorization);
  const approval = isRecorded(context, { order, account, caller, requested })
    ? await tx.approvals.insert({
        id: newId('approval', context),
        accountId: order.accountId,
        orderId: order.id,
        issuanceId,
        asks: kind,
        revocation: null,
        ...requested,
        version: 1,
        decisions: [],
        createdAt: now,
      })
    : null;
  const isWaiting = approval !== null && approval.state !== 'approved';
  if (isWaiting) await queueUserMails(context, tx, approval.id);
  const isUpstreams = state === 'issuing' && plan === null;
  if (isUpstreams) await queueUpstream(context, tx, issuance);
  const isHandedOver = relaying !== undefined && (await handOver(context, tx, issuance));
  const isChecked = state === 'awaitingValidation' && relaying === undefined;
  if (isChecked) await queueValidation(context, tx, issuance, now);
  if (answer.kind === 'caa' && state === 'ready') await queueCaaCheck(context, tx, issuance, now);
  if (isChecked) await sendChosenMails(context, tx, caller, { order, issuance, created });
  const authorizations = proofs.map(({ identifier, authorization }) => asOf(identifier, authorization));
  const hasMore = isChecked || isUpstreams || isHandedOver || answer.kind === 'caa' || isWaiting;
  return { issuance, authorizations, approval, organization, hasMore };
}

/** What a client of the key orders needs no approval where the key says so. What a person orders in its place does. */
function isFreedByKey(
  { keyBound }: AppContext,
  {
    caller,
    policy,
    account,
  }: Pick<NewIssuance, 'caller'> & { readonly policy: KeyPolicy | null; readonly account: Account },
): boolean {
  return caller !== null && keyBound.has(caller.dialect) && policy !== null && isApprovedByKey(policy, account);
}

/**
 * True if the request becomes a row. Without approval in the account it adds nothing to the issuance, unless its
 * API numbers every request, or there is a comment to keep. An issuance that the platform starts was approved with the order.
 */
function isRecorded(
  { numbersRequests }: AppContext,
  {
    order,
    account,
    caller,
    requested,
  }: Pick<NewIssuance, 'order' | 'caller'> & { readonly account: Account; readonly requested: RequestedApproval },
): boolean {
  if (numbersRequests.has(order.dialect) || requested.comments !== '') return true;
  return caller !== null && account.approval !== 'automatic';
}

async function accountOfOrder(tx: Stores, { id, accountId }: Order): Promise<Account> {
  const account = await tx.accounts.get(accountId);
  if (account === undefined) throw refuse('internal', {}, { cause: new Error(`order ${id} is of no account`) });
  return account;
}

/** The order's organization. The operator is requested to verify it for this certificate, if it is not verified or no longer. */
async function organizationOf(
  context: AppContext,
  tx: Stores,
  { order, profile, requested }: Pick<NewIssuance, 'order' | 'profile'> & { readonly requested: RequestedApproval },
): Promise<Organization | null> {
  if (order.organizationId === null) return null;
  const organization = await tx.organizations.get(order.organizationId);
  if (organization === undefined) return null;
  const by = { actor: requested.requestedBy ?? 'system', requestId: null };
  const levels = organizationLevels.filter((level) => level === profile.level);
  return requestVerification(context, tx, by, { organization, levels });
}

/** @throws {CertError} what is refused rather than left to wait */
function firstStep(
  answer: Answer,
  { needsApproval, isRelayed }: { readonly needsApproval: boolean; readonly isRelayed: boolean },
): Pick<Issuance, 'state' | 'plan'> {
  if (answer.kind === 'never') throw new CertError(answer.reason);
  if (answer.kind === 'rest' && answer.isPlaced !== true) throw new CertError(answer.reason);
  if (needsApproval) return { state: 'awaitingApproval', plan: null };
  // Its upstream checks the names, and says when they are proved.
  if (answer.kind === 'caa') return { state: 'ready', plan: null };
  if (answer.kind !== 'yes' || isRelayed) return { state: 'awaitingValidation', plan: null };
  return { state: answer.mayBegin ? 'issuing' : 'ready', plan: answer.plan };
}

interface Wanted {
  readonly order: Order;
  readonly requester: Requester;
  readonly profile: Profile;
  readonly request: NewIssuance['request'];
  readonly issuanceId: IssuanceId;
  readonly csr: Uint8Array | null;
  /** The front door whose challenges are offered. */
  readonly dialect: string;
  readonly issuerId: string;
  readonly now: Date;
}

/** Earlier proofs of the names and of their parents that are still good. */
function usableProofs(
  { publicSuffixes }: AppContext,
  tx: Stores,
  { order, names, csr, now }: Pick<Wanted, 'order' | 'csr' | 'now'> & { readonly names: readonly Identifier[] },
): Promise<readonly Authorization[]> {
  const candidates = new Set(names.flatMap((name) => provingNames(name, publicSuffixes)));
  return tx.authorizations.listUsable(order.accountId, [...candidates], { now, keyHash: keyHashOfIssuance({ csr }) });
}

/** The authorization of each name: an earlier proof of it or of a parent where one serves, else a new one with the dialect's challenges. */
async function authorize(
  context: AppContext,
  tx: Stores,
  wanted: Wanted,
  usable: readonly Authorization[],
): Promise<{ readonly proofs: readonly NameProof[]; readonly created: readonly Authorization[] }> {
  const { requester, profile, request, csr, now } = wanted;
  const { names } = request;
  const keyHash = keyHashOfIssuance({ csr });
  const serving = await servingRequester(tx, requester, usable);
  const proved = reusableProofs(serving, { names, keyHash, profile, now });
  const unproved = names.filter(({ value }) => !proved.has(value));
  const created = unproved.length === 0 ? [] : newAuthorizations(context, wanted, unproved);
  return proofsOfAll(names, created, proved);
}

/** @param proved names that have a proof already */
function proofsOfAll(
  names: readonly Identifier[],
  created: readonly Authorization[],
  proved: ReadonlyMap<string, Authorization> = new Map(),
): { readonly proofs: readonly NameProof[]; readonly created: readonly Authorization[] } {
  const made = new Map(created.map((one) => [one.identifier.value, one]));
  const proofs = names.map((identifier) => {
    const authorization = proved.get(identifier.value) ?? made.get(identifier.value);
    if (authorization === undefined)
      throw refuse('internal', {}, { cause: new Error(`no proof of ${identifier.value}`) });
    return { identifier, authorization };
  });
  return { proofs, created };
}

/** Of a relayed issuance: nothing that was proved before serves it, and its challenges are still to come from the upstream. */
function newRelayedAuthorizations(
  context: AppContext,
  { order: { accountId }, profile, request, issuanceId, dialect, now }: Wanted,
  issuer: RelayingIssuer,
): readonly Authorization[] {
  const offered = offeredRelays(context, { dialect, issuer, request, profile });
  const made = () => ({ id: newId('authorization', context), accountId, issuanceId, createdAt: now });
  return forEachName(
    request.names,
    ({ value }) => value,
    (identifier) => ({
      ...pendingAuthorization({ ...made(), identifier, ...offered(identifier) }),
      checkedBy: issuer.id,
    }),
  );
}

function newAuthorizations(
  context: AppContext,
  wanted: Wanted,
  names: readonly Identifier[],
): readonly Authorization[] {
  const { order, profile, request, issuanceId, csr, dialect, issuerId, now } = wanted;
  const { accountId, credentialId, dialectData } = order;
  const facts = { accountId, credentialId, dialectData, csr };
  const offered = offeredProofs(context, { dialect, issuerId, facts, request, profile });
  const made = () => ({ id: newId('authorization', context), accountId, issuanceId, createdAt: now });
  return forEachName(
    names,
    ({ value }) => value,
    (identifier) => ({
      ...pendingAuthorization({ ...made(), identifier, ...offered(identifier) }),
      isCheckedOnRequest: request.isCheckedOnRequest ?? false,
    }),
  );
}

/**
 * The challenges offered for each name: those that the profile accepts and this server can check, with the customer's choice. Only the
 * delegation, where the issuer needs it and the front door shows it.
 * @throws {CertError} by the function that it returns: nothingToProve, or what a choice is refused for
 */
export function offeredProofs(
  context: AppContext,
  input: {
    readonly dialect: string;
    readonly issuerId: string;
    readonly facts: Omit<ProofFacts, 'proofReference'>;
    readonly request: Proofs;
    readonly profile: Profile;
  },
): (identifier: Identifier) => Pick<Authorization, 'challenges' | 'preferredMethod'> {
  const { dialect, issuerId, facts, request, profile } = input;
  const { proofReference, preferredMethod, isMethodRequested = false } = request;
  const challengesFor = proofMakerOf(context, dialect).challengesOf({ ...facts, proofReference });
  const choices = choicesByName(request.choices);
  return (identifier) => {
    const delegation = delegationChallenge(context, {
      dialect,
      issuerId,
      accountId: facts.accountId,
      name: identifier,
    });
    const made = delegation === undefined ? challengesFor(identifier) : [delegation];
    const accepted = acceptedChallenges(made, identifier, profile);
    const challenges = accepted.filter((challenge) => isChecked(challenge) || context.mailer !== null);
    const choice = choices.get(identifier.value) ?? (delegation && isMethodRequested ? preferredMethod : undefined);
    if (choice !== undefined) return chosenProof(context, { name: identifier, challenges, choice });
    if (challenges.length === 0) throw refuse('nothingToProve', { name: identifier.value, profile: profile.id });
    return { challenges, preferredMethod: delegation?.method ?? preferredMethod };
  };
}

/**
 * The method for each name of a relayed issuance, by the customer's choice: without challenges, since the upstream makes them. An
 * address that was chosen for mail is kept in one, for the upstream.
 * @throws {CertError} doorCannotRelay; by the function that it returns: nothingToRelay, methodNotAllowed
 */
export function offeredRelays(
  context: AppContext,
  input: {
    readonly dialect: string;
    readonly issuer: RelayingIssuer;
    readonly request: Proofs;
    readonly profile: Profile;
  },
): (identifier: Identifier) => Pick<Authorization, 'challenges' | 'preferredMethod'> {
  const { dialect, issuer, request, profile } = input;
  const { id, relayedMethods: relayed } = issuer;
  const objection = objectionToDoor(context, dialect, id);
  if (objection !== undefined) throw new CertError(objection);
  const choices = choicesByName(request.choices);
  return (name) => {
    const methods = relayedMethodsFor(name, { pair: doorOf(context, dialect), relayed, profile });
    const [usual] = methods;
    if (usual === undefined) throw refuse('nothingToRelay', { name: name.value, issuer: id, offered: relayed });
    const choice = choices.get(name.value);
    if (choice !== undefined) return relayedChoice(name, choice, methods);
    const { preferredMethod } = request;
    return { challenges: [], preferredMethod: methods.includes(preferredMethod) ? preferredMethod : usual };
  };
}

function choicesByName(choices: readonly NameChoice[] = []): ReadonlyMap<string, MethodChoice> {
  return new Map(choices.map(({ name, choice }) => [name.value, choice]));
}
