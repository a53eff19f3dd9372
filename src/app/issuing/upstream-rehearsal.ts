/**
 * All that comes before an order at an upstream, without the order: whether the issuer certifies such a name, CAA, breaker, budgets, what
 * must stand at the customer's, and whether our account there works. Nothing is stored, and nothing is counted.
 */
import type { Account } from '../../domain/account.ts';
import { caaObjection } from '../../domain/caa.ts';
import { reason } from '../../domain/errors.ts';
import { baseName, type Identifier, isIp } from '../../domain/identifier.ts';
import { newId, nextId } from '../../domain/ids.ts';
import { upstreamTexts as texts } from '../../domain/messages/upstreams.ts';
import {
  type CheckingIssuer,
  canCheck,
  isNamedByCaa,
  modeOf,
  needsPreparation,
  type OrderedTerms,
  type UpstreamIssuer,
  type UpstreamRequest,
} from '../../domain/ports/issuer.ts';
import { defaultProfiles, type Profile } from '../../domain/profile.ts';
import { objectionToNamesInMode } from '../../domain/relay.ts';
import type { CheckDetail, RehearsalStep, RehearsedStep } from '../../domain/upstream-check.ts';
import { createCsr } from '../../pki/csr-writer.ts';
import { createLocalSigner, generateKey } from '../../pki/key.ts';
import type { KeyAlgorithm } from '../../pki/public-key.ts';
import type { AppContext } from '../context.ts';
import { spentBudget } from './upstream-budgets.ts';
import { messageOf, untilAborted } from './upstream-call.ts';

export interface Rehearsal {
  readonly name: Identifier;
  /** Whose order it would be. */
  readonly account: Account;
}

export async function rehearse(
  context: AppContext,
  issuer: UpstreamIssuer,
  rehearsal: Rehearsal,
  signal: AbortSignal,
): Promise<readonly RehearsedStep[]> {
  const request = await requestFor(context, issuer, rehearsal);
  // One after the other, as an order meets them; each is shown, also behind one that fails.
  return [
    suits(issuer, request),
    fitsMode(issuer, rehearsal),
    await caaStep(context, issuer, rehearsal, signal),
    await breakerStep(context, issuer),
    await budgetStep(context, issuer, request),
    await preparationStep(issuer, request, signal),
    ...(canCheck(issuer) ? await checkSteps(issuer, signal) : []),
  ];
}

const step = (what: RehearsalStep, ok: boolean, detail: CheckDetail): RehearsedStep => ({ what, ok, detail });

function suits(issuer: UpstreamIssuer, request: UpstreamRequest): RehearsedStep {
  const objection = issuer.objectionTo?.(request);
  const name = request.names[0]?.value ?? '';
  return step('issuer', objection === undefined, objection ?? texts.suits({ issuer: issuer.id, name }));
}

function fitsMode(issuer: UpstreamIssuer, { name }: Rehearsal): RehearsedStep {
  const objection = objectionToNamesInMode(modeOf(issuer), [name], issuer.id);
  return step('name', objection === undefined, objection ?? texts.namesTaken());
}

async function caaStep(
  { lookUpCaa }: AppContext,
  issuer: UpstreamIssuer,
  { name }: Rehearsal,
  signal: AbortSignal,
): Promise<RehearsedStep> {
  if (isIp(name)) return step('caa', true, texts.caaOfAddress());
  if (!isNamedByCaa(issuer)) return step('caa', true, texts.caaUnnamed());
  try {
    const identity = await untilAborted(signal, issuer.caaIdentity(signal));
    const outcome = await untilAborted(signal, lookUpCaa(baseName(name), signal));
    if (!outcome.ok) return step('caa', false, outcome.problem);
    const { foundAt } = outcome.answer;
    const objection = caaObjection(outcome.answer, identity, { isWildcard: name.kind === 'wildcard' });
    if (objection === undefined) return step('caa', true, texts.caaAllows({ at: foundAt }));
    return step(
      'caa',
      false,
      texts.caaForbids({ at: foundAt ?? '', records: objection.records, domains: identity.domains[0] ?? '' }),
    );
  } catch (thrown) {
    return step('caa', false, texts.doesNotAnswer({ fault: messageOf(thrown) }));
  }
}

async function breakerStep({ database, clock }: AppContext, { id, upstream }: UpstreamIssuer): Promise<RehearsedStep> {
  const account = await database.read.upstreamAccounts.get(upstream.account);
  const openUntil = account?.openUntil ?? null;
  if (openUntil === null || openUntil <= clock.now()) return step('breaker', true, texts.breakerClosed());
  const away = { issuer: id, until: openUntil.toISOString(), fault: account?.lastFault ?? '' };
  return step('breaker', false, reason('upstreamAway', away));
}

async function budgetStep(
  context: AppContext,
  { id, upstream }: UpstreamIssuer,
  { issuanceId, names }: UpstreamRequest,
): Promise<RehearsedStep> {
  const order = { issuanceId, names, isRenewal: false };
  const spent = await spentBudget(context, context.database.read, upstream, order);
  if (spent === undefined) return step('budget', true, texts.budgetLeft());
  return step('budget', false, reason('upstreamBudgetSpent', { issuer: id, until: spent.until.toISOString() }));
}

async function preparationStep(
  issuer: UpstreamIssuer,
  request: UpstreamRequest,
  signal: AbortSignal,
): Promise<RehearsedStep> {
  if (!needsPreparation(issuer)) return step('preparation', true, texts.nothingToPrepare());
  try {
    const missing = await untilAborted(signal, issuer.missingPreparation(request, signal));
    return step('preparation', missing === undefined, missing?.reason ?? texts.standsReady());
  } catch (thrown) {
    return step('preparation', false, messageOf(thrown));
  }
}

async function checkSteps(issuer: CheckingIssuer, signal: AbortSignal): Promise<readonly RehearsedStep[]> {
  try {
    return await untilAborted(signal, issuer.check(signal));
  } catch (thrown) {
    return [step('access', false, texts.doesNotAnswer({ fault: messageOf(thrown) }))];
  }
}

const dayMs = 86_400_000;

/** Some CAs certify keys of one kind only. */
const keys = [
  { type: 'ec', curve: 'P-256' },
  { type: 'rsa', bits: 2048 },
] as const satisfies readonly KeyAlgorithm[];

/** Of no order, and no product: what a vendor would be asked for depends on the product. */
async function rehearsedTerms(context: AppContext): Promise<OrderedTerms> {
  return {
    orderId: await nextId('order', context),
    productId: newId('product', context),
    productCode: '',
    kind: 'new',
    coverage: { unit: 'days', count: 90 },
    contact: null,
    organizationNumber: null,
    earlier: [],
    renewed: [],
    keyType: 'ec',
    isKeyOurs: true,
  };
}

/** For a key that exists for this only. The id is of no issuance. */
async function requestFor(
  context: AppContext,
  issuer: UpstreamIssuer,
  { name, account }: Rehearsal,
): Promise<UpstreamRequest> {
  const [usual, other] = keys;
  const request = {
    issuanceId: await nextId('issuance', context),
    accountId: account.id,
    profile: anyProfile(context),
    csr: await newCsr(name, usual),
    names: [name],
    organization: null,
    validity: null,
    coverageUntil: new Date(context.clock.now().getTime() + 365 * dayMs),
    choices: [],
    ordered: await rehearsedTerms(context),
    predecessor: null,
  } satisfies UpstreamRequest;
  if (issuer.objectionTo?.(request) === undefined) return request;
  const second = { ...request, csr: await newCsr(name, other) };
  return issuer.objectionTo(second) === undefined ? second : request;
}

async function newCsr(name: Identifier, algorithm: KeyAlgorithm): Promise<Uint8Array> {
  const { privateKeyPkcs8, spkiDer } = await generateKey(algorithm);
  const csr = await createCsr({ subject: {}, names: [name], spkiDer }, createLocalSigner(privateKeyPkcs8));
  privateKeyPkcs8.fill(0);
  return csr;
}

function anyProfile({ profiles }: AppContext): Profile {
  const found = profiles.get('public-dv') ?? [...profiles.values(), ...defaultProfiles][0];
  if (found === undefined) throw new Error('there are no profiles');
  return found;
}
