/** What the parts of an issuer at an ACME CA share. */

import type { Preparations } from '../../domain/ports/preparations.ts';
import type { AcmeUpstreamOrderStore, PublishedProofStore } from '../../domain/ports/stores/upstream-work.ts';
import type { UpstreamOrderStore } from '../../domain/ports/stores/upstreams.ts';
import type { Clock, Log } from '../../domain/ports/system.ts';
import type { AcmeMode } from '../../domain/relay.ts';
import type { UpstreamTerms } from '../../domain/upstream-account.ts';
import type { AcmeAccount } from './account.ts';
import type { AcmeCa } from './presets.ts';

export interface AcmeRows {
  readonly acmeUpstreamOrders: AcmeUpstreamOrderStore;
  readonly publishedProofs: PublishedProofStore;
  readonly upstreamOrders: Pick<UpstreamOrderStore, 'get'>;
}

export interface AcmeIssuerContext {
  readonly id: string;
  readonly terms: UpstreamTerms;
  readonly mode: AcmeMode;
  readonly ca: AcmeCa;
  /** The URL of its directory. */
  readonly directory: string;
  readonly account: AcmeAccount;
  /** `write` may run its work several times. */
  readonly rows: {
    readonly read: { readonly acmeUpstreamOrders: Pick<AcmeUpstreamOrderStore, 'get'> };
    write<T>(work: (tx: AcmeRows) => Promise<T>): Promise<T>;
  };
  readonly preparations: Preparations;
  /** Of the CA, for every order. `isMandatory`: nothing is ordered where the CA no longer has it. */
  readonly profile: { readonly name: string; readonly isMandatory: boolean } | null;
  /** Common name or SHA-256 fingerprint of a certificate that the chain should lead to; null: the chain that the CA sends first. */
  readonly preferredChain: string | null;
  readonly clock: Clock;
  readonly log: Log;
}
