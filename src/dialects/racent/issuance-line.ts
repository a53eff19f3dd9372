/**
 * Which certificate a certId stands for. A customer knows the certIds of what they asked for. When the platform itself has a
 * certificate issued anew inside the order's coverage, nobody hears of its certId: what the customer knows then stands for the
 * newest certificate. Only a reissue that the customer asks for makes the certId before it `REISSUED`.
 */
import type { Caller, OrderView, Platform } from '../../domain/platform.ts';
import { extensionOf } from './extension.ts';

export interface Line {
  /** The issuance that the certId stands for: with a certificate if there is one. */
  readonly view: OrderView;
  /** The certId as the customer knows it. */
  readonly certId: string;
  /** A later issuance that the customer asked for took its place. */
  readonly isSuperseded: boolean;
  /** What the platform has begun by itself to follow `view`, and what is to be proved for that; else `view` again. */
  readonly newest: OrderView;
}

/** @throws {CertError} notFound */
export async function findLine(platform: Platform, caller: Caller, certId: string): Promise<Line> {
  const view = await platform.order(caller, { proofReference: certId });
  if (view.order.issuanceId === view.issuance.id) return { view, certId, isSuperseded: false, newest: view };
  const all = (await platform.issuances(caller, { id: view.order.id })).filter(
    ({ issuance }) => issuance.kind !== 'duplicate',
  );
  const { asked } = extensionOf(view.order);
  // Newest first: what lies above it is later.
  const later = all.slice(
    0,
    all.findIndex(({ issuance }) => issuance.id === view.issuance.id),
  );
  const isGivenUp = ({ issuance }: OrderView) => issuance.state === 'failed' || issuance.state === 'cancelled';
  const isAskedFor = ({ issuance }: OrderView) => asked[issuance.proofReference] !== undefined;
  // A reissue that came to nothing leaves the certificate before it in its place.
  const isSuperseded = later.some((one) => isAskedFor(one) && !isGivenUp(one));
  const nextAsked = later.findLastIndex(isAskedFor);
  const own = later.slice(nextAsked + 1).filter((one) => !isGivenUp(one));
  const shown = own.find(({ issuance }) => issuance.state === 'issued') ?? view;
  return { view: shown, certId, isSuperseded, newest: isSuperseded ? shown : (own[0] ?? shown) };
}
