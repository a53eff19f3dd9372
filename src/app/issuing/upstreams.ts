/** Upstreams as the operator sees them. */
import { quoted, refuse } from '../../domain/errors.ts';
import { isId } from '../../domain/ids.ts';
import { laneOfIssuer } from '../../domain/job.ts';
import { isUpstream } from '../../domain/ports/issuer.ts';
import type { UpstreamOrderView, UpstreamSummary, Upstreams } from '../../domain/ports/upstreams.ts';
import { newUpstreamAccount, type UpstreamAccount } from '../../domain/upstream-account.ts';
import type { UpstreamOrder } from '../../domain/upstream-order.ts';
import type { AppContext } from '../context.ts';
import { bringForward } from '../upkeep/bring-forward.ts';

export function createUpstreams(context: AppContext): Upstreams {
  const { database, clock, queue } = context;
  const { read } = database;
  const issuers = [...context.issuers.values()].filter(isUpstream);

  function summaryOf(account: UpstreamAccount): UpstreamSummary {
    const own = issuers.filter(({ upstream }) => upstream.account === account.account);
    return { account, issuers: own.map(({ id, upstream }) => ({ id, terms: upstream })) };
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

  return {
    async accounts() {
      const known = await read.upstreamAccounts.list();
      const names = new Set([
        ...issuers.map(({ upstream }) => upstream.account),
        ...known.map(({ account }) => account),
      ]);
      return [...names]
        .toSorted()
        .map((name) => summaryOf(known.find(({ account }) => account === name) ?? newUpstreamAccount(name)));
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
      return summaryOf(closed);
    },

    async orders(_caller, { limit, state, after }) {
      const last = after === undefined ? undefined : await find(after);
      const found = await read.upstreamOrders.listNoted({
        limit: limit + 1,
        ...(state === undefined ? {} : { state }),
        ...(last === undefined ? {} : { after: last }),
      });
      const items = found.slice(0, limit);
      const next = found.length > limit ? (items.at(-1)?.issuanceId ?? null) : null;
      return { items: await Promise.all(items.map(viewOf)), next };
    },

    order: async (_caller, issuanceId) => viewOf(await find(issuanceId)),
  };
}
