/** The core with an issuer at an ACME CA that has bad manners, and the customers' DNS and web servers that it looks at. */

import type { AppContext } from '../../src/app/index.ts';
import type { AcmeFetch } from '../../src/dialects/acme/client/face.ts';
import { reason } from '../../src/domain/errors.ts';
import { baseName } from '../../src/domain/identifier.ts';
import type { Preparations } from '../../src/domain/ports/preparations.ts';
import type { AcmeMode } from '../../src/domain/relay.ts';
import type { UpstreamTerms } from '../../src/domain/upstream-account.ts';
import { UpstreamFault } from '../../src/domain/upstream-fault.ts';
import type { AcmeAccountSettings } from '../../src/issuers/acme/account.ts';
import { type AcmeIssuer, type AcmeIssuerSettings, createAcmeIssuers } from '../../src/issuers/acme/index.ts';
import { acmeCas } from '../../src/issuers/acme/presets.ts';
import type { CaNetwork, MemoryNetwork } from './acme-ca/network.ts';
import { createMemoryNetwork } from './acme-ca/network.ts';
import type { TestApp } from './app.ts';
import { type AcmeCaOptions, createNastyAcmeCa, type NastyAcmeCa } from './nasty-acme-ca.ts';

export interface AcmeUpstream {
  readonly ca: NastyAcmeCa;
  /** What the app is started with. */
  issuersIn(context: AppContext): readonly AcmeIssuer[];
  /** Names whose `_acme-challenge` is not delegated, that do not reach the responder, or have no record. */
  readonly unprepared: Set<string>;
  /** What the CA sees besides what we publish. */
  readonly world: MemoryNetwork;
  /** Stands in front of the CA, for what is not ACME; undefined: the CA answers. */
  beside: (request: Request) => Response | undefined | Promise<Response | undefined>;
  /** Calls that have no answer yet. */
  readonly underWay: ReadonlySet<Request>;
}

export interface AcmeUpstreamOptions {
  readonly id?: string;
  readonly mode?: AcmeMode;
  readonly caId?: keyof typeof acmeCas;
  readonly settings?: Partial<Omit<AcmeIssuerSettings, 'account' | 'terms'>>;
  readonly account?: Partial<AcmeAccountSettings>;
  readonly terms?: Partial<UpstreamTerms>;
  readonly ca?: Partial<Omit<AcmeCaOptions, 'clock' | 'network'>>;
}

const zone = 'acme.certs.example';

export const acmeTerms: UpstreamTerms = {
  account: 'ca',
  deadlineHours: 72,
  afterDeadline: 'fail',
  concurrency: 4,
  budgets: [],
};

/** @param app is asked for when the CA is called */
export function createAcmeUpstream(app: () => TestApp, options: AcmeUpstreamOptions = {}): AcmeUpstream {
  const { id = 'ca', mode = 'alias', caId = 'custom', settings = {}, account = {}, terms = {} } = options;
  const world = createMemoryNetwork();
  const unprepared = new Set<string>();
  const ca = createNastyAcmeCa({ clock: () => app().clock, network: networkOf(app, world), ...options.ca });
  const directory = ca.directoryUrl;
  let beside: AcmeUpstream['beside'] = () => undefined;
  const underWay = new Set<Request>();
  const limited = fetchOf(app, async (request) => (await beside(request)) ?? ca.fetch(request));
  const fetch: AcmeFetch = async (request, limits) => {
    underWay.add(request);
    try {
      return await limited(request, limits);
    } finally {
      underWay.delete(request);
    }
  };
  const made: AcmeIssuerSettings = {
    ...{ id, mode, directory, ca: acmeCas[caId], profile: null, preferredChain: null },
    ...settings,
    terms: { ...acmeTerms, account: id, ...terms },
    account: {
      ...{ account: id, directory, contacts: ['ops@certs.example'], termsAgreed: true, externalKey: null },
      ...account,
    },
  };
  return {
    ca,
    unprepared,
    world,
    underWay,
    get beside() {
      return beside;
    },
    set beside(answer) {
      beside = answer;
    },
    issuersIn: (context) =>
      createAcmeIssuers([{ settings: made, fetch }], { ...context, preparations: preparationsWithout(unprepared) }),
  };
}

/** As long as a call of the real one may take (`src/system/fetch-upstream.ts`), by the test's clock. */
const usualMs = 30_000;

/** Faults and time limits of the real one. */
function fetchOf(app: () => TestApp, answer: (request: Request) => Promise<Response>): AcmeFetch {
  return async (request, { timeoutMs = usualMs } = {}) => {
    const over = new AbortController();
    const tooLong = app()
      .clock.sleep(timeoutMs, over.signal)
      .then(() => Promise.reject(new UpstreamFault('did not answer in time', { isSent: true })));
    tooLong.catch(() => undefined);
    try {
      return await Promise.race([answer(request), tooLong]);
    } catch (thrown) {
      if (thrown instanceof TypeError) throw new UpstreamFault('closed the connection', { isSent: !isRefused(thrown) });
      throw thrown;
    } finally {
      over.abort();
    }
  };
}

function isRefused({ cause }: TypeError): boolean {
  return typeof cause === 'object' && cause !== null && 'code' in cause && cause.code === 'ECONNREFUSED';
}

/** Delegations lead to what our zone would answer, and every host to what our responder would. */
function networkOf(app: () => TestApp, world: MemoryNetwork): CaNetwork {
  const values = (kind: 'dns' | 'http', place: string) =>
    app().database.read.publishedProofs.values(kind, place, app().clock.now(), 20);
  return {
    ...world,
    async resolveTxt(name) {
      const found = await world.resolveTxt(name);
      const target = targetOf(name.replace(/^_acme-challenge\./, ''));
      return { ...found, texts: [...found.texts, ...(await values('dns', target))] };
    },
    async fetchHttp(host, path) {
      const [value] = await values('http', path.replace('/.well-known/acme-challenge/', ''));
      return value === undefined ? world.fetchHttp(host, path) : { status: 200, body: value };
    },
  };
}

const targetOf = (name: string) => `label-of-${name.replaceAll('.', '-')}.${zone}`;

function preparationsWithout(unprepared: ReadonlySet<string>): Preparations {
  const missing = (names: readonly { readonly value: string }[]) => {
    const found = names.find(({ value }) => unprepared.has(value));
    const wait = {
      turn: 'customer',
      reason: reason('dnsLoop', { name: found?.value ?? '' }),
    } as const;
    return Promise.resolve(found && wait);
  };
  return {
    delegationOf: (_account, name) => ({
      host: `_acme-challenge.${baseName(name)}`,
      target: targetOf(baseName(name)),
    }),
    missingDelegation: (_account, names) => missing(names),
    unreachableResponder: missing,
    missingFile: missing,
    missingRecord: missing,
  };
}
