/** A vendor behind the port, without a wire: for tests of what the core makes of its answers. It keeps books, and loses replies. */

import type { Money } from '../../../src/domain/money.ts';
import type { Clock } from '../../../src/domain/ports/system.ts';
import type {
  ListedPurchase,
  Purchase,
  Upstream,
  UpstreamManners,
  VendorAnswer,
  VendorState,
} from '../../../src/domain/ports/upstream.ts';
import { UpstreamFailure } from '../../../src/domain/upstream-failure.ts';
import type { VendorReference } from '../../../src/domain/vendor-order.ts';
import { parseCsr } from '../../../src/pki/csr.ts';
import { createFakeRandomness } from '../system.ts';
import { issueLeaf } from '../upstream-authority.ts';

export interface Sold {
  readonly number: string;
  readonly purchase: Purchase;
  readonly placedAt: Date;
  state: VendorState;
  price: Money | null;
  /** The vendor forgot it. */
  isGone: boolean;
  certificate: VendorAnswer['certificate'];
}

export interface FakeUpstream {
  readonly upstream: Upstream;
  readonly sold: readonly Sold[];
  /** What becomes of the next purchases: `loseReply` is done without a reply, `loseRequest` is not done. */
  readonly mishaps: ('loseReply' | 'loseRequest')[];
  /** Orders stay under way until they are decided. */
  isSlow: boolean;
  isAway: boolean;
  balance: Money;
  /** What a purchase costs; null: it does not say. */
  price: Money | null;
  /** Awaited before a purchase is answered. */
  beforeReply: () => Promise<void>;
  /** Awaited before a state is answered. */
  beforeState: () => Promise<void>;
  decide(number: string, as: VendorState): Promise<void>;
  /** Bought there by somebody else with our credentials. */
  addForeign(number: string, names: readonly string[]): void;
}

const manners: UpstreamManners = {
  title: 'Fake Vendor',
  modes: ['signfile'],
  relayed: [],
  lostPurchases: 'never',
  referenceField: null,
  settlesSeconds: 0,
  takesCsr: true,
  takesWildcards: true,
  takesAddresses: [],
  mostNames: 10,
  reissues: 'sameNames',
  duplicates: null,
  provesFirst: false,
  pollSeconds: { first: 60, longest: 3600 },
  cancelDays: 2,
  source: 'a test',
};

let seed = 90_210;

export function createFakeUpstream(
  clock: () => Pick<Clock, 'now'>,
  options: { readonly manners?: Partial<UpstreamManners>; readonly lists?: boolean } = {},
): FakeUpstream {
  const randomness = createFakeRandomness(seed++);
  const sold: Sold[] = [];
  const foreign: ListedPurchase[] = [];

  function answer({ number, state, price, certificate }: Sold): VendorAnswer {
    const shown = { reference: { order: number, certificate: null }, state, words: state.toUpperCase(), price };
    return { ...shown, proofs: [], proofsUntil: null, certificate, coverageUntil: null };
  }

  function known({ order }: VendorReference): Sold {
    if (fake.isAway) throw new UpstreamFailure('away', 'connection refused', { isSent: false });
    // The last certificate of the order.
    const found = sold.findLast(({ number, isGone }) => number === order && !isGone);
    if (found === undefined) throw new UpstreamFailure('absent', `no order ${order}`);
    return found;
  }

  async function issue(order: Sold): Promise<void> {
    const { csr, names } = order.purchase;
    if (csr === null) throw new Error('it makes no keys');
    const { spkiDer } = parseCsr(csr).publicKey;
    order.certificate = await issueLeaf({ spkiDer, names, now: clock().now(), randomness });
    order.state = 'issued';
  }

  const upstream: Upstream = {
    manners: { ...manners, ...options.manners },
    async place(purchase) {
      const mishap = fake.mishaps.shift();
      if (fake.isAway || mishap === 'loseRequest') throw new UpstreamFailure('away', 'connection refused');
      const isPart = purchase.kind === 'reissue' || purchase.kind === 'duplicate';
      const number = isPart && purchase.of !== null ? purchase.of.order : `v-${sold.length + 1}`;
      const { price } = fake;
      const order: Sold = {
        number,
        purchase,
        price,
        placedAt: clock().now(),
        state: 'processing',
        isGone: false,
        certificate: null,
      };
      sold.push(order);
      if (!fake.isSlow) await issue(order);
      await fake.beforeReply();
      if (mishap === 'loseReply') throw new UpstreamFailure('away', 'the connection was closed');
      return answer(order);
    },
    async state(reference) {
      await fake.beforeState();
      return answer(known(reference));
    },
    async cancel(reference) {
      const order = known(reference);
      if (order.state === 'issued') return 'tooLate';
      order.state = 'cancelled';
      return 'cancelled';
    },
    async balance() {
      if (fake.isAway) throw new UpstreamFailure('away', 'connection refused');
      return fake.balance;
    },
    products: async () => [{ code: 'dv', title: 'DV' }],
    ...(options.lists === false
      ? {}
      : {
          async orders(since) {
            if (fake.isAway) throw new UpstreamFailure('away', 'connection refused');
            const own = sold.filter(({ isGone, placedAt }) => !isGone && placedAt >= since).map(listed);
            return [...own, ...foreign].toReversed();
          },
        }),
  };

  const fake: FakeUpstream = {
    upstream,
    sold,
    mishaps: [],
    isSlow: false,
    isAway: false,
    balance: { minor: 500_00, currency: 'CNY' },
    price: { minor: 40_00, currency: 'CNY' },
    beforeReply: async () => undefined,
    beforeState: async () => undefined,
    async decide(number, as) {
      const order = known({ order: number, certificate: null });
      if (as === 'issued') await issue(order);
      else order.state = as;
    },
    addForeign(number, names) {
      const reference = { order: number, certificate: null };
      const shown = { reference, clientReference: null, state: 'issued', words: 'ISSUED', price: null } as const;
      foreign.push({ ...shown, names, placedAt: clock().now() });
    },
  };
  return fake;
}

function listed({ number, purchase, state, price, placedAt }: Sold): ListedPurchase {
  return {
    reference: { order: number, certificate: null },
    clientReference: purchase.clientReference,
    state,
    words: state.toUpperCase(),
    names: purchase.names.map(({ value }) => value),
    placedAt,
    price,
  };
}
