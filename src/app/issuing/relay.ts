/** Which issuances are relayed: their upstream checks the names, and our validators never run for them. */
import type { Issuance } from '../../domain/issuance.ts';
import { type RelayingIssuer, sideOfPair, wantsProofs } from '../../domain/ports/issuer.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import { type DoorOfPair, objectionToPair } from '../../domain/relay.ts';
import { defaultRelayWaitMs } from '../../domain/upstream-account.ts';
import type { AppContext } from '../context.ts';
import type { NameProof } from '../orders/order-view.ts';
import { queueUpstream } from './upstream-end.ts';

/** Decided when it was placed: each of its names has an authorization that the upstream checks. */
export function isRelayed(proofs: readonly Pick<NameProof, 'authorization'>[]): boolean {
  return proofs.some(({ authorization }) => authorization.checkedBy !== null);
}

/** The issuer, where it is one that relays; its next issuances will be relayed. */
export function relayingIssuerOf({ issuers }: AppContext, issuerId: string): RelayingIssuer | undefined {
  const issuer = issuers.get(issuerId);
  return issuer !== undefined && wantsProofs(issuer) ? issuer : undefined;
}

export function relayWaitMsOf(context: AppContext, issuerId: string): number {
  return relayingIssuerOf(context, issuerId)?.upstream.relayWaitMs ?? defaultRelayWaitMs;
}

export function doorOf({ relayDoors }: AppContext, dialect: string): DoorOfPair {
  return { dialect, door: relayDoors.get(dialect) };
}

/** The reason why the dialect cannot sell what this issuer issues. One that is not configured is another objection. */
export function objectionToDoor(context: AppContext, dialect: string, issuerId: string) {
  const issuer = context.issuers.get(issuerId);
  return issuer && objectionToPair(doorOf(context, dialect), sideOfPair(issuer));
}

/**
 * Takes the place of a check of ours: the lane of the upstream looks at it now. Where there is no CSR yet, it waits for that.
 * The queue is woken after the commit.
 */
export async function handOver(
  context: AppContext,
  tx: Stores,
  issuance: Pick<Issuance, 'id' | 'issuerId' | 'csr' | 'state'>,
): Promise<boolean> {
  if (issuance.state !== 'awaitingValidation' || issuance.csr === null) return false;
  await queueUpstream(context, tx, issuance);
  return true;
}
