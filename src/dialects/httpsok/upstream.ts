/**
 * httpsok as a way out: names are delegated to it once by a CNAME, which it looks for before it takes an application; it makes the key. There
 * is no list of applications, no reference of ours, and nothing that was applied for can be cancelled or revoked there.
 */
import { expectedOf } from '../../domain/messages/expectations.ts';
import type { WantedProof } from '../../domain/ports/issuer.ts';
import type {
  Purchase,
  Upstream,
  UpstreamMaker,
  UpstreamManners,
  UpstreamOptions,
  VendorAnswer,
} from '../../domain/ports/upstream.ts';
import { UpstreamFailure } from '../../domain/upstream-failure.ts';
import type { VendorReference } from '../../domain/vendor-order.ts';
import { Secret } from '../kit/secret.ts';
import { createUpstreamCalls } from '../kit/upstream-calls.ts';
import { createHttpsokClient } from './client.ts';
import { cas } from './schema.ts';
import { answerOf, unissued } from './upstream-answer.ts';
import { proofsFromWire } from './upstream-proofs.ts';

export const manners: UpstreamManners = {
  title: 'httpsok',
  modes: ['relay'],
  relayed: ['dnsCname'],
  lostPurchases: 'never',
  referenceField: null,
  settlesSeconds: 0,
  takesCsr: false,
  takesWildcards: true,
  takesAddresses: [],
  mostNames: 100,
  reissues: null,
  duplicates: null,
  provesFirst: true,
  pollSeconds: { first: 10, longest: 240 },
  cancelDays: null,
  source:
    'httpsok OpenAPI document: /v1/cert/dv (delegation, before the application), /v1/cert/apply (algorithm, ca; no CSR), ' +
    '/v1/cert/apply/{id} (status 1 to 3, privateKey; polls at least 10 s apart). Its PowerShell client polls every 4 minutes. ' +
    '100 names: the limit of the CAs behind it.',
};

export const upstream: UpstreamMaker = {
  manners,
  credentials: [{ name: 'OpenApiKey', isSecret: true }],
  usualUrl: 'https://openapi.httpsok.com',
  callsPath: '/v1',
  objectionTo: (what, word) =>
    what !== 'product' || cas.some((code) => code === word) ? undefined : expectedOf.oneOf(cas),
  create: createUpstream,
};

/** Nobody's name: to ask for its delegation shows whether the key is taken, and can order nothing (RFC 2606). */
const noName = 'example.com';

const titles = { google: 'Google Trust Services', letsencrypt: "Let's Encrypt", zerossl: 'ZeroSSL' } as const;

function createUpstream({ baseUrl, fetch, credentials, clock, publicSuffixes }: UpstreamOptions): Upstream {
  const { OpenApiKey: key = '' } = credentials;
  const calls = createUpstreamCalls({
    fetch,
    clock,
    publicSuffixes,
    secrets: [key],
    // The record is not there, and no application was taken. Once it is, the same call goes through.
    kinds: { validationFailed: 'wrongState' },
  });
  const client = createHttpsokClient({ baseUrl, fetch: calls.fetch, key: new Secret(key) });

  return calls.guarded({
    manners,
    async proofs(names, signal): Promise<readonly WantedProof[]> {
      const values = names.map(({ value }) => value);
      const reply = await calls.run(signal, () => client.checkDelegation(values, signal));
      return proofsFromWire(names, reply, publicSuffixes);
    },
    async place(purchase, signal): Promise<VendorAnswer> {
      const application = applicationToVendor(purchase);
      const order = await calls.run(signal, () => client.apply(application, signal));
      return { ...unissued, reference: { order, certificate: null }, state: 'processing', words: 'status 2' };
    },
    async state({ order }: VendorReference, _purchase, signal) {
      const reply = await calls.run(signal, () => client.application(order, signal));
      const id = reply.id.trim();
      // As from a cache on the way: its certificate and its key would be another customer's.
      if (id !== '' && id !== order)
        throw new UpstreamFailure('away', `a reply about application ${id} instead of ${order}`);
      return answerOf(order, reply);
    },
    async products(signal) {
      await calls.run(signal, () => client.checkDelegation([noName], signal));
      return cas.map((code) => ({ code, title: titles[code] }));
    },
  });
}

/** @throws {UpstreamFailure} refused, not sent: what this vendor cannot be asked for */
function applicationToVendor({ kind, csr, names, product, keyType }: Purchase) {
  if (csr !== null) throw neverSent('the vendor takes no CSR: it makes the keys');
  if (kind === 'reissue' || kind === 'duplicate') throw neverSent(`the vendor knows no ${kind} of an application`);
  if (names.some((name) => name.kind !== 'dns' && name.kind !== 'wildcard')) {
    throw neverSent('the vendor certifies no addresses');
  }
  const ca = cas.find((code) => code === product);
  if (ca === undefined) throw neverSent(`"${product}" is none of its CAs: ${cas.join(', ')}`);
  const algorithm = keyType === 'rsa' ? 'RSA' : 'ECC';
  return { names: names.map(({ value }) => value), algorithm, ca } as const;
}

function neverSent(words: string): UpstreamFailure {
  return new UpstreamFailure('refused', words, { isSent: false });
}
