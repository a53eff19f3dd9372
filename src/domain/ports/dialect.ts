/**
 * A front door: one API. A dialect is one folder and one line in the registry; mounting, configuration, catalogue,
 * documentation and the conformance suite come from this description.
 */

import type { Language } from '../language.ts';
import type { CatalogueEntry } from '../product.ts';
import type { RelayDoor } from '../relay.ts';
import type { SharedAllowances } from './allowances.ts';
import type { PortName, Ports } from './index.ts';
import type { ProofMaker } from './proof-maker.ts';
import type { RequestTurns } from './request-turns.ts';
import type { Clock, Log, OneTimeNumbers, PublicSuffixes, Randomness } from './system.ts';
import type { UpstreamMaker } from './upstream.ts';
import type { WebhookWriter } from './webhook-writer.ts';

/** `loopback`: in clear, but within this machine. */
export type Channel = 'encrypted' | 'loopback' | 'plain';

/** Facts about a request that the listener knows besides the request. */
export interface Peer {
  readonly address: string;
  readonly requestId: string;
  /** How it came; absent: in clear, as far as is known. */
  readonly channel?: Channel;
}

export interface DialectServer {
  /** Answers the request; never throws. */
  fetch(request: Request, peer: Peer): Promise<Response>;
}

/** Settings of a dialect that stay the same while the server runs. */
export interface DialectSetup {
  /** The dialect's own section of the configuration, read by its `configSchema`. */
  readonly config: unknown;
  /** 32 bytes that stay the same for good, for one of the dialect's purposes (`Dialect.secretPurposes`): stable labels, for one. */
  readonly secretFor: (purpose: string) => Uint8Array;
  readonly publicSuffixes: PublicSuffixes;
  /** True if this server sends mail; false by default. */
  readonly sendsMail?: boolean;
  /** The zone of the aliases to which customers delegate `_acme-challenge`; absent: none is configured. */
  readonly aliasZone?: string;
}

/** `Used`: the ports that the dialect names (`Dialect.ports`), and no others. */
export interface DialectContext<Used extends PortName = PortName> extends DialectSetup {
  readonly ports: Pick<Ports, Used>;
  readonly clock: Clock;
  readonly random: Randomness;
  readonly oneTimeNumbers: OneTimeNumbers;
  readonly allowances: SharedAllowances;
  readonly turns: RequestTurns;
  readonly log: Log;
  /** The version of certmux, for the calls that tell it. */
  readonly version: string;
  /** Base URL at which clients reach this server, without a trailing slash. */
  readonly publicUrl: string;
  /** Host names on which every path is this dialect's. */
  readonly hosts: readonly string[];
  readonly language: Language;
  /** The URL to enter in a client of that dialect. */
  readonly keySettings: (dialect: string, key: Key) => KeySettings;
}

/** The part of a schema that reading and documenting the configuration needs; Zod's schemas have it. */
export interface ConfigSchema {
  /** @param options.error words for an issue instead of the schema's own */
  safeParse(
    value: unknown,
    options: { readonly error: ConfigWording },
  ):
    | { readonly success: true; readonly data: unknown }
    | { readonly success: false; readonly error: { readonly issues: readonly ConfigIssue[] } };
  /** The JSON Schema (2020-12) of what may stand in the file. */
  toJSONSchema(options: { readonly io: 'input' }): object;
}

/** What a schema objects to in a value, before there are words for it. */
export interface SchemaIssue {
  readonly code: string;
  readonly input?: unknown;
  readonly expected?: string;
  /** Set where a value is too small or too big. */
  readonly origin?: string;
  readonly minimum?: number | bigint;
  readonly maximum?: number | bigint;
  /** False: the bound itself is not allowed; of a union: the value fits several of its ways. */
  readonly inclusive?: boolean;
  readonly exact?: boolean;
  /** The allowed values of a choice. */
  readonly values?: readonly unknown[];
  /** Set for `invalid_format`, with what is peculiar to some formats. */
  readonly format?: string;
  readonly pattern?: string;
  readonly prefix?: string;
  readonly suffix?: string;
  readonly includes?: string;
  readonly divisor?: number;
  /** Set for `unrecognized_keys`. */
  readonly keys?: readonly string[];
}

export type ConfigWording = (issue: SchemaIssue) => string | undefined;

export interface ConfigIssue {
  readonly code: string;
  readonly path: readonly PropertyKey[];
  readonly message: string;
  /** Set for `unrecognized_keys`. */
  readonly keys?: readonly string[];
}

/** Both halves of a key to a dialect: the one that may be shown, and the secret. */
export interface Key {
  readonly publicId: string;
  readonly secret: string;
}

export type KeySettings = Readonly<Record<string, string>>;

/** What the configuration of a dialect names. The core looks it up at start, so that a misspelt one is not found by its first customer. */
export interface ConfiguredReferences {
  readonly accounts: readonly ConfiguredReference[];
  /** As `parseProductCode` reads it. */
  readonly products: readonly ConfiguredReference[];
  /** Names by which clients order further products. */
  readonly profiles: readonly string[];
  /** The domains by which CAA records name this service. */
  readonly caaDomains: readonly string[];
}

export interface ConfiguredReference {
  /** Where it stands, within the dialect's section: `directories.lan.open.account`. */
  readonly setting: string;
  readonly value: string;
}

export interface Dialect {
  /** Its name in configuration, orders and credentials: `encryption365`. */
  readonly name: string;
  readonly title: string;
  /**
   * Paths it answers on a shared listener, as prefixes: `/cert/`. One without a final slash is exact, and so is a bare `/`. On
   * its own host name it answers every path.
   */
  readonly paths: readonly string[];
  /** True if its clients write these paths in letters of either case. */
  readonly ignoresCaseOfPaths?: boolean;
  /** The methods it answers on a shared listener, where other dialects share its paths. */
  readonly methods?: readonly string[];
  /** Its callers see the orders, products and deliveries of their account through every front door. Default: only its own. */
  readonly seesAllDialects?: boolean;
  /** Chinese by default for the Chinese vendors. */
  readonly language: Language;
  readonly catalogue: readonly CatalogueEntry[];
  readonly configSchema: ConfigSchema;
  /** Its API shows a request for every order, with a number, also where nobody had to approve it. */
  readonly numbersRequests?: true;
  /**
   * A new key in this vendor's format. The secret half holds at least 128 random bits. Left out where its clients bring keys of their own,
   * which external account keys bind to an account.
   */
  newKey?(random: Randomness): Key;
  /** Names of the ports it uses. Its server is handed only these. */
  readonly ports: readonly PortName[];
  /** Purposes of its HMACs: each has a secret of its own, see `DialectSetup.secretFor`. */
  readonly secretPurposes?: readonly string[];
  /** The key as it is entered in a client, by the client's own names: `{ client_id, access_token }`. Left out with `newKey`. */
  keySettings?(key: Key): KeySettings;
  /** What its configuration names that is not in the configuration. */
  references?(config: unknown): ConfiguredReferences;
  /** Challenges of upstreams that it can show in its own fields. Left out: products whose issuer relays are not sold here. */
  readonly relayDoor?: RelayDoor;
  /** Its client half as a way out. Left out where certmux does not buy through it. */
  readonly upstream?: UpstreamMaker;
  createProofMaker(setup: DialectSetup): ProofMaker;
  /** Left out where the dialect has nothing to say to customers' servers. */
  createWebhookWriter?(setup: DialectSetup): WebhookWriter;
  createServer(context: DialectContext): DialectServer;
}
