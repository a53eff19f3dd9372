/**
 * A dialect over the real core in memory: its server, an account and a key to it. `test/dialects/<name>/harness.ts` adds what clients
 * of that vendor send, and the states that its exchanges start from.
 */

import assert from 'node:assert/strict';
import type { ApiDialect } from '../../src/dialects/kit/api-dialect.ts';
import type { Account } from '../../src/domain/account.ts';
import type { NewAccount } from '../../src/domain/ports/accounts.ts';
import type { Channel, Key } from '../../src/domain/ports/dialect.ts';
import type { OrderView } from '../../src/domain/ports/orders.ts';
import type { Role } from '../../src/domain/role.ts';
import { afterTest } from './after-file.ts';
import { createAccount, createKey, putKey, startTestApp, type TestApp, type TestAppOptions } from './app.ts';
import { makersOf, setupInTests } from './dialect-harness.ts';
import { openFrontDoor } from './front-door.ts';
import { type LogLine, passingTime } from './system.ts';

export interface CoreSession {
  /** Public URL of the server. */
  readonly baseUrl: string;
  readonly fetch: (request: Request) => Promise<Response>;
  /** Values of `<<name>>` in a request of an exchange. */
  readonly variables: Readonly<Record<string, string>>;
  readonly logLines: readonly LogLine[];
  /** The core; another one after `stayAway`. */
  readonly app: TestApp;
  readonly account: Account;
  readonly key: Key;
  /** The orders so far, the newest first, as the operator sees them. */
  orders(): Promise<readonly OrderView[]>;
  /** A person approves the newest order, or rejects it. */
  approve(isApproved?: boolean): Promise<void>;
  /** The dialect's server starts again with this section of the configuration. */
  reconfigure(config: unknown): void;
  /** The server is gone for so long, and starts again. What fell due meanwhile is done then. */
  stayAway(seconds: number): Promise<void>;
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
  /** How requests come; by default as to any https address. */
  readonly channel?: Channel;
  /**
   * The longest that the dialect lets a call wait for the core; by default as long as any does. The clock moves so far while a call
   * waits, and not to what comes later.
   */
  readonly patienceMs?: number;
}

/** Adds the members of a harness to the session itself: a copy would not see another core after `stayAway`. */
export function withMembers<S extends CoreSession>(
  session: CoreSession,
  members: Omit<S, keyof CoreSession> & Partial<Pick<CoreSession, 'variables'>>,
): S {
  return Object.assign<CoreSession, object>(session, members) as S;
}

export function withVariables<S extends CoreSession>(session: S, variables: CoreSession['variables']): S {
  return Object.assign(session, { variables: { ...session.variables, ...variables } });
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
  const setup = setupInTests({ config, sendsMail: appOptions.mail != null, aliasZone: appOptions.aliasZone });
  const offeredProfiles = dialect.references?.(config).profiles ?? [];
  let app = await startTestApp({ ...makersOf([dialect], () => setup), offeredProfiles, ...appOptions });
  afterTest(() => app.close());
  const account = await createAccount(app, { balanceMinor, ...change });
  const held = {
    dialect: dialect.name,
    roles: options.roles ?? ['requester'],
    allowedAddresses: options.allowedAddresses ?? null,
  };
  const key = options.key ?? (dialect.newKey === undefined ? noKey : await newKey(app, account, held));
  if (options.key !== undefined) await putKey(app, account, { ...held, ...key });
  let section = config;
  const openDoor = () => openFrontDoor(app, dialect, { publicUrl: baseUrl, config: section });
  let server = openDoor();
  async function orders(): Promise<readonly OrderView[]> {
    const { items } = await app.ports.orders.list(app.operator, { limit: 100 });
    return Promise.all(items.map(({ order }) => app.ports.orders.get(app.operator, { number: order.number })));
  }
  return {
    baseUrl,
    fetch: (request) =>
      passingTime(
        app.clock,
        server.fetch(request, { address: from, requestId: 'req-1', channel: options.channel ?? 'encrypted' }),
        patienceMs,
      ),
    variables: {},
    logLines: app.log.lines,
    get app() {
      return app;
    },
    account,
    key,
    orders,
    async approve(approve = true) {
      const [newest] = await orders();
      assert.ok(newest, 'there is an order');
      const { number } = newest.order;
      await app.ports.approvals.decide(app.operator, { order: { number } }, { approve, note: '' });
    },
    reconfigure(changed) {
      section = changed;
      server = openDoor();
    },
    async stayAway(seconds) {
      app = await app.restart({ afterSeconds: seconds });
      server = openDoor();
      await app.idle();
    },
  };
}

/** Where clients bring keys of their own. */
const noKey: Key = { publicId: '', secret: '' };

async function newKey(app: TestApp, account: Account, held: Parameters<typeof createKey>[2]): Promise<Key> {
  const { credential, secret } = await createKey(app, account, held);
  return { publicId: credential.publicId, secret };
}
