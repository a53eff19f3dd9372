/**
 * What the benchmark knows of one API: how its customers come in and prove names, which calls are one order, and when a reply holds
 * the certificate. A further API is one more file and its line in `index.ts`.
 */

import type { NativeClient } from '../../src/dialects/native/client.ts';
import { CertError } from '../../src/domain/errors.ts';
import type { LoopbackDns } from '../../src/quickstart/loopback-dns.ts';
import type { LoopbackWeb } from '../../src/quickstart/loopback-web.ts';
import type { HttpConnection } from '../http-connection.ts';

export interface CustomerScript {
  /** The dialect's name. */
  readonly api: string;
  /** The calls of one order, for the heading of the results. */
  readonly title: string;
  /** What comes with each order: a request of the customer's own, or nothing, where certmux makes the key. */
  readonly brings: 'csr' | 'nothing';
  /** The names of that order, where each has its own; else `benchNames`. */
  readonly namesOf?: (index: number) => readonly string[];
  /** The front door's section of the configuration, where its defaults would be what is measured. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Makes the account and proves its names once, so that they are authorized for every order that follows. */
  enter(world: BenchWorld, supply: Supply): Promise<Customer>;
}

export interface BenchWorld {
  readonly url: string;
  /** With the operator's token. */
  readonly operator: NativeClient;
  readonly dns: LoopbackDns;
  readonly web: LoopbackWeb;
}

export interface Supply {
  /** Requests for the names of the orders, PEM, each of another key. Empty for those who bring nothing. */
  readonly csrs: readonly string[];
  /** How many different orders there must be. */
  readonly orders: number;
}

export interface Customer {
  /** How many calls an order takes that never has to ask twice. */
  readonly calls: number;
  /** Plays order `index` to its end; no two orders are the same to the server. @throws {Error} for a reply that leads nowhere */
  place(connection: HttpConnection, index: number): Promise<Placed>;
}

export interface Placed {
  /** The calls that it took. */
  readonly calls: number;
  /** The reply that holds the certificate. */
  readonly reply: string;
}

/** A customer whose next call depends on the last reply only. */
export interface Steps {
  readonly calls: number;
  /** The first call of order `index`. */
  order(index: number): HttpCall;
  /** What the reply leads to. @throws {Error} for a reply that leads nowhere */
  next(reply: string): HttpCall | 'issued';
}

export function customerOf({ calls: least, order, next }: Steps): Customer {
  return {
    calls: least,
    async place(connection, index) {
      let call = order(index);
      for (let calls = 1; ; calls++) {
        const { body: reply } = await connection.send(call);
        const following = next(reply);
        if (following === 'issued') return { calls, reply };
        call = following;
      }
    },
  };
}

export interface HttpCall {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON by default. */
  readonly contentType?: string;
  readonly body?: string;
}

/** The names of every order, unless an API needs orders to differ in them. */
export const benchNames = ['bench.example', 'www.bench.example'] as const;

export const fetchRequest = (request: Request) => fetch(request);

/** An account, and the key to the API as its clients enter it. */
export async function createKey({ operator }: BenchWorld, dialect: string): Promise<Readonly<Record<string, string>>> {
  const account = await operator.accounts.create({ name: 'bench', currency: 'CNY' });
  const made = await operator.credentials.create({
    account: account.id,
    dialect,
    label: 'bench',
    roles: ['requester'],
  });
  return made.clientSettings;
}

/** Repeats until it answers something; an authorization takes the time of one check. */
export async function waitFor<T>(what: string, ask: () => Promise<T | undefined>): Promise<T> {
  const giveUpMs = performance.now() + 30_000;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (performance.now() > giveUpMs) throw new Error(`waited 30 s in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** The CSR of that order. @throws {Error} when the supply is smaller than promised */
export function csrAt({ csrs }: Supply, index: number): string {
  const csr = csrs[index];
  if (csr === undefined) throw new Error(`there is no request for order ${index}`);
  return csr;
}

/** The value at this path of keys in a JSON reply; undefined where there is none. */
export function valueIn(reply: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined),
    reply,
  );
}

export function unexpected(reply: string): Error {
  return new Error(`unexpected: ${reply.slice(0, 300)}`);
}

/** A check that the customer asks for; the server may have looked by itself in the meantime, and have found all. */
export async function unlessProved(check: Promise<unknown>): Promise<void> {
  await check.catch((thrown: unknown) => {
    if (!(thrown instanceof CertError && thrown.code === 'wrongState')) throw thrown;
  });
}
