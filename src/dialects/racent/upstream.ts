/** Racent, or any server of its API, as a way out: it checks the names itself, by challenges that we relay. */

import { CertError } from '../../domain/errors.ts';
import type { Identifier } from '../../domain/identifier.ts';
import type {
  ListedPurchase,
  Purchase,
  Upstream,
  UpstreamMaker,
  UpstreamOptions,
  VendorAnswer,
  VendorProduct,
} from '../../domain/ports/upstream.ts';
import { UpstreamFailure } from '../../domain/upstream-failure.ts';
import { firstText, type Loose, looseList, looseObject, looseText } from '../kit/loose.ts';
import { Secret } from '../kit/secret.ts';
import { createUpstreamCalls } from '../kit/upstream-calls.ts';
import { moneyFromWire } from '../kit/wire-money.ts';
import { parseWireTime } from '../kit/wire-time.ts';
import { createCalls, type Reply } from './calls.ts';
import { collectedAnswer, placedAnswer, stateOfWords, vendorOffset } from './upstream/answer.ts';
import { type CallKind, codes, failureOfReply } from './upstream/failures.ts';
import { manners } from './upstream/manners.ts';
import { domainToSend, orderToSend, renewalToSend, replacementToSend } from './upstream/order-to-send.ts';
import { productFromWire } from './upstream/products.ts';
import { isOf } from './upstream/wanted-proofs.ts';

const token = 'api_token';

export const upstream: UpstreamMaker = {
  manners,
  credentials: [{ name: token, isSecret: true }],
  usualUrl: 'https://portal.racent.com',
  callsPath: '/ssl',
  create,
};

/** Of the live service (contract 2.3): asked for one by one where it wants a vendor named. */
const vendors = ['Sectigo', 'Certum', 'Thawte', 'sslTrus', 'Digicert'];

const mostPages = 50;
const notWanted = 'no longer wanted';

function create({ baseUrl, fetch, credentials, clock, publicSuffixes, currency }: UpstreamOptions): Upstream {
  const secret = credentials[token] ?? '';
  const shared = createUpstreamCalls({ fetch, clock, publicSuffixes, secrets: [secret] });
  const { run, guarded } = shared;
  const calls = createCalls({ baseUrl, fetch: shared.fetch, token: new Secret(secret) });
  const host = calls.sender.upstream;

  async function call(
    kind: CallKind,
    path: string,
    {
      body,
      signal,
      taken = [],
    }: { readonly body: Loose; readonly signal: AbortSignal; readonly taken?: readonly number[] },
  ): Promise<Reply> {
    const reply = await calls.call(path, body, signal);
    if (reply.code === codes.success || taken.includes(reply.code)) return reply;
    throw failureOfReply(reply, kind, host);
  }

  function place(purchase: Purchase, signal: AbortSignal): Promise<VendorAnswer> {
    return run(signal, async () => {
      const { path, body } = sentFor(purchase);
      const reply = await call('buy', path, { body, signal });
      return placedAnswer(looseObject(reply.body.data), purchase, publicSuffixes);
    });
  }

  function sentFor(purchase: Purchase): { readonly path: string; readonly body: Loose } {
    const { kind, of } = purchase;
    switch (kind) {
      case 'new':
        return { path: '/ssl/place', body: orderToSend(purchase, publicSuffixes) };
      case 'renewal':
        return { path: '/ssl/renew', body: renewalToSend(purchase, orderOf(of), publicSuffixes) };
      case 'reissue':
        return { path: '/ssl/replace', body: replacementToSend(purchase, orderOf(of), publicSuffixes) };
      case 'duplicate':
        throw new UpstreamFailure('refused', 'this vendor has no duplicates', { isSent: false });
      default:
        return kind satisfies never;
    }
  }

  async function collect(certId: string, purchase: Purchase, signal: AbortSignal): Promise<VendorAnswer> {
    const taken = [codes.beingIssued];
    const { code, body } = await call('read', '/ssl/collect', { body: { certId }, signal, taken });
    const own = firstText(looseObject(body.data), 'certId');
    // As from a cache on the way: its certificate would be another customer's.
    if (own !== undefined && own !== certId)
      throw new UpstreamFailure('away', `a reply about ${own} instead of ${certId}`);
    const shown = code === codes.success ? body : { status: 'PENDING', data: { dcv: { status: 'done' } } };
    return readable(() => collectedAnswer(certId, shown, { purchase, publicSuffixes }));
  }

  async function listed(since: Date, signal: AbortSignal): Promise<readonly ListedPurchase[]> {
    const found = new Map<string, ListedPurchase>();
    for (let page = 1; page <= mostPages; page++) {
      // The live service takes no page and shows all at once (contract 2.3), as often as it is asked; others show the next ones.
      const reply = await call('read', '/ssl/list', { body: page === 1 ? {} : { page }, signal });
      const items = looseList(reply.body.data).map((item) => listedPurchase(looseObject(item), currency));
      const fresh = items.filter((item) => item !== undefined && !found.has(item.reference.order));
      for (const item of fresh) if (item !== undefined) found.set(item.reference.order, item);
      const isPast = fresh.some((item) => item !== undefined && item.placedAt !== null && item.placedAt < since);
      if (fresh.length === 0 || isPast) break;
    }
    return [...found.values()]
      .filter(({ placedAt }) => placedAt === null || placedAt >= since)
      .toSorted((a, b) => (b.placedAt?.getTime() ?? 0) - (a.placedAt?.getTime() ?? 0));
  }

  async function allProducts(signal: AbortSignal): Promise<readonly VendorProduct[]> {
    const path = '/ssl/productList';
    const taken = [codes.invalid];
    // The document wants a vendor, a client sends none to see whether its token is taken.
    const all = await call('read', path, { body: {}, signal, taken });
    if (all.code === codes.success) return productsOf(all);
    const found: VendorProduct[] = [];
    for (const vendor of vendors)
      found.push(...productsOf(await call('read', path, { body: { vendor }, signal, taken })));
    // None of them has any: what was said without a vendor is the better answer.
    if (found.length === 0) throw failureOfReply(all, 'read', host);
    return found;
  }

  return guarded({
    manners,
    place,
    find: (lost, signal) =>
      run(signal, async () => {
        const body = { refId: lost.clientReference };
        const certId = await absentOr(async () => {
          const reply = await call('read', '/ssl/certIdByrefId', { body, signal });
          return firstText(looseObject(reply.body.data), 'certId');
        });
        if (certId === 'absent') return 'absent';
        if (certId === undefined) throw new UpstreamFailure('away', 'a reply to certIdByrefId that names no certId');
        return collect(certId, lost, signal);
      }),
    state: ({ order }, purchase, signal) => run(signal, () => collect(order, purchase, signal)),
    serves: ({ order }, signal) => run(signal, () => isOfUse(order, signal)),
    check: ({ order }, signal) =>
      run(signal, async () => {
        // Without a method it looks again by those that it has.
        await call('act', '/ssl/batchUpdateDCV', { body: { certId: order }, signal });
      }),
    changeMethod: ({ order }, change, signal) =>
      run(signal, async () => {
        const body = { certId: order, ...domainToSend(change, publicSuffixes) };
        await call('act', '/ssl/updateDCV', { body, signal });
      }),
    removeName: ({ order }, name: Identifier, signal) =>
      run(signal, async () => {
        try {
          await call('act', '/ssl/removeMdcDomain', { body: { certId: order, domainName: name.value }, signal });
        } catch (thrown) {
          // It was taken out by a call whose reply was lost; which words that is refused with is in no document.
          if (isRefusal(thrown) && (await isWithout(order, name, signal))) return;
          throw thrown;
        }
      }),
    cancel: ({ order }, kind, signal) =>
      run(signal, async () => {
        // What becomes of the certificates before it is said nowhere: the whole order might be given back.
        if (kind === 'reissue' || kind === 'duplicate') return 'tooLate';
        const body = { certId: order, reason: notWanted };
        try {
          await call('act', '/ssl/cancel', { body, signal, taken: [codes.cancelledBefore] });
          return 'cancelled';
        } catch (thrown) {
          if (thrown instanceof UpstreamFailure && thrown.kind === 'wrongState') return 'tooLate';
          throw thrown;
        }
      }),
    revoke: ({ reference: { order } }, reason, signal) =>
      run(signal, async () => {
        try {
          const body = { certId: order, reason };
          await call('act', '/ssl/revoke', { body, signal, taken: [codes.cancelledBefore] });
        } catch (thrown) {
          const isOver = thrown instanceof UpstreamFailure && thrown.kind === 'wrongState';
          if (isOver && (await isRevoked(order, signal))) return;
          throw thrown;
        }
      }),
    products: (signal) => run(signal, () => allProducts(signal)),
    orders: (since, signal) => run(signal, () => listed(since, signal)),
  });

  /** By the names that it shows. An order that shows none says nothing about them. */
  async function isWithout(certId: string, name: Identifier, signal: AbortSignal): Promise<boolean> {
    const { body } = await call('read', '/ssl/collect', { body: { certId }, signal });
    const shown = looseList(looseObject(body.data).dcvList).map((entry) => looseText(looseObject(entry).domainName));
    return shown.length > 0 && !shown.some((text) => isOf(text, name));
  }

  /** Whether it is replaced, now or later: it says so for one that was cancelled, revoked or refused, and by its last day. */
  async function isOfUse(certId: string, signal: AbortSignal): Promise<boolean> {
    const { body } = await call('read', '/ssl/collect', { body: { certId }, signal, taken: [codes.beingIssued] });
    const state = stateOfWords(firstText(body, 'status', 'certStatus'));
    const until = parseWireTime(firstText(looseObject(body.data), 'dueDate') ?? '', vendorOffset);
    return state !== 'cancelled' && state !== 'refused' && (until === undefined || until > clock.now());
  }

  /** Its code for a wrong state does not tell one that is revoked from one that is not issued. */
  async function isRevoked(certId: string, signal: AbortSignal): Promise<boolean> {
    const { body } = await call('read', '/ssl/collect', { body: { certId }, signal, taken: [codes.beingIssued] });
    return stateOfWords(firstText(body, 'status', 'certStatus')) === 'cancelled';
  }
}

function isRefusal(thrown: unknown): boolean {
  return thrown instanceof UpstreamFailure && ['refused', 'wrongState', 'absent'].includes(thrown.kind);
}

function orderOf(reference: Purchase['of']): string {
  if (reference !== null) return reference.order;
  throw new UpstreamFailure('refused', 'the order that this follows is not known', { isSent: false });
}

async function absentOr<T>(look: () => Promise<T>): Promise<T | 'absent'> {
  try {
    return await look();
  } catch (thrown) {
    if (thrown instanceof UpstreamFailure && thrown.kind === 'absent') return 'absent';
    throw thrown;
  }
}

/** A certificate that cannot be read is no refusal of the vendor's: it may be whole the next time. */
function readable<T>(read: () => T): T {
  try {
    return read();
  } catch (thrown) {
    if (!(thrown instanceof CertError)) throw thrown;
    throw new UpstreamFailure('away', thrown.message, { cause: thrown });
  }
}

function listedPurchase(item: Loose, currency: string | undefined): ListedPurchase | undefined {
  const certId = firstText(item, 'certId');
  if (certId === undefined) return undefined;
  const names = looseList(item.domains).flatMap((name) => looseText(name) ?? []);
  const commonName = firstText(item, 'commonName');
  const words = firstText(item, 'status') ?? 'no status';
  return {
    reference: { order: certId, certificate: null },
    clientReference: firstText(item, 'refId') ?? null,
    state: stateOfWords(words),
    words,
    names: names.length > 0 || commonName === undefined ? names : [commonName],
    placedAt: parseWireTime(firstText(item, 'created') ?? '', vendorOffset) ?? null,
    price: currency === undefined ? null : moneyFromWire(item.amount, currency),
  };
}

function productsOf({ code, body }: Reply): readonly VendorProduct[] {
  return code === codes.success ? looseList(body.data).flatMap((item) => productFromWire(looseObject(item)) ?? []) : [];
}
