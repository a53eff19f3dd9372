/**
 * A whole ACME CA as a function from request to answer, with as bad manners as real ones have (contract §3.2, §3.3), each by itself,
 * by a rate, or at the call that a test says. It shares nothing with `src/dialects/acme`, looks for real proofs in the world that it is
 * given, and keeps its own books, so that tests can compare them with ours. `acme-ca/serve.ts` serves it over HTTP, so that it
 * outlives the process that buys from it.
 */
import { createAgenda } from './acme-ca/agenda.ts';
import { answerTo } from './acme-ca/answer.ts';
import { createAuthority } from './acme-ca/authority.ts';
import {
  type CaAccount,
  type CaBooks,
  type CaCertificate,
  type CaOrder,
  type CaRequest,
  countedBySet,
  createBooks,
  setOf,
} from './acme-ca/books.ts';
import { type Ca, type CaClock, createNonces, type Resource, resources } from './acme-ca/context.ts';
import { createDice } from './acme-ca/dice.ts';
import {
  createManners,
  type Manner,
  type Misbehavior,
  type Moment,
  type Operation,
  type Rule,
} from './acme-ca/manners.ts';
import type { CaNetwork } from './acme-ca/network.ts';
import { type Preset, presets } from './acme-ca/presets.ts';
import { type AcmeCaSettings, defaultSettings } from './acme-ca/settings.ts';

export interface AcmeCaOptions {
  readonly clock: () => CaClock;
  readonly network: CaNetwork;
  /** Of everything that is left to chance. */
  readonly seed?: number;
  readonly preset?: Preset;
  /** Over those of the preset. */
  readonly settings?: Partial<AcmeCaSettings>;
}

export interface NastyAcmeCa {
  /** Rejects as `fetch` does where the connection ends. Aborting ends the call, and not what the CA does. */
  fetch(request: Request): Promise<Response>;
  readonly directoryUrl: string;
  /** Set by whoever serves it, before anybody has called. */
  origin: string;
  readonly settings: AcmeCaSettings;
  readonly books: CaBooks;
  /** The orders for exactly these names. */
  ordersFor(...names: readonly string[]): readonly CaOrder[];
  /** How many certificates each set of names has. */
  counted(): Readonly<Record<string, number>>;
  /** The calls of an operation, in order, also those that were lost. */
  calls(operation?: Operation): readonly CaRequest[];
  /** @throws where the manner cannot happen there */
  misbehave(misbehavior: Misbehavior): Rule;
  /** One after the other, at the next calls; `polite` lets one pass. */
  script(on: Moment, ...manners: readonly (Manner | 'polite')[]): void;
  /** Ends all bad manners. */
  behave(): void;
  /** What was asked of it, and has not happened as often: a test ends with none. */
  unmet(): readonly string[];
  /** Gives resources other URLs; the old ones are gone. Without any named: all but the directory. */
  move(...moved: readonly Resource[]): void;
  /** The CA knows nothing of it any more. */
  forgetOrder(order: CaOrder): void;
  expireOrder(order: CaOrder): void;
  deleteAccount(account: CaAccount): void;
  /** New terms, which all accounts have to agree to. */
  changeTerms(): void;
  /** Wants it renewed at once (RFC 9773). */
  renewNow(certificate: CaCertificate): void;
  /** Does what is due, as any request does. */
  catchUp(): Promise<void>;
  /** Keys of an external account. */
  addExternalKey(
    keyId: string,
    options?: { readonly uses?: number },
  ): { readonly keyId: string; readonly hmacKey: Uint8Array };
  /** A server certificate for loopback, for HTTPS. */
  serverCertificate(names: readonly string[]): { readonly key: string; readonly cert: string; readonly ca: string };
}

const firstPaths: Readonly<Record<Resource, string>> = {
  directory: '/directory',
  newNonce: '/new-nonce',
  newAccount: '/new-account',
  newOrder: '/new-order',
  revokeCert: '/revoke-cert',
  keyChange: '/key-change',
  renewalInfo: '/renewal-info',
};

export function createNastyAcmeCa({ clock, network, seed = 1, preset, settings = {} }: AcmeCaOptions): NastyAcmeCa {
  const chosen = preset === undefined ? undefined : presets[preset];
  const all: AcmeCaSettings = { ...defaultSettings(), ...chosen?.settings, ...settings };
  const dice = createDice(seed);
  const luck = createDice(seed + 1);
  const paths = { ...firstPaths };
  let origin = 'https://ca.example';
  const ca: Ca = {
    settings: all,
    books: createBooks(),
    manners: createManners(createDice(seed + 2)),
    network,
    authority: createAuthority(all.organization, createDice(seedFor(all.organization, seed))),
    agenda: createAgenda(),
    nonces: createNonces(dice),
    clock,
    now: () => new Date(clock().now().getTime() + all.clockSkewMs),
    dice,
    luck,
    urlOf: (path) => origin + path,
    pathOf: (resource) => paths[resource],
  };
  for (const one of chosen?.manners ?? []) ca.manners.add(one);

  return {
    fetch: (request) => answerTo(ca, request),
    get directoryUrl() {
      return ca.urlOf(paths.directory);
    },
    get origin() {
      return origin;
    },
    set origin(url) {
      origin = url;
    },
    settings: all,
    books: ca.books,
    ordersFor: (...names) =>
      ca.books.orders.filter(({ identifiers }) => setOf(identifiers.map(({ value }) => value)) === setOf(names)),
    counted: () => countedBySet(ca.books.certificates),
    calls: (operation) => ca.books.requests.filter((one) => operation === undefined || one.operation === operation),
    misbehave: (misbehavior) => ca.manners.add(misbehavior),
    script(on, ...manners) {
      manners.forEach((how, after) => {
        if (how !== 'polite') ca.manners.add({ on, how, after });
      });
    },
    behave: () => ca.manners.clear(),
    unmet: () => ca.manners.unmet(),
    move(...moved) {
      const named = moved.length > 0 ? moved : resources.filter((one) => one !== 'directory');
      for (const one of named) paths[one] = `/moved${paths[one]}`;
    },
    forgetOrder(order) {
      order.state = 'forgotten';
    },
    expireOrder(order) {
      order.expiresAt = ca.now();
    },
    deleteAccount(account) {
      account.state = 'deleted';
    },
    changeTerms() {
      all.terms++;
    },
    renewNow(certificate) {
      const nowMs = ca.now().getTime();
      certificate.window = { start: new Date(nowMs - 7_200_000), end: new Date(nowMs - 3_600_000) };
    },
    catchUp: () => ca.agenda.catchUp(clock().now()),
    addExternalKey(keyId, { uses = Number.POSITIVE_INFINITY } = {}) {
      const hmacKey = dice.bytes(32);
      all.externalKeys.set(keyId, { hmacKey, usesLeft: uses });
      return { keyId, hmacKey };
    },
    serverCertificate: (names) => ca.authority.serverCertificate(names),
  };
}

/** Serial numbers differ between CAs of different names. */
function seedFor(organization: string, seed: number): number {
  return [...organization].reduce((sum, letter) => (Math.imul(sum, 31) + letter.charCodeAt(0)) | 0, seed + 3);
}
