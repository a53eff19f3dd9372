/** Upstreams as the operator sees them. */
import { quoted, refuse } from '../../domain/errors.ts';
import { parseIdentifier } from '../../domain/identifier.ts';
import { isId } from '../../domain/ids.ts';
import { laneOfIssuer } from '../../domain/job.ts';
import { upstreamTexts } from '../../domain/messages/upstreams.ts';
import { type CheckingIssuer, canCheck, listsProducts } from '../../domain/ports/issuer.ts';
import type {
  CheckedUpstream,
  UpstreamOrderDetail,
  UpstreamOrderView,
  UpstreamSummary,
  Upstreams,
} from '../../domain/ports/upstreams.ts';
import type { UpstreamOrder } from '../../domain/upstream-order.ts';
import { withDefined } from '../../domain/with-defined.ts';
import type { AppContext } from '../context.ts';
import { findAccount } from '../scope.ts';
import { bringForward } from '../upkeep/bring-forward.ts';
import { withinMs } from './time-limit.ts';
import { adviceFor } from './upstream-advice.ts';
import { messageOf, untilAborted } from './upstream-call.ts';
import { productCosts } from './upstream-costs.ts';
import { createUpstreamKeyChange } from './upstream-key-change.ts';
import { rehearse } from './upstream-rehearsal.ts';
import { resolveUpstreamOrder } from './upstream-resolution.ts';
import { standing, standings, upstreamIssuers } from './upstream-standing.ts';
import { keepProducts, listProducts } from './vendor-products.ts';

/** A person waits for it. */
const checkLimitMs = 45_000;
const shownExchanges = 10;
/** Of one issuance: what was bought, changed and cancelled is all there. */
const mostOfIssuance = 200;
const shownSubjects = 10;
/** Orders under way that are looked at for those that wait for the operator. */
const mostLooked = 200;

export function createUpstreams(context: AppContext): Upstreams {
  const { database, clock, queue } = context;
  const { read } = database;
  const issuers = upstreamIssuers(context.issuers);
  const issuersAt = (name: string) => issuers.filter(({ upstream }) => upstream.account === name);

  /** @throws {CertError} notFound */
  async function summaryOf(name: string, subjects: number): Promise<UpstreamSummary> {
    const found = await standing(context, name, subjects);
    if (found === undefined) throw refuse('notFound', { what: 'upstream', value: quoted(name) });
    return found;
  }

  /** Orders there that wait for the operator. */
  async function restingAt(name: string): Promise<number> {
    const open = await read.upstreamOrders.listOpen(name, mostLooked);
    const issuances = await Promise.all(open.map(({ issuanceId }) => read.issuances.get(issuanceId)));
    return issuances.filter((issuance) => issuance?.rest?.turn === 'operator').length;
  }

  /** @throws {CertError} notFound */
  async function find(issuanceId: string): Promise<UpstreamOrder> {
    const found = isId('issuance', issuanceId) ? await read.upstreamOrders.get(issuanceId) : undefined;
    if (found === undefined) throw refuse('notFound', { what: 'upstreamOrder', value: quoted(issuanceId) });
    return found;
  }

  async function viewOf(upstreamOrder: UpstreamOrder): Promise<UpstreamOrderView> {
    const issuance = await read.issuances.get(upstreamOrder.issuanceId);
    const order = issuance && (await read.orders.get(issuance.orderId));
    if (issuance !== undefined && order !== undefined) return { upstreamOrder, issuance, order };
    throw refuse('internal', {}, { cause: new Error(`no order of issuance ${upstreamOrder.issuanceId}`) });
  }

  async function detailOf(upstreamOrder: UpstreamOrder): Promise<UpstreamOrderDetail> {
    const { issuanceId } = upstreamOrder;
    const exchanges = await read.upstreamExchanges.listOfIssuance(issuanceId, mostOfIssuance);
    const vendorOrder = (await read.vendorOrders.get(issuanceId)) ?? null;
    return { ...(await viewOf(upstreamOrder)), exchanges, vendorOrder };
  }

  /** The products may be others than last night: whoever checks has changed something. */
  async function readProducts(account: string, signal: AbortSignal): Promise<void> {
    const products = await listProducts(context, issuersAt(account).find(listsProducts), signal);
    await database.write((tx) => keepProducts(tx, account, products));
  }

  return {
    ...createUpstreamKeyChange(context),

    accounts: () => standings(context, 1),

    async account(_caller, name) {
      const summary = await summaryOf(name, shownSubjects);
      const exchanges = await read.upstreamExchanges.list(name, shownExchanges);
      return { ...summary, exchanges, advice: adviceFor(summary, await restingAt(name)) };
    },

    async check(_caller, name) {
      await summaryOf(name, 1);
      const checking = issuersAt(name).filter((issuer) => canCheck(issuer));
      if (checking.length === 0) throw refuse('upstreamCannotCheck', { upstream: name });
      return withinMs(clock, checkLimitMs, async (signal) => {
        const checked = await Promise.all(checking.map((one) => checkedBy(one, signal)));
        const isThere = checked.some(({ checks }) => checks.some(({ ok }) => ok));
        if (isThere) await readProducts(name, signal);
        return checked;
      });
    },

    async rehearse(caller, upstream, { name, account: reference }) {
      await summaryOf(upstream, 1);
      const identifier = parseIdentifier(name, 'name');
      const account = await findAccount(read, caller, reference);
      const rehearsal = { name: identifier, account };
      return withinMs(clock, checkLimitMs, (signal) =>
        Promise.all(
          issuersAt(upstream).map(async (issuer) => {
            return { issuer: issuer.id, steps: await rehearse(context, issuer, rehearsal, signal) };
          }),
        ),
      );
    },

    async close(caller, name) {
      const closed = await database.write(async (tx) => {
        const account = await tx.upstreamAccounts.get(name);
        if (account === undefined) throw refuse('notFound', { what: 'upstream', value: quoted(name) });
        const fresh = { ...account, faults: 0, openUntil: null };
        await tx.upstreamAccounts.put(fresh);
        await tx.events.append({
          kind: 'upstream.closed',
          accountId: null,
          actor: caller.actor,
          subject: name,
          data: { faults: account.faults, lastFault: account.lastFault },
          requestId: caller.requestId,
          at: clock.now(),
        });
        for (const { id, upstream } of issuers) {
          if (upstream.account === name) await bringForward(tx, clock.now(), laneOfIssuer(id));
        }
        return fresh;
      });
      queue.wake();
      return summaryOf(closed.account, 1);
    },

    async orders(_caller, { limit, state, after, withTotal }) {
      const last = after === undefined ? undefined : await find(after);
      const found = await read.upstreamOrders.listNoted({
        limit: limit + 1,
        ...(state === undefined ? {} : { state }),
        ...(last === undefined ? {} : { after: last }),
      });
      const items = found.slice(0, limit);
      const next = found.length > limit ? (items.at(-1)?.issuanceId ?? null) : null;
      const total = withTotal && (await read.upstreamOrders.countNoted(withDefined({ state })));
      return { items: await Promise.all(items.map(viewOf)), next, ...withDefined({ total }) };
    },

    async costs(_caller, query) {
      if (query.upstream !== undefined) await summaryOf(query.upstream, 1);
      const rows = await productCosts(context, query);
      const products = new Map((await read.products.list(null)).map((product) => [product.id, product]));
      return rows.map((row) => {
        const product = products.get(row.productId);
        if (product !== undefined) return { ...row, product };
        throw refuse('internal', {}, { cause: new Error(`there is no product ${row.productId}`) });
      });
    },

    order: async (_caller, issuanceId) => detailOf(await find(issuanceId)),

    async resolve(caller, issuanceId, found) {
      await resolveUpstreamOrder(context, caller, await viewOf(await find(issuanceId)), found);
      return detailOf(await find(issuanceId));
    },
  };
}

/** It was to say what it finds, and not to throw. */
async function checkedBy(issuer: CheckingIssuer, signal: AbortSignal): Promise<CheckedUpstream> {
  try {
    return { issuer: issuer.id, checks: await untilAborted(signal, issuer.check(signal)) };
  } catch (thrown) {
    const detail = upstreamTexts.doesNotAnswer({ fault: messageOf(thrown) });
    return { issuer: issuer.id, checks: [{ what: 'access', ok: false, detail }] };
  }
}
