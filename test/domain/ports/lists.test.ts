/**
 * Lists of every port: each is read page by page, or says what keeps it short (`src/app/list-bounds.ts`). The compiler looks
 * for lists without a row; here the pages are asked for what they must refuse.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type BoundOf, boundsOfLists, type ListMethod } from '../../../src/app/list-bounds.ts';
import type { Caller } from '../../../src/domain/caller.ts';
import { CertError } from '../../../src/domain/errors.ts';
import { largestPage, type Page, type PageQuery } from '../../../src/domain/page.ts';
import type { PortName, Ports } from '../../../src/domain/ports/index.ts';
import { withDefined } from '../../../src/domain/with-defined.ts';
import {
  type Customer,
  createCaller,
  createCustomer,
  issue,
  place,
  startTestApp,
  type TestApp,
} from '../../support/app.ts';

/** By port: the lists that have no row. */
type Missing = {
  readonly [P in PortName]: P extends keyof typeof boundsOfLists
    ? Exclude<ListMethod<Ports[P]>, keyof (typeof boundsOfLists)[P]>
    : ListMethod<Ports[P]>;
};

type Paged = { readonly limit: number; readonly before?: number };
interface Sample {
  list(page: Paged): Promise<Page<string>>;
  all(): Promise<readonly string[]>;
  one(): Promise<{ readonly names: readonly string[] }>;
}

let app: TestApp;
let customer: Customer;
before(async () => {
  app = await startTestApp();
  customer = await createCustomer(app);
});
after(() => app.close());

/** The arguments before the page. */
const leading: Readonly<Record<string, readonly unknown[]>> = {
  'accounts.ledger': ['1'],
  'checks.listOfOrder': [{ number: 1 }],
  'issuances.list': [{ number: 1 }],
};

const refusing = (field: string) => (thrown: unknown) =>
  thrown instanceof CertError && thrown.reason.key === 'fieldInvalid' && thrown.reason.params.field === field;

describe('lists of the ports', () => {
  it('have a bound each', () => {
    const none: [Missing[PortName]] extends [never] ? true : Missing = true;
    // The check itself: it sees what it is to see.
    const lists: readonly ListMethod<Sample>[] = ['all', 'list'];
    const bounds: readonly [BoundOf<Sample['list']>, BoundOf<Sample['all']>] = ['page', 'any words'];
    // @ts-expect-error an answer with a list inside is none
    const other: ListMethod<Sample> = 'one';
    // @ts-expect-error who takes a limit is read page by page
    const wrong: BoundOf<Sample['list']> = 'the configuration';
    assert.deepEqual([none, lists.length, bounds.length, other, wrong], [true, 2, 2, 'one', 'the configuration']);
  });

  for (const [port, bounds] of Object.entries(boundsOfLists)) {
    for (const [method, bound] of Object.entries<string>(bounds)) {
      if (bound !== 'page') continue;
      it(`${port}.${method} refuses a page that is none, and one that is too large`, async () => {
        const ports = app.ports as unknown as Readonly<Record<string, Readonly<Record<string, Method>>>>;
        const call = ports[port]?.[method] ?? assert.fail();
        const args = leading[`${port}.${method}`] ?? [];
        const ask = (page: object) => call(app.operator, ...args, page);
        for (const limit of [0, -1, 1.5, largestPage + 1, Number.NaN, '10', undefined]) {
          await assert.rejects(ask({ limit, offset: 0 }), refusing('limit'), String(limit));
        }
        await assert.rejects(ask({ limit: 1, offset: 0, before: -1 }), refusing('before'));
      });
    }
  }
});

type Method = (caller: Caller, ...args: readonly unknown[]) => Promise<unknown>;

describe('a list that goes on by a cursor', () => {
  /** Every page of `limit` items. */
  async function pagesOf<T>(read: (page: PageQuery) => Promise<Page<T>>, limit: number): Promise<readonly T[]> {
    const found: T[] = [];
    for (let before: number | null | undefined; before !== null; ) {
      const page: Page<T> = await read({ limit, ...withDefined({ before }) });
      assert.ok(page.items.length <= limit);
      found.push(...page.items);
      before = page.next;
    }
    return found;
  }

  it('has every issuance of an order once, the newest first', async () => {
    const first = await issue(app, customer.caller, ['lists.example']);
    const made = [first.issuance.number];
    for (let i = 0; i < 6; i++) {
      const { issuance } = await app.ports.issuances.duplicate(customer.caller, first.order, {
        proofReference: `duplicate${i}`,
        preferredMethod: 'httpFile',
        names: first.issuance.names.map(({ identifier }) => identifier),
        csr: 'same',
      });
      made.unshift(issuance.number);
      await app.idle();
    }
    for (const limit of [1, 3, 7, 100]) {
      const found = await pagesOf((page) => app.ports.issuances.list(customer.caller, first.order, page), limit);
      assert.deepEqual(
        found.map(({ issuance }) => issuance.number),
        made,
      );
    }
  });

  it('has every line of a ledger once, the newest first', async () => {
    const amounts = [1, 2, 3, 4, 5];
    const { account } = await createCustomer(app, { balanceMinor: 0 });
    for (const amountMinor of amounts) {
      await app.ports.accounts.credit(app.operator, account.id, { amountMinor, note: '' });
    }
    for (const limit of [1, 2, 5]) {
      const found = await pagesOf((page) => app.ports.accounts.ledger(app.operator, account.id, page), limit);
      assert.deepEqual(
        found.map(({ amountMinor }) => amountMinor),
        amounts.toReversed(),
      );
    }
  });

  it('of stopped mailboxes goes on behind one that was lifted meanwhile, and tells those of one moment apart', async () => {
    const addresses = ['a', 'b', 'c', 'd', 'e'].map((name) => `${name}@lists.example`);
    for (const address of addresses) await app.ports.mailboxes.stop(app.operator, address);
    const list = (page: Parameters<Ports['mailboxes']['listStopped']>[1]) =>
      app.ports.mailboxes.listStopped(app.operator, page);
    const first = await list({ limit: 2 });
    const before = first.next ?? assert.fail();
    await app.ports.mailboxes.lift(app.operator, before.address);
    const rest = await list({ limit: 10, before });
    assert.deepEqual(
      [...first.items, ...rest.items].map(({ address }) => address),
      addresses.toReversed(),
    );
    assert.equal(rest.next, null);
  });

  it('of requests and organizations stays where it was while others are added at its head', async () => {
    const buyer = await createCustomer(app, { approval: 'manual', balanceMinor: 1_000_00 });
    const registrar = await createCaller(app, buyer.account, { roles: ['registrar'] });
    const { organizations, approvals } = app.ports;
    const addOrganization = async (name: string) =>
      (await organizations.add(registrar, { details: { name, city: 'Springfield', state: 'Illinois', country: 'US' } }))
        .number;
    const request = async (name: string) => (await place(app, buyer.caller, [name])).approval?.number;
    const lists = [
      {
        add: addOrganization,
        page: async (before?: number) =>
          (await organizations.list(registrar, { limit: 2, offset: 0, ...withDefined({ before }) })).items.map(
            ({ number }) => number,
          ),
      },
      {
        add: request,
        page: async (before?: number) =>
          (await approvals.list(buyer.caller, { limit: 2, offset: 0, ...withDefined({ before }) })).items.map(
            ({ approval }) => approval.number,
          ),
      },
    ];
    for (const { add, page } of lists) {
      const made = [await add('a.example'), await add('b.example'), await add('c.example'), await add('d.example')];
      const first = await page();
      await add('meanwhile.example');
      assert.deepEqual([...first, ...(await page(first.at(-1)))], made.toReversed());
    }
  });

  it('has users from either end', async () => {
    const { account } = await createCustomer(app);
    const administrator = await createCaller(app, account, { roles: ['administrator'] });
    for (const name of ['one', 'two', 'three']) {
      const user = { accountId: account.id, username: `${name}.lists`, password: null, roles: [] };
      await app.ports.users.create(administrator, user);
    }
    const newest = await pagesOf((page) => app.ports.users.list(administrator, page), 2);
    const oldest: number[] = [];
    for (let after: number | null = 0; after !== null; ) {
      const page: Page<(typeof newest)[number]> = await app.ports.users.list(administrator, { limit: 2, after });
      oldest.push(...page.items.map(({ number }) => number));
      after = page.next;
    }
    assert.deepEqual(oldest, newest.map(({ number }) => number).toReversed());
    assert.ok(oldest.length >= 3);
  });
});
