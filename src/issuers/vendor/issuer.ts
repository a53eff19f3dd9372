/** An issuer that buys from a vendor: the capabilities of the port, over the steps of a purchase. */
import { methodOfChoice } from '../../domain/challenge.ts';
import { CertError, type Reason, reason, refuse } from '../../domain/errors.ts';
import { isIp } from '../../domain/identifier.ts';
import type {
  CancellingIssuer,
  CheckingIssuer,
  ComparingIssuer,
  FoundOut,
  ListingIssuer,
  MethodRefused,
  NameRemovingIssuer,
  NotPassedOn,
  PrepaidIssuer,
  PreparedIssuer,
  RelayingIssuer,
  RelayOutcome,
  ResolvableIssuer,
  RevokingIssuer,
  SignfileIssuer,
  Suited,
  UpstreamIssuer,
  UpstreamOutcome,
  UpstreamReference,
  UpstreamRequest,
  UpstreamWait,
} from '../../domain/ports/issuer.ts';
import { UpstreamFailure } from '../../domain/upstream-failure.ts';
import type { VendorOrder } from '../../domain/vendor-order.ts';
import { cancelOrder } from './cancel.ts';
import { checkVendor } from './check.ts';
import { compareByList, compareOneByOne } from './compare.ts';
import type { VendorIssuerContext } from './context.ts';
import { move } from './kept-row.ts';
import { withoutProofs } from './outcome.ts';
import { afterFailureOf, isRefusal, notPassedOn } from './passing-on.ts';
import { productFor } from './purchase.ts';
import { removing } from './removal.ts';
import { resolveOrder } from './resolve.ts';
import { newRow } from './row.ts';
import { missingStanding } from './standing.ts';
import { driveOrder, type Step, type StepFor } from './steps.ts';
import { isHere, objectionToAddress } from './whereabouts.ts';

export type VendorIssuer = UpstreamIssuer & CheckingIssuer & CancellingIssuer & ResolvableIssuer;

export function createVendorIssuer(context: VendorIssuerContext): VendorIssuer {
  const { id, terms, mode, upstream, rows, baseUrl, balanceWarning } = context;
  const { manners } = upstream;

  /** @param isNew a pool has chosen this issuer: what it has of the issuance is over, or was never sent */
  async function stepFor(request: UpstreamRequest, isRelaying: boolean, isNew = false): Promise<Step> {
    const found = await rows.read.vendorOrders.get(request.issuanceId);
    // What is part of an order at another account or address is bought anew.
    const isMoved = found?.step === 'waiting' && !isHere(context, found);
    if (found !== undefined && found.issuerId === id && !isMoved && (!isNew || !isDone(found))) {
      return { request, row: found, isRelaying };
    }
    if (found !== undefined && found.issuerId !== id && !isDone(found)) {
      throw new Error(`issuance ${request.issuanceId} is at ${found.issuerId} as well`);
    }
    const { row, objection } = await newRow(context, request);
    await move(context, found, row);
    return { request, row, isRelaying, ...(objection && { objection }) };
  }

  async function begin(request: UpstreamRequest, signal: AbortSignal): Promise<UpstreamOutcome> {
    const outcome = await driveOrder(context, await stepFor(request, false, true), signal);
    return withoutProofs(outcome);
  }

  async function resume(request: UpstreamRequest, signal: AbortSignal): Promise<UpstreamOutcome> {
    return withoutProofs(await driveOrder(context, await stepFor(request, false), signal));
  }

  const issuer: VendorIssuer = {
    id,
    upstream: terms,
    ca: { title: manners.title, url: baseUrl },
    ...(manners.takesCsr ? {} : { makesKeys: true }),
    ...(mode === 'relay' ? {} : { mode }),
    objectionTo: (request) => objectionTo(context, request),
    begin: mode === 'relay' ? (request, signal) => beginRelay(context, stepFor, request, signal) : begin,
    resume: (request, _reference, signal) => resume(request, signal),
    async isUncommitted(issuanceId) {
      const row = await rows.read.vendorOrders.get(issuanceId);
      return row === undefined || row.issuerId !== id || isDone(row);
    },
    check: (signal) => checkVendor(context, signal),
    cancel: (order: UpstreamReference, signal) => cancelOrder(context, order, signal),
    resolve: (request: UpstreamRequest, found: FoundOut, signal) => resolveOrder(context, request, found, signal),
  };
  return {
    ...issuer,
    ...(mode === 'relay' ? relaying(context, stepFor) : {}),
    ...(mode === 'signfile' && upstream.signfile !== undefined ? withSignfile(context, upstream.signfile) : {}),
    ...(mode === 'standing'
      ? ({
          missingPreparation: (request, signal) => missingStanding(context, request, signal),
        } satisfies Pick<PreparedIssuer, 'missingPreparation'>)
      : {}),
    ...(upstream.balance === undefined ? {} : ({ balanceWarning, balance: upstream.balance } satisfies Prepaid)),
    ...listing(context),
    ...comparing(context),
    ...(upstream.revoke === undefined ? {} : revoking(context, upstream.revoke)),
  };
}

type Prepaid = Pick<PrepaidIssuer, 'balanceWarning' | 'balance'>;

function comparing(context: VendorIssuerContext): Pick<ComparingIssuer, 'comparesByList' | 'compare'> {
  const { orders } = context.upstream;
  if (orders === undefined) {
    return { comparesByList: false, compare: (open, signal) => compareOneByOne(context, open, signal) };
  }
  const compare = compareByList(context, orders);
  return { comparesByList: true, compare: (_open, signal) => compare(signal) };
}

function listing({ mapping, upstream }: VendorIssuerContext): Partial<Pick<ListingIssuer, 'boughtFor' | 'products'>> {
  if (upstream.manners.listsLimits !== true) return {};
  return { boughtFor: (code) => productFor(mapping, code)?.code, products: (signal) => upstream.products(signal) };
}

/** Nothing of it is at the vendor. */
function isDone({ step }: VendorOrder): boolean {
  return step === 'waiting' || step === 'over';
}

/** The proofs are asked for at once, where they are known. */
async function beginRelay(
  context: VendorIssuerContext,
  stepFor: StepFor,
  request: UpstreamRequest,
  signal: AbortSignal,
): Promise<UpstreamOutcome> {
  return withoutProofs(await driveOrder(context, await stepFor(request, true, true), signal));
}

function relaying(
  context: VendorIssuerContext,
  stepFor: StepFor,
): Pick<RelayingIssuer, 'relayedMethods' | 'choosesMailLater' | 'proofsWanted' | 'checkProofs' | 'changeMethod'> &
  Partial<Pick<NameRemovingIssuer, 'removeName'>> {
  const { id: issuer, upstream } = context;
  const drive = async (request: UpstreamRequest, signal: AbortSignal) =>
    driveOrder(context, await stepFor(request, true), signal);

  return {
    relayedMethods: upstream.manners.relayed,
    ...(upstream.manners.takesNoMail === true ? { choosesMailLater: true } : {}),
    ...removing(context, stepFor),
    proofsWanted: (request, _reference, signal) => drive(request, signal),

    async checkProofs(request, _reference, signal) {
      const { row } = await stepFor(request, true);
      const isBought = row.step === 'bought' && row.reference !== null && isHere(context, row);
      if (!isBought || row.reference === null || upstream.check === undefined) return drive(request, signal);
      try {
        await upstream.check(row.reference, signal);
      } catch (thrown) {
        if (!(thrown instanceof UpstreamFailure)) throw thrown;
        // It looks by itself as well; what it makes of the order is seen next.
        if (thrown.kind === 'limited') return notPassedOn(context, row, thrown);
        if (thrown.kind !== 'wrongState' && thrown.kind !== 'refused') return afterFailureOf(context, row, thrown);
      }
      return drive(request, signal);
    },

    async changeMethod(request, { name, choice }, signal): Promise<RelayOutcome | MethodRefused | NotPassedOn> {
      const { row } = await stepFor(request, true);
      const refused = (detail: string): MethodRefused => ({
        kind: 'methodRefused',
        reference: row.reference?.order ?? '',
        reason: reason('issuerRefusedMethod', { issuer, name: name.value, method: methodOfChoice(choice), detail }),
      });
      if (row.reference !== null && !isHere(context, row)) return drive(request, signal);
      if (row.reference === null || upstream.changeMethod === undefined) {
        return refused(upstream.manners.relayed.join(', '));
      }
      try {
        await upstream.changeMethod(row.reference, { name, choice }, signal);
      } catch (thrown) {
        if (!(thrown instanceof UpstreamFailure)) throw thrown;
        if (thrown.kind === 'limited') return notPassedOn(context, row, thrown);
        return isRefusal(thrown) ? refused(thrown.message) : afterFailureOf(context, row, thrown);
      }
      return drive(request, signal);
    },
  };
}

function withSignfile(
  { id: issuer, preparations }: VendorIssuerContext,
  signfile: SignfileIssuer['signfile'],
): Pick<SignfileIssuer, 'signfile'> & Pick<PreparedIssuer, 'missingPreparation'> {
  return {
    signfile,
    missingPreparation: ({ names }, signal): Promise<UpstreamWait | undefined> =>
      preparations.missingFile(names, { issuer, ...signfile }, signal),
  };
}

function revoking(
  context: VendorIssuerContext,
  revoke: NonNullable<VendorIssuerContext['upstream']['revoke']>,
): Pick<RevokingIssuer, 'revoke'> {
  return {
    async revoke({ issuanceId, serial }, why, signal) {
      const row = await context.rows.read.vendorOrders.get(issuanceId);
      if (row?.reference == null) throw refuse('notFound', { what: 'upstreamOrder', value: issuanceId });
      // The number may be that of a stranger's order at the account and address of today.
      const objection = objectionToAddress(context, row);
      if (objection !== undefined) throw new CertError(objection);
      await revoke({ reference: row.reference, serial }, why, signal);
    },
  };
}

/** What this vendor never certifies. */
function objectionTo(
  { id: issuer, upstream: { manners } }: VendorIssuerContext,
  { names, csr, ordered }: Suited,
): Reason | undefined {
  const { takesWildcards, takesAddresses, mostNames, takesCsr } = manners;
  const wildcard = names.find(({ kind }) => kind === 'wildcard');
  if (wildcard !== undefined && !takesWildcards) return reason('caTakesNoWildcard', { issuer, name: wildcard.value });
  const address = names.find((name) => isIp(name) && !takesAddresses.some((kind) => kind === name.kind));
  if (address !== undefined) {
    const key = takesAddresses.includes('ipv4') ? 'vendorTakesNoIpv6' : 'caTakesNoAddress';
    return reason(key, { issuer, name: address.value });
  }
  if (names.length > mostNames) {
    return reason('vendorTakesFewerNames', { issuer, most: mostNames, count: names.length });
  }
  // Whose key it will be is not known before there is one.
  return takesCsr || csr === null || ordered.isKeyOurs ? undefined : reason('vendorMakesKeys', { issuer });
}
