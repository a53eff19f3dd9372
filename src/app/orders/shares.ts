/** Links that show an order to a customer who has no key. The token is stored as its hash, and answers the names alone. */
import { hash } from 'node:crypto';
import { networkOf } from '../../domain/address-range.ts';
import { quoted, refuse } from '../../domain/errors.ts';
import { base32, newId } from '../../domain/ids.ts';
import { mostShares, type OrderShare, shareDays } from '../../domain/order-share.ts';
import type { Shares, ShownShare } from '../../domain/ports/shares.ts';
import { createCommonAllowance } from '../common-allowance.ts';
import type { AppContext } from '../context.ts';
import type { NamePlaces } from '../proving/name-places.ts';
import { findOrder } from '../scope.ts';
import { recordChange } from './order-event.ts';
import { viewOrder } from './order-view.ts';

const dayMs = 86_400_000;
const tokenBytes = 32;
/** The form of a token as `base32` writes it; anything else needs no look into the database. */
const tokenForm = /^[0-9a-hjkmnp-tv-z]{52}$/;
/** A page that looks every few seconds, for some people behind one address. */
const looks = { burst: 60, everyMs: 2_000, maxKeys: 50_000 };

export function createShares(context: AppContext, placeOf: NamePlaces): Shares {
  const { database, clock, random } = context;
  const { read } = database;
  const allowance = createCommonAllowance({ clock, signals: database.signals }, 'sharedOrders', looks);

  return {
    async create(caller, reference) {
      const order = await findOrder(read, caller, reference);
      const token = base32(random.bytes(tokenBytes));
      const now = clock.now();
      const share: OrderShare = {
        id: newId('orderShare', context),
        accountId: order.accountId,
        orderId: order.id,
        tokenHash: hashOfToken(token),
        createdBy: caller.actor,
        createdAt: now,
        expiresAt: new Date(now.getTime() + shareDays * dayMs),
      };
      await database.write(async (tx) => {
        if ((await tx.orderShares.listOfOrder(order.id, now)).length >= mostShares)
          throw refuse('shareLimit', { order: String(order.number), limit: mostShares });
        await tx.orderShares.insert(share);
        await recordChange(tx, caller, 'order.shared', order, { now, share: share.id, expiresAt: share.expiresAt });
      });
      return { share: shown(share), token };
    },

    async list(caller, reference) {
      const order = await findOrder(read, caller, reference);
      return (await read.orderShares.listOfOrder(order.id, clock.now())).map(shown);
    },

    async remove(caller, reference, id) {
      const order = await findOrder(read, caller, reference);
      const now = clock.now();
      await database.write(async (tx) => {
        const all = await tx.orderShares.listOfOrder(order.id, now);
        const meant = all.filter((share) => id === undefined || share.id === id);
        if (id !== undefined && meant.length === 0) throw refuse('notFound', { what: 'share', value: quoted(id) });
        for (const { id: share } of meant) {
          if (await tx.orderShares.remove(share)) {
            await recordChange(tx, caller, 'order.shareRemoved', order, { now, share });
          }
        }
      });
    },

    async open(token, origin) {
      const waitMs = allowance.tryTake(networkOf(origin.address));
      if (waitMs > 0) throw refuse('sharedRateLimited', { retryAfterSeconds: Math.ceil(waitMs / 1000) });
      const share = tokenForm.test(token) ? await read.orderShares.getByTokenHash(hashOfToken(token)) : undefined;
      const order =
        share === undefined || share.expiresAt <= clock.now() ? undefined : await read.orders.get(share.orderId);
      if (share === undefined || order === undefined) throw refuse('shareUnknown', {});
      const { issuance, authorizations } = await viewOrder(context, order);
      return {
        isWaiting: issuance.state === 'awaitingValidation',
        authorizations,
        places: authorizations.map(placeOf),
        expiresAt: share.expiresAt,
      };
    },
  };
}

function shown({ tokenHash: _, accountId: __, ...share }: OrderShare): ShownShare {
  return share;
}

function hashOfToken(token: string): Uint8Array {
  return hash('sha256', token, 'buffer');
}
