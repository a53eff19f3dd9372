/**
 * `certId`: the name by which the vendor's clients know an order. There is one for each issuance, as at the vendor; ours is
 * the issuance's proof reference.
 *
 * The certificate of a certId: a customer knows the certIds of their own requests. When the platform itself has a
 * certificate issued again inside the order's coverage, nobody hears of its certId: what the customer knows then stands for the
 * newest certificate. Only a reissue that the customer asks for makes the certId before it `REISSUED`.
 */
import type { Caller } from '../../domain/caller.ts';
import { issuanceSummaryOf } from '../../domain/issuance.ts';
import type { Ports } from '../../domain/ports/index.ts';
import type { Issuances } from '../../domain/ports/issuances.ts';
import type { IssuanceView, OrderSummary, OrderView } from '../../domain/ports/orders.ts';
import type { Randomness } from '../../domain/ports/system.ts';
import { gather, issuancesAtMost, pagesOfIssuances } from '../kit/pages.ts';
import { formatWireTime, type UtcOffset } from '../kit/wire-time.ts';
import { dialectDataOf } from './dialect-data.ts';

const base36 = '0123456789abcdefghijklmnopqrstuvwxyz';
const randomLength = 10;

export interface Line {
  /** The issuance that the certId stands for: with a certificate if there is one. */
  readonly view: OrderView;
  /** The certId as the customer knows it. */
  readonly certId: string;
  /** A later issuance that the customer requested has replaced it. */
  readonly isSuperseded: boolean;
  /** The platform's own successor of `view`, and its challenges; else `view` again. */
  readonly newest: OrderView;
}

/** A line as lists show it. */
export interface ListedLine extends Pick<Line, 'certId' | 'isSuperseded'> {
  readonly view: OrderSummary;
}

/** `260113vghhracpaw`: the day, then 51 random bits. */
export function newCertId(now: Date, random: Randomness, offset: UtcOffset): string {
  const day = formatWireTime(now, offset).slice(2, 10).replaceAll('-', '');
  return day + randomText(random);
}

/** @throws {CertError} notFound */
export async function findLine(
  { orders, issuances }: Pick<Ports, 'orders' | 'issuances'>,
  caller: Caller,
  certId: string,
): Promise<Line> {
  const view = await orders.get(caller, { proofReference: certId });
  if (view.order.issuanceId === view.issuance.id) return { view, certId, isSuperseded: false, newest: view };
  const place = placeAmong(await issuancesOf(view.order, issuances, caller), view);
  const read = ({ issuance }: Pick<OrderView, 'issuance'>) =>
    issuance.id === view.issuance.id ? view : orders.get(caller, { issuanceNumber: issuance.number });
  const shown = await read(place.shown);
  const newest = place.newest === place.shown ? shown : await read(place.newest);
  return { view: shown, certId, isSuperseded: place.isSuperseded, newest };
}

/** One for each certId that the customer requested, newest first; for an order that the platform placed, its newest. */
export async function listLines(
  view: OrderSummary,
  issuances: Issuances,
  caller: Caller,
): Promise<readonly ListedLine[]> {
  const certIds = Object.keys(dialectDataOf(view.order).asked);
  const { proofReference } = view.issuance;
  const newest = { view, certId: proofReference, isSuperseded: false };
  if (certIds.length === 1 && certIds[0] === proofReference) return [newest];
  const all = await issuancesOf(view.order, issuances, caller);
  const lines = certIds.toReversed().flatMap((certId): ListedLine[] => {
    // An order that renews another by itself begins with what that one knew: those certIds are not its own.
    const own = all.find(({ issuance }) => issuance.proofReference === certId);
    if (own === undefined) return [];
    const { shown, isSuperseded } = placeAmong(all, own);
    return [{ view: { ...shown, issuance: issuanceSummaryOf(shown.issuance) }, certId, isSuperseded }];
  });
  return lines.length === 0 ? [newest] : lines;
}

interface Place {
  readonly shown: IssuanceView;
  readonly newest: IssuanceView;
  readonly isSuperseded: boolean;
}

/** @param all newest first */
function placeAmong(all: readonly IssuanceView[], view: IssuanceView): Place {
  if (view.order.issuanceId === view.issuance.id) return { shown: view, newest: view, isSuperseded: false };
  const { asked } = dialectDataOf(view.order);
  const at = all.findIndex(({ issuance }) => issuance.id === view.issuance.id);
  // Everything above it is later; one that is no longer among the newest has all of them above it.
  const later = at === -1 ? all : all.slice(0, at);
  const isAbandoned = ({ issuance }: IssuanceView) => issuance.state === 'failed' || issuance.state === 'cancelled';
  const isRequested = ({ issuance }: IssuanceView) => asked[issuance.proofReference] !== undefined;
  // A reissue that came to nothing leaves the certificate before it in its place.
  const isSuperseded = later.some((one) => isRequested(one) && !isAbandoned(one));
  const nextRequested = later.findLastIndex(isRequested);
  const own = later.slice(nextRequested + 1).filter((one) => !isAbandoned(one));
  const shown = own.find(({ issuance }) => issuance.state === 'issued') ?? view;
  return { shown, isSuperseded, newest: isSuperseded ? shown : (own[0] ?? shown) };
}

async function issuancesOf({ id }: OrderView['order'], issuances: Issuances, caller: Caller) {
  const all = await gather(pagesOfIssuances({ id }, issuances, caller), issuancesAtMost);
  return all.filter(({ issuance }) => issuance.kind !== 'duplicate');
}

function randomText(random: Randomness): string {
  let text = '';
  while (text.length < randomLength) {
    for (const byte of random.bytes(16)) {
      // 252 is the largest multiple of 36 in a byte: what lies above would favour the first digits.
      if (byte < 252 && text.length < randomLength) text += base36[byte % 36];
    }
  }
  return text;
}
