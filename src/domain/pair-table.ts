/**
 * Which front door can sell what comes from which way out, and who proves what to whom then (design §5). One function says so: for the
 * configuration that is checked, and for docs/pairs.md.
 */
import { type Reason, reason } from './errors.ts';
import { type DoorOfPair, type IssuerOfPair, objectionToPair, showsDelegation } from './relay.ts';

/**
 * `own`: we check the names by the front door's challenges, and nothing else is needed. `shown`: the front door shows what the upstream
 * looks for, as its own challenge. `beforehand`: we check the names by the front door's challenges, and what the upstream looks for must
 * stand besides (`certmux dns check`). `none`: nothing can be sold.
 */
export type Standing =
  | { readonly kind: 'own' | 'shown' | 'beforehand' }
  | { readonly kind: 'none'; readonly reason: Reason };

export interface PairRow {
  readonly pair: DoorOfPair;
  readonly issuer: IssuerOfPair;
  readonly standing: Standing;
}

export function standingOf(pair: DoorOfPair, issuer: IssuerOfPair): Standing {
  const objection = objectionToPair(pair, issuer);
  if (objection !== undefined) return { kind: 'none', reason: objection };
  switch (issuer.mode) {
    case 'own':
    case 'standing':
      return { kind: 'own' };
    case 'relay':
      return { kind: 'shown' };
    case 'alias':
      return { kind: showsDelegation(pair) ? 'shown' : 'beforehand' };
    case 'serve':
    case 'persist':
    case 'signfile':
      return { kind: 'beforehand' };
    default:
      return issuer satisfies never;
  }
}

export function pairTable(doors: readonly DoorOfPair[], issuers: readonly IssuerOfPair[]): readonly PairRow[] {
  return issuers.flatMap((issuer) => doors.map((pair) => ({ pair, issuer, standing: standingOf(pair, issuer) })));
}

/** The reasons why what these issuers issue is sold nowhere: one for each that no open front door can sell. */
export function unsoldIssuers(open: readonly DoorOfPair[], issuers: readonly IssuerOfPair[]): readonly Reason[] {
  return issuers.flatMap((issuer) => {
    const isSold = open.length === 0 || open.some((pair) => standingOf(pair, issuer).kind !== 'none');
    const dialects = open.map(({ dialect }) => dialect).join(', ');
    return isSold ? [] : [reason('issuerUnsold', { issuer: issuer.id, dialects })];
  });
}
