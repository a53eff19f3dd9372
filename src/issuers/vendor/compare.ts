/**
 * Compares the vendor's orders with ours. Whatever the reason for a difference is (a lost reply, somebody in the vendor's console, a purchase
 * by other software with our credentials, a wrong price), it is money: the operator is shown it, and nothing is changed.
 */
import type { UpstreamRequest } from '../../domain/ports/issuer.ts';
import type { ListedPurchase, VendorAnswer, VendorState } from '../../domain/ports/upstream.ts';
import { openUpstreamStates } from '../../domain/states.ts';
import { UpstreamFailure } from '../../domain/upstream-failure.ts';
import type { ComparedOrders, UpstreamDifference } from '../../domain/upstream-watch.ts';
import type { VendorOrder } from '../../domain/vendor-order.ts';
import type { VendorIssuerContext } from './context.ts';
import { purchaseOf } from './purchase.ts';
import { isElsewhere } from './whereabouts.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const lookBackMs = 60 * dayMs;
/** What was bought a moment ago is in one of both books only. */
const settledMs = hourMs;
/** As many certificates as an order of a vendor may have. */
const mostOfOne = 50;
/** A list that is so long may have been cut off by the vendor. */
const longList = 1000;
/** Rows of ours that are compared; a vendor's list has as many at most. */
const mostRows = 5000;

type Orders = NonNullable<VendorIssuerContext['upstream']['orders']>;

/** Of one order, as both have it. */
interface Pair {
  readonly row: VendorOrder;
  readonly there: Pick<VendorAnswer, 'state' | 'words' | 'price' | 'reference'>;
  readonly names: readonly string[];
}

export function compareByList(context: VendorIssuerContext, orders: Orders) {
  return async (signal: AbortSignal): Promise<ComparedOrders> => {
    const { clock, rows, terms } = context;
    const nowMs = clock.now().getTime();
    const since = new Date(nowMs - lookBackMs);
    const listed = await orders(since, signal);
    // Read after the list: what the list has was stored here before it was bought.
    const sent = await rows.read.vendorOrders.listSentSince(terms.account, since, mostRows);
    const ours = sent.filter((row) => !isElsewhere(context, row));
    const known = {
      byNumber: Map.groupBy(ours, ({ reference }) => reference?.order),
      byIssuance: new Map(ours.map((row) => [String(row.issuanceId), row])),
    };
    const differences: UpstreamDifference[] = [...(await boughtElsewhere(context, sent))];
    const seen = new Set<VendorOrder['issuanceId']>();
    for (const one of listed) {
      const row = await rowOf(context, known, one);
      for (const { issuanceId } of known.byNumber.get(one.reference.order) ?? []) seen.add(issuanceId);
      if (row !== undefined) {
        seen.add(row.issuanceId);
        differences.push(...(await differencesOf(context, { row, there: one, names: one.names })));
      } else if (one.placedAt === null || nowMs - one.placedAt.getTime() > settledMs) {
        const { reference, names, words } = one;
        differences.push({
          kind: 'unknownHere',
          number: reference.order,
          issuanceId: null,
          names,
          words,
          prices: null,
        });
      }
    }
    const from = listed.length < longList ? since : oldestOf(listed, since);
    const until = new Date(nowMs - settledMs);
    for (const row of ours) {
      const { step, sentAt, issuanceId } = row;
      if (step !== 'bought' || seen.has(issuanceId) || sentAt === null || sentAt < from || sentAt > until) continue;
      differences.push(await unknownThere(context, row));
    }
    return { compared: listed.length + ours.filter(({ issuanceId }) => !seen.has(issuanceId)).length, differences };
  };
}

/** Without a list: each of the open orders is asked for. */
export async function compareOneByOne(
  context: VendorIssuerContext,
  open: readonly UpstreamRequest[],
  signal: AbortSignal,
): Promise<ComparedOrders> {
  const { rows, upstream, id } = context;
  const differences: UpstreamDifference[] = [];
  let compared = 0;
  for (const request of open) {
    const row = await rows.read.vendorOrders.get(request.issuanceId);
    if (row === undefined || row.issuerId !== id || row.step !== 'bought' || row.reference === null) continue;
    if (isElsewhere(context, row)) {
      differences.push(...(await boughtElsewhere(context, [row])));
      continue;
    }
    const purchase = purchaseOf(context, request, row);
    // What the configuration lacks for it is shown where it waits.
    if ('lacking' in purchase) continue;
    compared++;
    const names = request.names.map(({ value }) => value);
    try {
      const there = await upstream.state(row.reference, purchase, signal);
      differences.push(...(await differencesOf(context, { row, there, names })));
    } catch (thrown) {
      if (!(thrown instanceof UpstreamFailure) || thrown.kind !== 'absent') throw thrown;
      differences.push(await unknownThere(context, row));
    }
  }
  return { compared, differences };
}

/** Ours, the latest first. */
interface Known {
  readonly byNumber: ReadonlyMap<string | undefined, readonly VendorOrder[]>;
  readonly byIssuance: ReadonlyMap<string, VendorOrder>;
}

/** By its number, or by ours where the vendor shows that; of several certificates of an order the last one. */
async function rowOf(
  context: VendorIssuerContext,
  { byNumber, byIssuance }: Known,
  { reference, clientReference }: ListedPurchase,
): Promise<VendorOrder | undefined> {
  const own = byNumber.get(reference.order)?.[0] ?? byIssuance.get(clientReference ?? '');
  // The clocks of both sides differ, and a certificate may have been reissued long after its order.
  if (own !== undefined) return own;
  const { rows, terms } = context;
  const numbered = await rows.read.vendorOrders.listByNumber(terms.account, reference.order, mostOfOne);
  return numbered.find((row) => !isElsewhere(context, row));
}

async function differencesOf(context: VendorIssuerContext, pair: Pair): Promise<readonly UpstreamDifference[]> {
  const { row, there, names } = pair;
  const { issuanceId, price } = row;
  const { words } = there;
  const of = { number: there.reference.order, issuanceId, names, words, prices: null };
  const found: UpstreamDifference[] = [];
  const kind = await stateDifference(context, row, there.state);
  if (kind !== undefined) found.push({ ...of, kind });
  if (price !== null && there.price !== null) {
    const isSame = price.minor === there.price.minor && price.currency === there.price.currency;
    if (!isSame) found.push({ ...of, kind: 'priceDiffers', prices: [price, there.price] });
  }
  return found;
}

async function stateDifference(
  { rows, clock }: VendorIssuerContext,
  { issuanceId, step, sentAt }: VendorOrder,
  state: VendorState,
): Promise<'overThere' | 'issuedThere' | undefined> {
  const isOver = state === 'refused' || state === 'cancelled';
  if (!isOver && state !== 'issued') return undefined;
  const here = (await rows.read.upstreamOrders.get(issuanceId))?.state;
  // It came, if only to be refused or withheld.
  if (here === 'issued' || here === 'withheld' || here === 'unfit') return undefined;
  if (isOver) return step === 'over' ? undefined : 'overThere';
  const ageMs = clock.now().getTime() - (sentAt?.getTime() ?? 0);
  return ageMs > dayMs ? 'issuedThere' : undefined;
}

async function unknownThere({ rows }: VendorIssuerContext, row: VendorOrder): Promise<UpstreamDifference> {
  const { issuanceId, reference } = row;
  const issuance = await rows.read.issuances.get(issuanceId);
  const names = issuance?.names.map(({ identifier }) => identifier.value) ?? [];
  return { kind: 'unknownThere', number: reference?.order ?? null, issuanceId, names, words: null, prices: null };
}

/** Under way at another address, where nobody asks for it: the operator is told where. */
async function boughtElsewhere(
  context: VendorIssuerContext,
  rows: readonly VendorOrder[],
): Promise<readonly UpstreamDifference[]> {
  const found: UpstreamDifference[] = [];
  for (const row of rows) {
    if (!isElsewhere(context, row)) continue;
    const { state } = (await context.rows.read.upstreamOrders.get(row.issuanceId)) ?? {};
    if (row.step !== 'bought' || !openUpstreamStates.some((open) => open === state)) continue;
    const words = `${row.vendor ?? ''} ${row.baseUrl ?? ''} → ${context.dialect} ${context.baseUrl}`;
    found.push({ ...(await unknownThere(context, row)), kind: 'boughtElsewhere', words });
  }
  return found;
}

function oldestOf(listed: readonly ListedPurchase[], since: Date): Date {
  const times = listed.flatMap(({ placedAt }) => placedAt?.getTime() ?? []);
  return times.length === 0 ? since : new Date(Math.max(since.getTime(), Math.min(...times)));
}
