/**
 * What the doubles of real vendors share: their books, the calls that go wrong, and the wire. A double answers as its vendor's
 * recorded replies do; it is no server of ours. It comes late and badly when a test wants that.
 */
import { type Identifier, identifierOf } from '../../../src/domain/identifier.ts';
import type { Clock } from '../../../src/domain/ports/system.ts';
import { UpstreamFault } from '../../../src/domain/upstream-fault.ts';
import type { PurchaseKind } from '../../../src/domain/vendor-order.ts';
import { parseCertificate } from '../../../src/pki/certificate.ts';
import { parseCsr } from '../../../src/pki/csr.ts';
import { createFakeRandomness } from '../system.ts';
import { issueLeaf, type Misfit } from '../upstream-authority.ts';

/**
 * What becomes of one call.
 * - loseRequest: it never arrives. loseReply, hang: it is done, and no reply comes; `hang` waits until the caller has enough.
 * - html: it is done, and a proxy answers 502 with a page. page: the same with status 200. empty: it is done, and the body is empty.
 * - garbage: it is done, and a state is shown that is in no document. bare: all that its documents do not promise is left out.
 * - notYet: a search that does not know yet what was taken.
 * - limitedSeconds: nothing is done, it answers 429 with `Retry-After`.
 */
export type Mishap =
  | 'loseRequest'
  | 'loseReply'
  | 'hang'
  | 'html'
  | 'page'
  | 'empty'
  | 'garbage'
  | 'bare'
  | 'notYet'
  | { readonly limitedSeconds: number };

export const limited = (limitedSeconds: number): Mishap => ({ limitedSeconds });

/** The garbled state of a double. */
export const strangeState = 'on-hold-42';

/** `unproved`: it waits for the proofs. `held`: it waits for a person. `pending`: it works. */
export type BookedState = 'unproved' | 'held' | 'pending' | 'issued' | 'refused' | 'cancelled';

export interface Booked {
  /** The vendor's number of it. */
  readonly reference: string;
  /** Ours, as it was sent along; null: the vendor has no field for it. */
  readonly clientReference: string | null;
  readonly kind: PurchaseKind;
  readonly product: string;
  names: readonly string[];
  readonly placedAt: Date;
  /** DER; null: the vendor makes the key. */
  readonly csr: Uint8Array | null;
  /** The public key, where there is no CSR. */
  readonly spkiDer?: Uint8Array;
  /** The vendor's own words for how each name is to be proved. */
  readonly methods: Map<string, string>;
  /** The request as it came. */
  readonly wire: Readonly<Record<string, unknown>>;
  state: BookedState;
  certificate: BookedCertificate | undefined;
  isRevoked: boolean;
}

export interface BookedCertificate {
  readonly der: Uint8Array;
  /** Nearest first, with the root. */
  readonly chain: readonly Uint8Array[];
  readonly serial: string;
}

/** One call as a double understood it. */
export interface BookedCall<Operation extends string> {
  readonly operation: Operation;
  /** @param mishap what it may have to show: `garbage`, `bare`, `notYet` */
  act(mishap: Mishap | undefined): Response | Promise<Response>;
}

export interface Double<Operation extends string, Order extends Booked = Booked> {
  readonly fetch: (request: Request) => Promise<Response>;
  /** Its books. */
  readonly orders: readonly Order[];
  /** Serial numbers. */
  readonly revoked: readonly string[];
  /** Every call, in order, also those that it never heard of. */
  readonly calls: readonly Operation[];
  /** The next calls of this operation go wrong, one after the other; undefined: this one does not. */
  spoil(operation: Operation, ...mishaps: readonly (Mishap | undefined)[]): void;
  /** Nobody answers. */
  isAway: boolean;
  /** Orders stay pending until `decide`. */
  isSlow: boolean;
  /** Its challenges stand wherever it looks. */
  isProved: boolean;
  /** Too late to cancel: it continues. */
  isStubborn: boolean;
  /** What it has of ours is used up. */
  isBroke: boolean;
  misfit: Misfit | undefined;
  /** It knows of no order any more. */
  forget(): void;
  /** It finds all proofs of the order. */
  prove(reference: string): Promise<void>;
  decide(reference: string, as: 'issued' | 'refused' | 'held'): Promise<void>;
}

/** The part of a double that its own file needs besides. */
export interface Books<Operation extends string, Order extends Booked> extends Double<Operation, Order> {
  readonly randomness: ReturnType<typeof createFakeRandomness>;
  now(): Date;
  /** How many orders it ever took: what their numbers are made of, so that none comes twice. */
  taken: number;
  known(reference: string): Order | undefined;
  add(order: Order): Promise<Order>;
  /** The proofs stand: it issues, unless it is slow. */
  accept(order: Order): Promise<void>;
  issue(order: Order): Promise<void>;
  revoke(order: Order): void;
}

let seed = 4711;

/**
 * @param read which call a request is, before anything is done for it
 */
export function createBooks<Operation extends string, Order extends Booked = Booked>(
  clock: () => Pick<Clock, 'now'>,
  read: (request: Request, books: Books<Operation, Order>) => Promise<BookedCall<Operation>>,
): Books<Operation, Order> {
  // They share an authority, which gives no serial twice.
  const randomness = createFakeRandomness(seed++);
  const orders: Order[] = [];
  const revoked: string[] = [];
  const calls: Operation[] = [];
  const spoiled = new Map<Operation, (Mishap | undefined)[]>();

  const books: Books<Operation, Order> = {
    orders,
    revoked,
    calls,
    randomness,
    isAway: false,
    isSlow: false,
    isProved: false,
    isStubborn: false,
    isBroke: false,
    misfit: undefined,
    now: () => clock().now(),
    taken: 0,
    forget() {
      orders.length = 0;
    },
    known: (reference) => orders.find((order) => order.reference === reference),
    spoil(operation, ...mishaps) {
      spoiled.set(operation, [...(spoiled.get(operation) ?? []), ...mishaps]);
    },
    async add(order) {
      orders.push(order);
      books.taken++;
      if (order.state === 'pending') await books.accept(order);
      return order;
    },
    async accept(order) {
      order.state = 'pending';
      if (!books.isSlow) await books.issue(order);
    },
    async issue(order) {
      const { der, chain } = await issueLeaf({
        spkiDer: order.csr === null ? spkiOf(order) : parseCsr(order.csr).publicKey.spkiDer,
        names: order.names.map((name): Identifier => identifierOf(name)),
        now: books.now(),
        randomness,
        misfit: books.misfit,
        earlier: orders.find(({ certificate }) => certificate !== undefined)?.certificate?.der,
      });
      const serial = books.misfit === 'notDer' ? '' : parseCertificate(der).serialHex;
      order.certificate = { der, chain, serial };
      order.state = 'issued';
    },
    revoke(order) {
      order.isRevoked = true;
      if (order.certificate !== undefined) revoked.push(order.certificate.serial);
    },
    prove: (reference) => books.accept(must(reference)),
    async decide(reference, as) {
      const order = must(reference);
      if (as === 'issued') await books.issue(order);
      else order.state = as;
    },
    async fetch(request) {
      const { operation, act } = await read(request, books);
      calls.push(operation);
      const mishap = spoiled.get(operation)?.shift();
      if (books.isAway || mishap === 'loseRequest') throw new UpstreamFault('cannot be reached', { isSent: false });
      if (typeof mishap === 'object') return tooMany(mishap.limitedSeconds);
      const reply = await act(mishap);
      switch (mishap) {
        case 'loseReply':
          throw new UpstreamFault('closed the connection without an answer', { isSent: true });
        case 'hang':
          return hang(request.signal);
        case 'html':
          return page(502, 'Bad Gateway');
        case 'page':
          return page(200, 'Maintenance');
        case 'empty':
          return new Response('', { status: 200, headers: { 'content-type': 'application/json' } });
        default:
          return reply;
      }
    },
  };

  function must(reference: string): Order {
    const order = books.known(reference);
    if (order === undefined) throw new Error(`there is no order ${reference}`);
    return order;
  }

  return books;
}

function spkiOf({ spkiDer, reference }: Booked): Uint8Array {
  if (spkiDer === undefined) throw new Error(`order ${reference} has neither a CSR nor a key`);
  return spkiDer;
}

function page(status: number, title: string): Response {
  const html = `<html>\r\n<head><title>${status} ${title}</title></head>\r\n<body><center><h1>${status} ${title}</h1></center></body>\r\n</html>\r\n`;
  return new Response(html, { status, headers: { 'content-type': 'text/html' } });
}

function tooMany(seconds: number): Response {
  return new Response('Too Many Requests', { status: 429, headers: { 'retry-after': String(seconds) } });
}

function hang(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}
