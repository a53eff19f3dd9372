/**
 * A dialect over the real core in memory: its server, an account and a key to it. `test/dialects/<name>/harness.ts` adds what clients
 * of that vendor send, and puts the core into the states that its exchanges start from.
 */

import type { ApiDialect } from '../../src/dialects/kit/api-dialect.ts';
import type { Account } from '../../src/domain/account.ts';
import type { NewAccount } from '../../src/domain/ports/accounts.ts';
import type { Key } from '../../src/domain/ports/dialect.ts';
import type { OrderView } from '../../src/domain/ports/orders.ts';
import type { Role } from '../../src/domain/role.ts';
import { afterFile } from './after-file.ts';
import { createCustomer, createKey, putKey, startTestApp, type TestApp, type TestAppOptions } from './app.ts';
import { type DialectSession, makersOf, setupInTests } from './dialect-harness.ts';
import { openFrontDoor } from './front-door.ts';
import { passingTime } from './system.ts';

export interface CoreSession extends DialectSession {
  readonly app: TestApp;
  readonly account: Account;
  readonly key: Key;
  /** The orders so far, the newest first, as the operator sees them. */
  orders(): Promise<readonly OrderView[]>;
  /** A person approves the newest order, or rejects it. */
  approve(isApproved?: boolean): Promise<void>;
}

export interface CoreSessionOptions extends TestAppOptions {
  readonly baseUrl: string;
  readonly config?: unknown;
  readonly account?: Partial<NewAccount>;
  readonly balanceMinor?: number;
  /** A key as in the vendor's samples; a new one by default. */
  readonly key?: Key;
  readonly roles?: readonly Role[];
  readonly allowedAddresses?: readonly string[];
  /** The address of the caller. */
  readonly from?: string;
  /**
   * The longest that the dialect lets a call wait for the core; by default as long as any does. The clock moves so far while a call
   * waits, and not to what comes later.
   */
  readonly patienceMs?: number;
}

export async function startSession(dialect: ApiDialect, options: CoreSessionOptions): Promise<CoreSession> {
  const {
    baseUrl,
    config,
    account: change = {},
    balanceMinor = 1_000_000,
    from = '192.0.2.7',
    patienceMs = 30_000,
    ...appOptions
  } = options;
  const setup = setupInTests({ config, sendsMail: appOptions.mail != null });
  const app = await startTestApp({ ...makersOf([dialect], () => setup), ...appOptions });
  afterFile(() => app.close());
  const { account } = await createCustomer(app, { dialect: dialect.name, balanceMinor, ...change });
  const held = {
    dialect: dialect.name,
    roles: options.roles ?? ['requester'],
    allowedAddresses: options.allowedAddresses ?? null,
  };
  const key = options.key ?? (await newKey(app, account, held));
  if (options.key !== undefined) await putKey(app, account, { ...held, ...key });
  const server = openFrontDoor(app, dialect, { publicUrl: baseUrl, config });
  async function orders(): Promise<readonly OrderView[]> {
    const { items } = await app.ports.orders.list(app.operator, { limit: 100 });
    return Promise.all(items.map(({ order }) => app.ports.orders.get(app.operator, { number: order.number })));
  }
  return {
    baseUrl,
    fetch: (request) =>
      passingTime(app.clock, server.fetch(request, { address: from, requestId: 'req-1' }), patienceMs),
    variables: {},
    ports: app.ports,
    logLines: app.log.lines,
    app,
    account,
    key,
    orders,
    async approve(approve = true) {
      const [newest] = await orders();
      await app.ports.approvals.decide(
        app.operator,
        { order: { number: newest?.order.number ?? 0 } },
        { approve, note: '' },
      );
    },
  };
}

async function newKey(app: TestApp, account: Account, held: Parameters<typeof createKey>[2]): Promise<Key> {
  const { credential, secret } = await createKey(app, account, held);
  return { publicId: credential.publicId, secret };
}
