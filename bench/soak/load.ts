/**
 * What a busy installation does all day, at a steady rate: each turn places an order through every front door, revokes some of them
 * and reads lists. The rate is the same from the first minute to the last, so that what a request costs can be compared.
 */
import { X509Certificate } from 'node:crypto';
import type { NativeClient } from '../../src/dialects/native/client.ts';
import type { Customer, HttpCall } from '../customers/customer.ts';
import { openConnection } from '../http-connection.ts';
import { percentile } from '../percentile.ts';

export interface FrontDoor {
  readonly api: string;
  readonly customer: Customer;
  /** The id of the customer's account. */
  readonly account: string;
}

/** A request that reads something long, in every so many turns. */
export interface Reading {
  readonly title: string;
  readonly call: HttpCall;
  readonly everyTurns: number;
}

export interface SoakOptions {
  readonly url: string;
  readonly operator: NativeClient;
  readonly frontDoors: readonly FrontDoor[];
  readonly readings: readonly Reading[];
  readonly turnsPerSecond: number;
  /** How many of a turn's orders are revoked. */
  readonly revokedPerTurn: number;
}

export interface Counted {
  readonly requests: number;
  readonly orders: number;
  readonly revocations: number;
  /** By what was done: the median since the last count, ms. */
  readonly medianMs: Readonly<Record<string, number>>;
  /** Turns that were due, and could not begin since too many were under way. */
  readonly lateTurns: number;
}

export interface SoakLoad {
  /** What was done since the last count. */
  count(): Counted;
  /** Resolves when what is under way has ended. @throws {Error} what a request failed with, which ends the load */
  stop(): Promise<void>;
}

/** More turns at once than this are no steady rate. */
const mostTurns = 16;

export function startSoakLoad(options: SoakOptions): SoakLoad {
  const { turnsPerSecond } = options;
  const underWay = new Set<Promise<void>>();
  const times = new Map<string, number[]>();
  let [requests, orders, revocations, lateTurns, turns] = [0, 0, 0, 0, 0];
  let failure: unknown;

  async function timed<T>(title: string, work: () => Promise<T>): Promise<T> {
    const startMs = performance.now();
    const result = await work();
    times.set(title, [...(times.get(title) ?? []), performance.now() - startMs]);
    return result;
  }

  async function turn(index: number): Promise<void> {
    // One of its own: the server closes those that nobody uses for a while.
    const connection = await openConnection(options.url);
    for (const [position, { api, customer }] of options.frontDoors.entries()) {
      const { reply, calls } = await timed(api, () => customer.place(connection, index));
      requests += calls;
      orders++;
      const isRevoked = (position + index) % options.frontDoors.length < options.revokedPerTurn;
      if (isRevoked) await timed('revocation', () => revoke(reply));
    }
    for (const { title, call, everyTurns } of options.readings) {
      if (index % everyTurns !== 0) continue;
      const { status } = await timed(title, () => connection.send(call));
      if (status !== 200) throw new Error(`${title} was answered with ${status}`);
      requests++;
    }
    connection.close();
  }

  async function revoke(reply: string): Promise<void> {
    const { serialNumber: serial } = certificateIn(reply);
    const { items } = await options.operator.certificates.list({ serial: serial.toLowerCase() });
    const [found] = items;
    if (found === undefined) throw new Error(`there is no certificate ${serial}`);
    await options.operator.certificates.revoke({ certificate: found.id, reason: 'superseded' });
    requests += 2;
    revocations++;
  }

  const timer = setInterval(() => {
    if (failure !== undefined) return;
    if (underWay.size >= mostTurns) {
      lateTurns++;
      return;
    }
    const one = turn(++turns).catch((thrown: unknown) => {
      failure ??= thrown;
    });
    underWay.add(one);
    void one.then(() => underWay.delete(one));
  }, 1000 / turnsPerSecond);

  return {
    count() {
      if (failure !== undefined) throw failure;
      const medianMs = Object.fromEntries([...times].map(([title, values]) => [title, percentile(values, 50)]));
      const counted = { requests, orders, revocations, lateTurns, medianMs };
      [requests, orders, revocations, lateTurns] = [0, 0, 0, 0];
      times.clear();
      return counted;
    },
    async stop() {
      clearInterval(timer);
      await Promise.all(underWay);
      if (failure !== undefined) throw failure;
    },
  };
}

/** The first certificate in a reply: JSON, in which line ends are escaped, or PEM itself. */
export function certificateIn(reply: string): X509Certificate {
  const body = /-----BEGIN CERTIFICATE-----((?:\\r|\\n|[A-Za-z0-9+/=\s]|\\\/)+?)-----END/.exec(reply)?.[1];
  if (body === undefined) throw new Error(`no certificate in ${reply.slice(0, 200)}`);
  return new X509Certificate(Buffer.from(body.replaceAll(/\\[rn]|\\(?=\/)|\s/g, ''), 'base64'));
}
