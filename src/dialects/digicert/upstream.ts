/** DigiCert CertCentral, or any server of its API, as a way out. */
import type { RevocationReason } from '../../domain/certificate.ts';
import { methodOfChoice } from '../../domain/challenge.ts';
import type {
  ListedPurchase,
  Purchase,
  Upstream,
  UpstreamMaker,
  UpstreamOptions,
  VendorProduct,
} from '../../domain/ports/upstream.ts';
import { UpstreamFailure } from '../../domain/upstream-failure.ts';
import { firstText, type Loose, looseList, looseObject } from '../kit/loose.ts';
import { Secret } from '../kit/secret.ts';
import { createUpstreamCalls } from '../kit/upstream-calls.ts';
import { moneyFromWire } from '../kit/wire-money.ts';
import { keyHeader } from './auth.ts';
import { createCalls } from './calls.ts';
import { basePath } from './name.ts';
import { dcvMethodOf } from './proofs.ts';
import { createReader } from './upstream/answer.ts';
import { findLost } from './upstream/find.ts';
import { manners } from './upstream/manners.ts';
import { attemptToSend, isNumber, orderToSend } from './upstream/order-to-send.ts';
import { namesOf } from './upstream/own-certificate.ts';
import { isLastPage } from './upstream/pages.ts';
import { createRequests, RefusedCall } from './upstream/requests.ts';
import { standingOf } from './upstream/standing.ts';
import { isOfUse, stateOfOrder } from './upstream/states.ts';
import { parseMoment } from './wire/wire-time.ts';

export const upstream: UpstreamMaker = {
  manners,
  credentials: [{ name: keyHeader, isSecret: true }],
  usualUrl: 'https://www.digicert.com',
  callsPath: basePath,
  // Its products have names, everything else has a number (contract 1, 7).
  objectionTo: (what, word) => (what === 'product' || isNumber(word) ? undefined : numberWanted),
  create,
};

const numberWanted = {
  en: 'must be its number there, as its console shows it',
  zh: '必须是其控制台中显示的编号',
};

const pageSize = 1000;
const mostPages = 5;
const notWanted = 'no longer wanted';

/** Those that the vendor knows (contract 5.3). */
const reasons: Readonly<Record<RevocationReason, string>> = {
  unspecified: 'unspecified',
  keyCompromise: 'keyCompromise',
  affiliationChanged: 'affiliationChanged',
  superseded: 'superseded',
  cessationOfOperation: 'cessationOfOperation',
  privilegeWithdrawn: 'unspecified',
};

function create({ baseUrl, fetch, credentials, clock, publicSuffixes, currency }: UpstreamOptions): Upstream {
  const secret = credentials[keyHeader] ?? '';
  const { run, fetch: limited, guarded } = createUpstreamCalls({ fetch, clock, publicSuffixes, secrets: [secret] });
  const requests = createRequests(createCalls({ baseUrl, fetch: limited, key: new Secret(secret) }));
  const reader = createReader(requests, publicSuffixes);
  const pathOf = (number: string) => `/order/certificate/${encodeURIComponent(number)}`;

  function sentFor(purchase: Purchase): { readonly path: string; readonly body: Loose } {
    const { kind, of, product } = purchase;
    if (kind === 'new' || kind === 'renewal') {
      return { path: pathOf(product), body: orderToSend(purchase, publicSuffixes) };
    }
    if (of === null) {
      throw new UpstreamFailure('refused', 'the order that this is part of is not known', { isSent: false });
    }
    return { path: `${pathOf(of.order)}/${kind}`, body: attemptToSend(purchase, publicSuffixes) };
  }

  async function statusOf(number: string, signal: AbortSignal): Promise<string> {
    return firstText(await requests.get(pathOf(number), { signal }), 'status')?.toLowerCase() ?? '';
  }

  async function cancel(number: string, signal: AbortSignal): Promise<'cancelled' | 'tooLate'> {
    try {
      const body = { status: 'canceled', note: notWanted };
      await requests.put(`${pathOf(number)}/status`, { body, signal });
      return 'cancelled';
    } catch (thrown) {
      if (!(thrown instanceof UpstreamFailure && isNoFurther(thrown))) throw thrown;
      const state = stateOfOrder(await statusOf(number, signal));
      return state === 'cancelled' || state === 'refused' ? 'cancelled' : 'tooLate';
    }
  }

  /** Its own key may be allowed to approve what it has asked for. */
  async function approve(request: string, signal: AbortSignal): Promise<void> {
    try {
      const body = { status: 'approved', processor_comment: 'approved by its requester' };
      await requests.put(`/request/${encodeURIComponent(request)}/status`, { body, signal });
    } catch (thrown) {
      if (!(thrown instanceof RefusedCall && thrown.kind === 'credentials')) throw thrown;
      const words = `revocation request ${request} waits for the approval of another person: ${thrown.message}`;
      throw new UpstreamFailure('credentials', words, { cause: thrown });
    }
  }

  async function revoke(
    sold: Parameters<NonNullable<Upstream['revoke']>>[0],
    reason: RevocationReason,
    signal: AbortSignal,
  ) {
    const id = sold.reference.certificate ?? sold.serial;
    const body = { revocation_reason: reasons[reason], comments: notWanted, skip_approval: true };
    try {
      const reply = await requests.put(`/certificate/${encodeURIComponent(id)}/revoke`, { body, signal });
      // 204 where it is done, else a request for it (contract 5.3).
      const request = firstText(reply, 'id');
      const isOpen = request !== undefined && firstText(reply, 'status')?.toLowerCase() !== 'approved';
      if (isOpen) await approve(request, signal);
    } catch (thrown) {
      if (!(thrown instanceof UpstreamFailure && isNoFurther(thrown))) throw thrown;
      if (!(await isRevoked(sold, signal))) throw thrown;
    }
  }

  async function isRevoked(
    { reference, serial }: { reference: { order: string }; serial: string },
    signal: AbortSignal,
  ) {
    const path = pathOf(reference.order);
    const order = await requests.get(path, { signal });
    if (firstText(order, 'status')?.toLowerCase() === 'revoked') return true;
    const lists = [];
    for (const kind of ['reissue', 'duplicate']) lists.push(await requests.getIfAny(`${path}/${kind}`, { signal }));
    const all = [order.certificate, ...lists.flatMap((list) => looseList(list?.certificates))].map(looseObject);
    return all.some(
      (certificate) =>
        isSameSerial(firstText(certificate, 'serial_number'), serial) &&
        firstText(certificate, 'status')?.toLowerCase() === 'revoked',
    );
  }

  async function listed(since: Date, signal: AbortSignal): Promise<readonly ListedPurchase[]> {
    const found: ListedPurchase[] = [];
    let offset = 0;
    for (let page = 0; page < mostPages; page++) {
      const query = { limit: pageSize, offset, sort: '-date_created' };
      const reply = await requests.get('/order/certificate', { query, signal });
      const items = looseList(reply.orders).map(looseObject);
      const purchases = items.flatMap((item) => listedPurchase(item, currency) ?? []);
      found.push(...purchases);
      offset += items.length;
      const isPast = purchases.every(({ placedAt }) => placedAt !== null && placedAt < since);
      if (isPast || isLastPage(reply, { offset, count: items.length, pageSize })) break;
    }
    return found
      .filter(({ placedAt }) => placedAt === null || placedAt >= since)
      .toSorted((a, b) => (b.placedAt?.getTime() ?? 0) - (a.placedAt?.getTime() ?? 0));
  }

  return guarded({
    manners,
    place: (purchase, signal) =>
      run(signal, async () => {
        const { path, body } = sentFor(purchase);
        return reader.placed(await requests.post(path, { body, signal }), purchase);
      }),
    find: (lost, signal) => run(signal, () => findLost(lost, { requests, reader, signal })),
    state: ({ order, certificate }, purchase, signal) =>
      run(signal, () => reader.read({ number: order, id: certificate }, purchase, signal)),
    serves: ({ order }, signal) => run(signal, async () => isOfUse(await statusOf(order, signal))),
    check: ({ order }, signal) =>
      run(signal, async () => {
        try {
          await requests.put(`${pathOf(order)}/check-dcv`, { body: {}, signal });
        } catch (thrown) {
          // It has looked, and found nothing; or has sent a mail, and there is nothing to look for.
          if (thrown instanceof RefusedCall && notFoundYet.test(thrown.code)) return;
          throw thrown;
        }
      }),
    changeMethod: ({ order }, { name, choice }, signal) =>
      run(signal, async () => {
        const method = dcvMethodOf(methodOfChoice(choice), undefined);
        if (name.kind === 'wildcard' && method === 'http-token') {
          throw new UpstreamFailure('refused', 'a file does not prove a wildcard', { isSent: false });
        }
        await requests.put(`${pathOf(order)}/dcv-method`, { body: { dcv_method: method }, signal });
      }),
    cancel: ({ order }, kind, signal) =>
      run(signal, async () => {
        // No call takes a duplicate back. Of an order whose reissue is under way, it is the reissue that is cancelled (contract 3.1).
        if (kind === 'duplicate') return 'tooLate';
        if (kind === 'reissue' && (await statusOf(order, signal)) !== 'reissue_pending') return 'tooLate';
        return cancel(order, signal);
      }),
    revoke: (sold, reason, signal) => run(signal, () => revoke(sold, reason, signal)),
    products: (signal) =>
      run(signal, async () => looseList((await requests.get('/product', { signal })).products).flatMap(productOf)),
    orders: (since, signal) => run(signal, () => listed(since, signal)),
    standing: (question, signal) => run(signal, () => standingOf(requests, question, { now: clock.now(), signal })),
  });
}

const notFoundYet = /^(invalid_dns|file_random_value|validation_failed)/;

/** It does not do this any more, for whatever it says: codes for it are in no document. */
function isNoFurther({ kind }: UpstreamFailure): boolean {
  return kind === 'wrongState' || kind === 'refused';
}

/** In hex of either case, leading zeros may be missing (contract 5.3). */
function isSameSerial(shown: string | undefined, serial: string): boolean {
  const bare = (text: string) => text.toLowerCase().replace(/^0+/, '');
  return shown !== undefined && bare(shown) === bare(serial);
}

function productOf(item: unknown): readonly VendorProduct[] {
  const product = looseObject(item);
  const code = firstText(product, 'name_id');
  const type = firstText(product, 'type');
  if (code === undefined || (type !== undefined && type !== 'ssl_certificate')) return [];
  return [{ code, title: firstText(product, 'name') ?? code }];
}

function listedPurchase(item: Loose, currency: string | undefined): ListedPurchase | undefined {
  const number = firstText(item, 'id');
  if (number === undefined) return undefined;
  const certificate = looseObject(item.certificate);
  const words = firstText(item, 'status') ?? 'no status';
  const state = stateOfOrder(words);
  return {
    reference: { order: number, certificate: firstText(certificate, 'id') ?? null },
    clientReference: firstText(item, 'alternative_order_id') ?? null,
    state: state === 'proving' ? 'processing' : state,
    words,
    names: namesOf(certificate),
    placedAt: parseMoment(firstText(item, 'date_created') ?? '') ?? null,
    price: currency === undefined ? null : moneyFromWire(item.price, currency),
  };
}
