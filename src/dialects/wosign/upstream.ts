/**
 * WoSign ACMAPI as a way out: one call that looks for the customer's static file at every name, and issues at once or has a person
 * decide. There is no list of orders and no reference of ours, so that nobody can tell what became of a lost one.
 */
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
import { parseCsr } from '../../pki/csr.ts';
import { encodePem } from '../../pki/pem.ts';
import { soldCertificate } from '../../pki/sold-certificate.ts';
import { Secret } from '../kit/secret.ts';
import { createUpstreamCalls } from '../kit/upstream-calls.ts';
import { maxNames, productCode } from './catalogue.ts';
import { createWosignClient, type Outcome } from './client.ts';
import { signfileChallenges, signfilePath } from './proofs.ts';

export const manners: UpstreamManners = {
  title: 'WoSign ACMAPI',
  modes: ['signfile'],
  relayed: [],
  lostPurchases: 'never',
  referenceField: null,
  settlesSeconds: 0,
  takesCsr: true,
  takesWildcards: false,
  takesAddresses: [],
  mostNames: maxNames,
  reissues: null,
  duplicates: null,
  provesFirst: false,
  pollSeconds: { first: 60, longest: 3600 },
  cancelDays: null,
  source:
    'ACMAPI document of 2015: 3.1 (the signfile at every name, before the call), 3.2.1 (fields, five names at most, codes 101 to 111), ' +
    '3.2.2 (status 1 and handle_id: a person decides; no interval for polling is stated). It has no other call.',
};

export const upstream: UpstreamMaker = {
  manners,
  credentials: [
    { name: 'customer_id', isSecret: false },
    { name: 'auth_token', isSecret: true },
    // Public: it stands at every name.
    { name: 'signfile', isSecret: false },
  ],
  // The vendor has stopped, and its document states no path.
  usualUrl: null,
  // The address is where the calls go.
  callsPath: '',
  create: createUpstream,
};

/** No handle of the vendor's: a fetch with it shows whether the credentials are taken, and can order nothing. */
const noHandle = 'handle_of_nothing';

function createUpstream({ baseUrl, fetch, credentials, clock, publicSuffixes }: UpstreamOptions): Upstream {
  const { customer_id: customerId = '', auth_token: authToken = '', signfile: content = '' } = credentials;
  const calls = createUpstreamCalls({
    fetch,
    clock,
    publicSuffixes,
    secrets: [authToken],
    // 107: the file is not there, and no order was taken. Once it is, the same call goes through.
    kinds: { validationFailed: 'wrongState' },
  });
  const client = createWosignClient({
    baseUrl,
    fetch: calls.fetch,
    credentials: { customerId, authToken: new Secret(authToken) },
  });

  return calls.guarded({
    manners,
    signfile: { path: signfilePath, content },
    async place(purchase, signal) {
      const { names, csr, kind } = purchase;
      if (csr === null) throw neverSent('the vendor needs a CSR');
      if (kind === 'reissue' || kind === 'duplicate') throw neverSent(`the vendor knows no ${kind} of an order`);
      if (names.some((name) => name.kind !== 'dns')) throw neverSent('the vendor certifies host names only');
      const request = { names: names.map(({ value }) => value), csrPem: encodePem('CERTIFICATE REQUEST', csr) };
      return answerOf(await calls.run(signal, () => client.apply(request, signal)), purchase);
    },
    async state(reference, purchase, signal) {
      try {
        const outcome = await calls.run(signal, () => client.fetchPending(reference.order, signal));
        if (outcome.handle !== '' && outcome.handle !== reference.order) {
          // As from a cache on the way: its certificate would be another customer's.
          throw new UpstreamFailure('away', `a reply about ${outcome.handle} instead of ${reference.order}`);
        }
        return answerOf({ ...outcome, handle: reference.order }, purchase);
      } catch (thrown) {
        if (!(thrown instanceof UpstreamFailure)) throw thrown;
        const answer = { ...unissued, reference, words: thrown.message };
        // Of an order that it has, a refusal is its end.
        if (thrown.kind === 'refused') return { ...answer, state: 'refused' };
        if (thrown.kind === 'wrongState') return { ...answer, state: 'proving', proofs: proofsOf(purchase, content) };
        throw thrown;
      }
    },
    async products(signal) {
      try {
        await calls.run(signal, () => client.fetchPending(noHandle, signal));
      } catch (thrown) {
        // 108: it has looked at the credentials before.
        if (!(thrown instanceof UpstreamFailure && thrown.kind === 'absent')) throw thrown;
      }
      return [{ code: productCode, title: 'DV SSL' }];
    },
  });
}

const unissued = {
  proofs: [],
  proofsUntil: null,
  certificate: null,
  price: null,
  coverageUntil: null,
} as const satisfies Partial<VendorAnswer>;

function answerOf(outcome: Outcome, { csr }: Purchase): VendorAnswer {
  const reference = { order: outcome.handle, certificate: null };
  if (outcome.state === 'pending') return { ...unissued, reference, state: 'processing', words: 'pending (1)' };
  const sold = soldCertificate([outcome.certificatePem], csr === null ? undefined : parseCsr(csr).publicKey.spkiDer);
  if (sold === undefined || sold === 'unreadable') {
    return { ...unissued, reference, state: 'unknown', words: 'success (0), with a certificate that cannot be read' };
  }
  const { der, chain, leaf } = sold;
  // Without a handle it is known by its certificate.
  const order = outcome.handle || leaf.serialHex;
  return {
    ...unissued,
    reference: { order, certificate: null },
    state: 'issued',
    words: 'success (0)',
    certificate: { der, chain },
  };
}

/** The file is that of our account there: it says nothing of which of our customers has placed it. */
function proofsOf({ names }: Purchase, content: string): readonly WantedProof[] {
  return names.map(({ value }) => ({ name: value, challenges: signfileChallenges(content, 'request') }));
}

function neverSent(words: string): UpstreamFailure {
  return new UpstreamFailure('refused', words, { isSent: false });
}
