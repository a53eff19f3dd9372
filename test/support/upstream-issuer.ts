/** An issuer that buys from the nasty upstream, as the client half of a dialect would. */
import { methodOfChoice } from '../../src/domain/challenge.ts';
import { reason } from '../../src/domain/errors.ts';
import type {
  CancellingIssuer,
  KeyChangingIssuer,
  NameRemovingIssuer,
  PreparedIssuer,
  RelayingIssuer,
  RelayOutcome,
  RenewalInformingIssuer,
  RevokingIssuer,
  UpstreamIssuer,
  UpstreamOutcome,
} from '../../src/domain/ports/issuer.ts';
import type { Clock } from '../../src/domain/ports/system.ts';
import type { UpstreamMode } from '../../src/domain/relay.ts';
import type { UpstreamTerms } from '../../src/domain/upstream-account.ts';
import type { UpstreamBudget } from '../../src/domain/upstream-budget.ts';
import type { UpstreamCheck } from '../../src/domain/upstream-check.ts';
import type { ValidationMethod } from '../../src/domain/validation-method.ts';
import type { Status, UpstreamApi } from './nasty-upstream.ts';

export interface UpstreamIssuerOptions {
  readonly id?: string;
  readonly terms?: Partial<UpstreamTerms>;
  /** The upstream takes an order once for each client reference, so that it may be sent again. */
  readonly isIdempotent?: boolean;
  readonly pollSeconds?: number;
  /** Who proves what to whom; `own` by default. */
  readonly mode?: UpstreamMode;
  /** What it misses at the customer's before it is sent an order. */
  readonly missing?: PreparedIssuer['missingPreparation'];
  /** What a check finds; an issuer without it cannot check. */
  readonly checks?: () => readonly UpstreamCheck[];
  readonly ca?: NonNullable<UpstreamIssuer['ca']>;
  /** What a change of the account's key comes to; an issuer without it has none. */
  readonly changeKey?: KeyChangingIssuer['changeKey'];
}

/** Optional capabilities to leave out. */
export type Capability = 'cancel' | 'revoke' | 'renewalInfo';

export const upstreamTerms: UpstreamTerms = {
  account: 'nasty',
  deadlineHours: 48,
  afterDeadline: 'fail',
  concurrency: 2,
  budgets: [],
  relayWaitMs: 0,
};

export type FullIssuer = CancellingIssuer & RevokingIssuer & RenewalInformingIssuer;

/** The same, for an upstream that checks the names itself. */
export function createRelayingIssuer(
  upstream: UpstreamApi,
  clock: () => Pick<Clock, 'now'>,
  {
    relays = ['dnsCname', 'dnsTxt', 'httpFile', 'email'],
    takesNamesOut = true,
    ...options
  }: UpstreamIssuerOptions & {
    readonly relays?: readonly ValidationMethod[];
    /** False: it has no call for that. */
    readonly takesNamesOut?: boolean;
  } = {},
): FullIssuer & RelayingIssuer {
  const issuer = createUpstreamIssuer(upstream, clock, options);
  const { id = 'upstream', pollSeconds = 60 } = options;

  function relayedOf(status: Status, outcome: () => UpstreamOutcome): RelayOutcome {
    const retryAt = new Date(clock().now().getTime() + pollSeconds * 1000);
    const { reference, state } = status;
    if (state === 'pending') return { kind: 'accepted', reference, retryAt };
    if (state !== 'unproved' || status.proofs === undefined) return outcome();
    const { names, until: expiresAt } = status.proofs;
    return { kind: 'proofs', reference, names, expiresAt, retryAt };
  }

  async function referenceOf(issuanceId: string, reference: string | null, signal: AbortSignal): Promise<string> {
    const known = reference ?? (await upstream.find(issuanceId, signal))?.reference;
    if (known === undefined) throw new Error(`it knows of no order ${issuanceId}`);
    return known;
  }

  const outcomeOf = createOutcomeOf(id, clock, pollSeconds);
  const read = (status: Status) => relayedOf(status, () => outcomeOf(status));

  return {
    ...issuer,
    relayedMethods: relays,
    async proofsWanted(request, reference, signal) {
      if (reference !== null && reference !== 'none') return read(await upstream.status(reference, signal));
      const found = await upstream.find(request.issuanceId, signal);
      return found === undefined ? issuer.resume(request, null, signal) : read(found);
    },
    async checkProofs({ issuanceId }, reference, signal) {
      return read(await upstream.check(await referenceOf(issuanceId, reference, signal), signal));
    },
    async changeMethod({ issuanceId }, { reference, name, choice }, signal) {
      const known = await referenceOf(issuanceId, reference, signal);
      const status = await upstream.changeMethod(known, { name, choice }, signal);
      if (status !== 'refused') return read(status);
      const refused = { issuer: id, name: name.value, method: methodOfChoice(choice), detail: 'not today' };
      return { kind: 'methodRefused', reference: known, reason: reason('issuerRefusedMethod', refused) };
    },
    ...(takesNamesOut ? { removeName } : {}),
  };

  async function removeName(
    ...[{ issuanceId }, { name, reference: given }, signal]: Parameters<NameRemovingIssuer['removeName']>
  ): ReturnType<NameRemovingIssuer['removeName']> {
    const reference = await referenceOf(issuanceId, given, signal);
    if ((await upstream.removeName(reference, name, signal)) === 'removed') return { kind: 'nameRemoved', reference };
    const kept = { issuer: id, name: name.value, detail: 'not today' };
    return { kind: 'nameKept', reference, reason: reason('issuerKeptName', kept) };
  }
}

function createOutcomeOf(id: string, clock: () => Pick<Clock, 'now'>, pollSeconds: number) {
  const soon = () => new Date(clock().now().getTime() + pollSeconds * 1000);
  return (status: Status): UpstreamOutcome => {
    const { state, reference } = status;
    switch (state) {
      case 'unproved':
      case 'pending':
        return { kind: 'pending', reference, retryAt: soon() };
      case 'issued':
        return { kind: 'issued', reference, der: status.der, chain: status.chain };
      case 'refused':
      case 'cancelled':
        return { kind: 'refused', reason: reason('issuerRefused', { issuer: id, detail: state }) };
      default:
        return { kind: 'unclear', detail: `its state is "${state}"`, reference, retryAt: soon() };
    }
  };
}

export function createUpstreamIssuer(
  upstream: UpstreamApi,
  clock: () => Pick<Clock, 'now'>,
  {
    id = 'upstream',
    terms = {},
    isIdempotent = false,
    pollSeconds = 60,
    mode,
    missing,
    checks,
    ca,
    changeKey,
  }: UpstreamIssuerOptions = {},
): FullIssuer {
  const soon = () => new Date(clock().now().getTime() + pollSeconds * 1000);

  const outcomeOf = createOutcomeOf(id, clock, pollSeconds);

  return {
    id,
    upstream: { ...upstreamTerms, ...terms },
    ...(mode === undefined ? {} : { mode }),
    ...(missing === undefined ? {} : { missingPreparation: missing }),
    ...(ca && { ca }),
    ...(changeKey && { changeKey }),
    ...(checks && { check: async () => checks() }),
    async begin({ issuanceId: clientReference, csr, names, choices }, signal) {
      return outcomeOf(await upstream.place({ clientReference, csr, names, choices }, signal));
    },
    async resume({ issuanceId: clientReference, csr, names, choices }, reference, signal) {
      if (reference !== null && reference !== 'none') return outcomeOf(await upstream.status(reference, signal));
      const found = await upstream.find(clientReference, signal);
      if (found !== undefined) return outcomeOf(found);
      if (isIdempotent) return outcomeOf(await upstream.place({ clientReference, csr, names, choices }, signal));
      return {
        kind: 'unclear',
        detail: 'it knows of no such order',
        reference: null,
        retryAt: new Date(clock().now().getTime() + 43_200_000),
      };
    },
    async cancel({ issuanceId, reference }, signal) {
      const known = reference ?? (await upstream.find(issuanceId, signal))?.reference;
      return known === undefined ? 'tooLate' : upstream.cancel(known, signal);
    },
    revoke: ({ serial }, _reason, signal) => upstream.revoke(serial, signal),
    async renewalInfo({ serial }, signal) {
      const from = await upstream.renewalInfo(serial, signal);
      return from === undefined ? null : { from, until: new Date(from.getTime() + 86_400_000), retryAt: soon() };
    },
  };
}

/** The same without some of its capabilities. */
export function without(issuer: FullIssuer, ...capabilities: readonly Capability[]): UpstreamIssuer {
  const kept = Object.entries(issuer).filter(([name]) => !capabilities.some((one) => one === name));
  return {
    id: issuer.id,
    upstream: issuer.upstream,
    begin: issuer.begin,
    resume: issuer.resume,
    ...Object.fromEntries(kept),
  };
}

/** A budget of so many orders of the account. */
export function ordersOf(limit: number, windowSeconds: number): UpstreamBudget {
  return { name: 'orders', counts: 'order', per: 'account', limit, windowSeconds, isExemptForRenewal: false };
}
