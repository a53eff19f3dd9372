/** What stands around certificates: whose they are, their orders, and the certificates before and after them. */
import type { Certificate } from '../../domain/certificate.ts';
import { refuse } from '../../domain/errors.ts';
import type { AccountId, CertificateId, OrderId } from '../../domain/ids.ts';
import type { Issuance } from '../../domain/issuance.ts';
import type { Order } from '../../domain/order.ts';
import type { CertificateSurroundings } from '../../domain/ports/certificates.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import { inTurns } from '../in-turns.ts';

/** In the order of the certificates. */
export function surroundingsOf(
  read: Stores,
  certificates: readonly Certificate[],
): Promise<readonly CertificateSurroundings[]> {
  return inTurns(certificates, async (some) => {
    const orders = await byId(read.orders.listByIds([...new Set(some.map(({ orderId }) => orderId))]));
    const lines = await linesOf(read, [...orders.values()]);
    const names = await namesOf(read, [...orders.values()]);
    const places = some.map((certificate) => placeIn(lines.get(certificate.orderId) ?? [], certificate));
    const near = places.flatMap(({ before, after }) => [before ?? [], after ?? []].flat());
    const numbers = await byId(read.certificates.listByIds([...new Set(near)]));
    const numberOf = (id: CertificateId | null) => (id === null ? null : (numbers.get(id)?.number ?? null));
    return some.map(({ id, orderId, issuanceId }, index) => {
      const order = orders.get(orderId);
      const issuance = lines.get(orderId)?.find((one) => one.id === issuanceId);
      const place = places[index];
      if (order === undefined || place === undefined) {
        throw refuse('internal', {}, { cause: new Error(`${id} is of no order`) });
      }
      return {
        certificateId: id,
        accountName: names.get(order.accountId) ?? '',
        orderNumber: order.number,
        issuanceNumber: issuance?.number ?? null,
        isKeyOurs: issuance?.sealedKey != null,
        replaces: numberOf(place.before),
        replacedBy: numberOf(place.after),
      };
    });
  });
}

/** By order, oldest first: its issuances, between the last of the order that it renews and the first of the one that renews it. */
async function linesOf(read: Stores, orders: readonly Order[]): Promise<ReadonlyMap<OrderId, readonly Issuance[]>> {
  const lines = await Promise.all(
    orders.map(async ({ id, renewalOf, renewedBy }) => {
      const [before, own, after] = await Promise.all(
        [renewalOf, id, renewedBy].map(async (one) => (one === null ? [] : read.issuances.listOfOrder(one))),
      );
      const last = before?.filter(isInLine).at(-1) ?? [];
      const first = after?.find(isInLine) ?? [];
      return [id, [last, own ?? [], first].flat()] as const;
    }),
  );
  return new Map(lines);
}

/** A duplicate stands beside the others, and takes nothing's place. */
function isInLine({ state, kind, certificateId }: Issuance): boolean {
  return state === 'issued' && kind !== 'duplicate' && certificateId !== null;
}

function placeIn(line: readonly Issuance[], { id }: Certificate) {
  const issued = line.filter(isInLine);
  const at = issued.findIndex(({ certificateId }) => certificateId === id);
  if (at === -1) return { before: null, after: null };
  return { before: issued[at - 1]?.certificateId ?? null, after: issued[at + 1]?.certificateId ?? null };
}

async function namesOf(read: Stores, orders: readonly Order[]): Promise<ReadonlyMap<AccountId, string>> {
  const ids = [...new Set(orders.map(({ accountId }) => accountId))];
  const accounts = await Promise.all(ids.map((id) => read.accounts.get(id)));
  return new Map(accounts.flatMap((account) => (account === undefined ? [] : [[account.id, account.name] as const])));
}

async function byId<T extends { readonly id: string }>(found: Promise<readonly T[]>): Promise<Map<T['id'], T>> {
  return new Map((await found).map((item) => [item.id, item]));
}
