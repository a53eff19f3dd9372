/** A server that speaks ACME, started for the comparison: everything on loopback, and its data in the folder. */
import type { AcmeServer } from '../acme-account.ts';

export interface Peer {
  readonly name: string;
  readonly version: string;
  /** What its orders are kept in. */
  readonly storage: string;
  start(surroundings: Surroundings): Promise<RunningPeer>;
}

export interface Surroundings {
  readonly folder: string;
  /** `address:port` of the resolver that knows every name. */
  readonly resolver: string;
  /** Where HTTP is answered for every name. */
  readonly httpPort: number;
  /** Options for the process of certmux. */
  readonly nodeOptions: readonly string[];
}

export interface RunningPeer extends AcmeServer {
  readonly pid: number | undefined;
  stop(): Promise<void>;
}
