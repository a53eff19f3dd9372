/** An issuer each of whose capabilities keeps what it noted of its exchanges, with the issuance that they were about. */
import {
  type ComparingIssuer,
  canCompare,
  canRevoke,
  isPrepaid,
  type ListingIssuer,
  listsProducts,
  needsPreparation,
  type PrepaidIssuer,
  removesNames,
  wantsProofs,
} from '../../domain/ports/issuer.ts';
import type { Evidence } from '../evidence.ts';
import type { VendorIssuer } from './issuer.ts';

export function recordedIssuer(issuer: VendorIssuer, { recorded }: Pick<Evidence, 'recorded'>): VendorIssuer {
  return {
    ...issuer,
    begin: (request, signal) => recorded(request.issuanceId, () => issuer.begin(request, signal)),
    resume: (request, reference, signal) =>
      recorded(request.issuanceId, () => issuer.resume(request, reference, signal)),
    check: (signal) => recorded(null, () => issuer.check(signal)),
    cancel: (order, signal) => recorded(order.issuanceId, () => issuer.cancel(order, signal)),
    resolve: (request, found, signal) => recorded(request.issuanceId, () => issuer.resolve(request, found, signal)),
    ...relayCalls(issuer, recorded),
    ...preparationCall(issuer, recorded),
    ...revocationCall(issuer, recorded),
    ...watchCalls(issuer, recorded),
  };
}

type Recorded = Evidence['recorded'];

function relayCalls(issuer: VendorIssuer, recorded: Recorded) {
  if (!wantsProofs(issuer)) return {};
  const { proofsWanted, checkProofs, changeMethod } = issuer;
  return {
    proofsWanted: (...[request, reference, signal]: Parameters<typeof proofsWanted>) =>
      recorded(request.issuanceId, () => proofsWanted(request, reference, signal)),
    checkProofs: (...[request, reference, signal]: Parameters<typeof checkProofs>) =>
      recorded(request.issuanceId, () => checkProofs(request, reference, signal)),
    changeMethod: (...[request, change, signal]: Parameters<typeof changeMethod>) =>
      recorded(request.issuanceId, () => changeMethod(request, change, signal)),
    ...removalCall(issuer, recorded),
  };
}

function removalCall(issuer: VendorIssuer, recorded: Recorded) {
  if (!removesNames(issuer)) return {};
  const { removeName } = issuer;
  return {
    removeName: (...[request, removal, signal]: Parameters<typeof removeName>) =>
      recorded(request.issuanceId, () => removeName(request, removal, signal)),
  };
}

function preparationCall(issuer: VendorIssuer, recorded: Recorded) {
  if (!needsPreparation(issuer)) return {};
  const { missingPreparation } = issuer;
  return {
    missingPreparation: (...[request, signal]: Parameters<typeof missingPreparation>) =>
      recorded(request.issuanceId, () => missingPreparation(request, signal)),
  };
}

/** About no order of ours. */
function watchCalls(issuer: VendorIssuer, recorded: Recorded) {
  return {
    ...(isPrepaid(issuer) ? balanceCall(issuer, recorded) : {}),
    ...(canCompare(issuer) ? comparisonCall(issuer, recorded) : {}),
    ...(listsProducts(issuer) ? productsCall(issuer, recorded) : {}),
  };
}

function balanceCall({ balance }: PrepaidIssuer, recorded: Recorded) {
  return { balance: (signal: AbortSignal) => recorded(null, () => balance(signal)) };
}

function comparisonCall({ compare }: ComparingIssuer, recorded: Recorded) {
  return {
    compare: (...[open, signal]: Parameters<typeof compare>) => recorded(null, () => compare(open, signal)),
  };
}

function productsCall({ products }: ListingIssuer, recorded: Recorded) {
  return { products: (signal: AbortSignal) => recorded(null, () => products(signal)) };
}

function revocationCall(issuer: VendorIssuer, recorded: Recorded) {
  if (!canRevoke(issuer)) return {};
  const { revoke } = issuer;
  return {
    revoke: (...[certificate, reason, signal]: Parameters<typeof revoke>) =>
      recorded(certificate.issuanceId, () => revoke(certificate, reason, signal)),
  };
}
