/** Servers that are started for a comparison: everything on loopback, and their data in a folder. */

import type { Pids } from '../../scripts/process-tree.ts';
import type { AcmeServer } from '../acme-account.ts';
import type { Customer, Supply } from '../customers/customer.ts';

interface Described {
  readonly name: string;
  readonly version: string;
  /** What its certificates are kept in, and the setting by which they are on the disk before they are answered. */
  readonly storage: string;
}

/** A server of which whole ACME orders are measured. */
export interface AcmePeer extends Described {
  start(surroundings: AcmeSurroundings): Promise<RunningAcmePeer>;
}

export interface AcmeSurroundings {
  readonly folder: string;
  /** `address:port` of the resolver that knows every name. */
  readonly resolver: string;
  /** Where HTTP is answered for every name. */
  readonly httpPort: number;
  /** Options for the process of certmux. */
  readonly nodeOptions: readonly string[];
}

export interface RunningAcmePeer extends AcmeServer {
  readonly pid: number | undefined;
  stop(): Promise<void>;
}

/** A server of which single calls are measured: a request in, a certificate out. */
export interface SigningPeer extends Described {
  /** Whether it signs one request any number of times. certmux answers with the certificate that it has issued for it. */
  readonly signsAgain: boolean;
  /**
   * Fetches its program and writes its configuration.
   * @param protocol how clients come in, where the server leaves the choice
   * @throws {Error} where it cannot be had here
   */
  prepare(folder: string, protocol: Protocol): Promise<PreparedPeer>;
}

export type Protocol = 'http' | 'https';

export interface PreparedPeer {
  /** Starts it on what its folder holds: nothing at first. */
  start(): Promise<SigningServer>;
  /** What it keeps, counted while it does not run. */
  count(): Promise<Counted>;
  close(): Promise<void>;
}

export type Counted = Stored | 'nothing';

export interface Stored {
  readonly certificates: number;
  /** Of every table or kind; undefined where they are not counted. */
  readonly rows: number | undefined;
}

export interface SigningServer {
  /** Connections are distributed among them. */
  readonly urls: readonly string[];
  /** PEM, for the servers' own certificates. */
  readonly tlsRoots: string;
  readonly pids: Pids;
  /** From the start of the process until it answers that it is ready. */
  readonly readyMs: number;
  enter(supply: Supply): Promise<SigningCustomer>;
  stop(): Promise<void>;
}

export interface SigningCustomer extends Customer {
  readonly authorities: Authorities;
  /** PEM: the certificate, then its chain as far as the reply holds it. */
  certificateIn(reply: string): string;
}

/** PEM, by which the certificates can be checked. */
export interface Authorities {
  readonly roots: string;
  /** Those that replies leave out. */
  readonly intermediates: string;
}

/** Lifetime of the certificates that are compared. */
export const lifetimeDays = 90;

export const lifetime = `${lifetimeDays * 24}h`;
