/**
 * Placing an order at an ACME CA. Some CAs give an order that is under way again for the same names (Let's Encrypt does); one CSR is all that
 * an order takes, so each is of one issuance, and the others wait until it has ended.
 */
import type { AcmeUpstreamOrder } from '../../domain/acme-upstream-order.ts';
import { reason } from '../../domain/errors.ts';
import type { IssuanceId } from '../../domain/ids.ts';
import type { AcmeIssuerContext, AcmeRows } from './context.ts';
import { keep, namesOf, type Run, type Step } from './run.ts';
import { lacksProfile, waitForOperator } from './verdict-outcome.ts';

const dayMs = 86_400_000;
/** Looks whether the other one has ended, which cost the CA nothing. */
const heldMs = 30_000;
/** Issuances that may have had the same order of a CA, one after the other. */
const mostHolders = 50;
const shownProfiles = 20;

/** A lost reply leaves an order that ends by itself; some CAs give the same one again. */
export async function placeOrder(run: Run, row: AcmeUpstreamOrder): Promise<Step> {
  const { context, client, request, signal } = run;
  if (row.orderUrl !== null) {
    const holder = await context.rows.write((tx) => holderOf(tx, row));
    return holder === undefined ? keep(context, { ...row, orderUrl: null }) : waitFor(context, holder);
  }
  const { meta, renewalInfo } = await client.directory(signal);
  const isOffered = row.profile === null || Object.hasOwn(meta.profiles, row.profile);
  if (!isOffered && context.profile?.isMandatory !== false) {
    return { outcome: lacksProfile(context, row, Object.keys(meta.profiles).slice(0, shownProfiles).join(', ')) };
  }
  const { replaces, profile } = row;
  const order = await client.placeOrder(
    {
      names: namesOf(request),
      ...(profile !== null && isOffered ? { profile } : {}),
      ...(replaces !== null && renewalInfo !== null ? { replaces } : {}),
      ...periodOf(run),
    },
    signal,
  );
  const { finalize: finalizeUrl, authorizations: authorizationUrls, expires } = order.shown;
  const placedAt = context.clock.now();
  const expiresAt = endOf(expires, placedAt);
  const urls = { orderUrl: order.url, finalizeUrl, authorizationUrls };
  return claim(context, row, { ...row, ...urls, step: 'prove', placedAt, expiresAt });
}

/** By our clock an order that was placed now has not ended: where it says so, one of the clocks is wrong, and the CA's word on it counts. */
function endOf(expires: string | null, placedAt: Date): Date | null {
  const end = new Date(expires ?? Number.NaN);
  return end > placedAt ? end : null;
}

/** One transaction, so that of two issuances that were given the same order one has it. */
async function claim(context: AcmeIssuerContext, row: AcmeUpstreamOrder, placed: AcmeUpstreamOrder): Promise<Step> {
  const holder = await context.rows.write(async (tx) => {
    const found = await holderOf(tx, placed);
    await tx.acmeUpstreamOrders.put(found === undefined ? placed : { ...row, orderUrl: placed.orderUrl });
    return found;
  });
  return holder === undefined ? { row: placed } : waitFor(context, holder);
}

/** Another issuance that has this order of the CA, and is not over. */
async function holderOf(
  tx: AcmeRows,
  { issuanceId, directory, orderUrl }: AcmeUpstreamOrder,
): Promise<IssuanceId | undefined> {
  if (orderUrl === null) return undefined;
  for (const other of await tx.acmeUpstreamOrders.listByUrl(orderUrl, mostHolders)) {
    const isOther = other.issuanceId !== issuanceId && other.directory === directory && other.step !== 'order';
    const upstreamOrder = isOther ? await tx.upstreamOrders.get(other.issuanceId) : undefined;
    // What its pool has taken back is of no use to it any more.
    if (upstreamOrder?.endedAt === null && upstreamOrder.state !== 'choosing') return other.issuanceId;
  }
  return undefined;
}

function waitFor(context: AcmeIssuerContext, holder: IssuanceId): Step {
  const shared = reason('caSharesOrder', { issuer: context.id, issuance: holder });
  const at = new Date(context.clock.now().getTime() + heldMs);
  return { outcome: waitForOperator(context, null, shared, at) };
}

/** Where the CA lets one choose, as long as the customer wants, within its limits. */
function periodOf({ context: { ca, clock }, request: { validity } }: Run): { readonly notAfter?: Date } {
  if (ca.notAfterDays === null || validity === null) return {};
  const nowMs = clock.now().getTime();
  const { min, max } = ca.notAfterDays;
  const wantedMs = 'until' in validity ? validity.until.getTime() : nowMs + validity.days * dayMs;
  return { notAfter: new Date(Math.min(Math.max(wantedMs, nowMs + min * dayMs), nowMs + max * dayMs)) };
}
