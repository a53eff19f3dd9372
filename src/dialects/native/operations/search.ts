/**
 * Search by whatever somebody has in hand: each thing it may be is looked up by the index of that. Parts of names and references have one
 * over all accounts; those of e-mail addresses are looked for within one account.
 */
import { type Certificate, serialFromText } from '../../../domain/certificate.ts';
import { CertError } from '../../../domain/errors.ts';
import type { OrderSummary } from '../../../domain/ports/orders.ts';
import { isListText } from '../schema/list-filters.ts';
import { searchApi } from '../schema/search.ts';
import { type Client, handled } from '../services.ts';
import { certificatePageToWire } from './certificates.ts';
import { findObjects } from './found-objects.ts';
import { namedSummariesToWire } from './order-people.ts';

interface Found {
  readonly orders: readonly OrderSummary[];
  readonly certificates: readonly Certificate[];
  readonly hasMore: boolean;
}

const nothing: Found = { orders: [], certificates: [], hasMore: false };

interface Wanted {
  readonly text: string;
  readonly limit: number;
}

export const searchOperations = [
  handled(searchApi.find, async ({ q, limit }, session) => {
    const wanted = { text: q, limit };
    const found = await Promise.all([
      byName(session, wanted),
      bySerial(session, wanted),
      byThumbprint(session, wanted),
      byNumber(session, wanted),
      byText(session, wanted),
    ]);
    const orders = merged(
      found.flatMap((one) => one.orders.map((view) => [view.order.number, view] as const)),
      limit,
    );
    const certificates = merged(
      found.flatMap((one) => one.certificates.map((certificate) => [certificate.number, certificate] as const)),
      limit,
    );
    const { objects, hasMore } = await findObjects(session, wanted);
    const shown = await certificatePageToWire(session, { items: certificates.items, next: null });
    return {
      orders: [...(await namedSummariesToWire(session, orders.items))],
      certificates: shown.items,
      objects: [...objects],
      hasMore: hasMore || orders.isCut || certificates.isCut || found.some(({ hasMore }) => hasMore),
    };
  }),
];

/** Each once, newest first. */
function merged<T>(
  all: readonly (readonly [number, T])[],
  limit: number,
): { readonly items: readonly T[]; readonly isCut: boolean } {
  const byNumber = [...new Map(all)].toSorted(([a], [b]) => b - a).map(([, item]) => item);
  return { items: byNumber.slice(0, limit), isCut: byNumber.length > limit };
}

async function byName({ caller, services }: Client, { text, limit }: Wanted): Promise<Found> {
  const name = text.toLowerCase().replace(/\.$/, '');
  if (/[\s@]/.test(name)) return nothing;
  const [orders, certificates] = await Promise.all([
    services.orders.list(caller, { limit, name }),
    services.certificates.list(caller, { limit, name }),
  ]);
  return {
    orders: orders.items,
    certificates: certificates.items,
    hasMore: orders.next !== null || certificates.next !== null,
  };
}

/** As people copy it: with colons or blanks, in either case, with zeros in front. */
function hexOf(text: string): string | undefined {
  const hex = text.replaceAll(/[\s:]/g, '').toLowerCase();
  return /^[0-9a-f]{2,64}$/.test(hex) ? hex : undefined;
}

async function bySerial({ caller, services }: Client, { text, limit }: Wanted): Promise<Found> {
  const serial = hexOf(text) === undefined ? undefined : serialFromText(text);
  if (serial === undefined) return nothing;
  const { items, next } = await services.certificates.list(caller, { limit, serial });
  return { orders: [], certificates: items, hasMore: next !== null };
}

async function byThumbprint(session: Client, { text }: Wanted): Promise<Found> {
  const hex = hexOf(text);
  if (hex?.length !== 40 && hex?.length !== 64) return nothing;
  const found = await session.services.certificates.findByThumbprint(session.caller, hex);
  return found === undefined ? nothing : certificateOf(session, String(found.number));
}

/** A number may be an order's or a certificate's; an id is of one of them. */
async function byNumber(session: Client, { text }: Wanted): Promise<Found> {
  if (!/^[0-9]{1,10}$|^(?:ord|crt)_[0-9a-z]+$/.test(text)) return nothing;
  const { caller, services } = session;
  const reference = /^[0-9]/.test(text) ? { number: Number(text) } : { id: text };
  // Numbers of orders of an account are found with its texts.
  const isFoundByText = 'number' in reference && caller.scope !== 'all';
  const order = isFoundByText
    ? nothing
    : await orNothing(async () => {
        const { issuance, ...view } = await services.orders.get(caller, reference);
        const { names, csr, ...summary } = issuance;
        const values = names.map(({ identifier }) => identifier.value);
        return { ...nothing, orders: [{ ...view, issuance: { ...summary, names: values, hasCsr: csr !== null } }] };
      });
  const certificate = await certificateOf(session, text);
  return { ...order, certificates: certificate.certificates };
}

/** Parts of names and references; of e-mail addresses within one account. */
async function byText({ caller, services }: Client, { text, limit }: Wanted): Promise<Found> {
  if (!isListText(text)) return nothing;
  const query = { limit, text, ...(caller.scope === 'all' ? {} : { inEmails: true as const }) };
  const [orders, certificates] = await Promise.all([
    services.orders.list(caller, query),
    services.certificates.list(caller, { limit, text }),
  ]);
  return {
    orders: orders.items,
    certificates: certificates.items,
    hasMore: orders.next !== null || certificates.next !== null,
  };
}

function certificateOf({ caller, services }: Client, reference: string): Promise<Found> {
  return orNothing(async () => {
    const { certificate } = await services.certificates.get(caller, reference);
    return { ...nothing, certificates: [certificate] };
  });
}

async function orNothing(find: () => Promise<Found>): Promise<Found> {
  try {
    return await find();
  } catch (thrown) {
    if (thrown instanceof CertError && thrown.code === 'notFound') return nothing;
    throw thrown;
  }
}
