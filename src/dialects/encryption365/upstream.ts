/**
 * TrustOcean Encryption365 as a way out. Its documents end with the order: how it is polled, reissued, renewed and revoked is known from its
 * clients. It has no list of orders and takes no reference of ours, so that nobody can tell what became of a lost order.
 */
import type { RevocationReason } from '../../domain/certificate.ts';
import type { Money } from '../../domain/money.ts';
import type {
  Purchase,
  Upstream,
  UpstreamMaker,
  UpstreamManners,
  UpstreamOptions,
  VendorAnswer,
  VendorProduct,
} from '../../domain/ports/upstream.ts';
import { UpstreamFailure } from '../../domain/upstream-failure.ts';
import type { VendorReference } from '../../domain/vendor-order.ts';
import { withDefined } from '../../domain/with-defined.ts';
import { soldCertificate } from '../../pki/sold-certificate.ts';
import { Secret } from '../kit/secret.ts';
import { createUpstreamCalls } from '../kit/upstream-calls.ts';
import { currencyFromWire, moneyFromWire } from '../kit/wire-money.ts';
import { createEncryption365Client } from './client.ts';
import type { DetailsReply } from './replies.ts';
import { answerOf, isOfUse, placedAnswer, usualCurrency } from './upstream-answer.ts';
import { methodToVendor, numberOf, orderToVendor } from './upstream-order.ts';

export const manners: UpstreamManners = {
  title: 'TrustOcean Encryption365',
  modes: ['relay'],
  relayed: ['httpFile', 'httpsFile', 'dnsCname', 'email'],
  lostPurchases: 'never',
  referenceField: null,
  settlesSeconds: 0,
  takesCsr: true,
  takesNoMail: true,
  showsBalance: true,
  takesWildcards: true,
  takesAddresses: ['ipv4'],
  mostNames: 250,
  reissues: 'anyNames',
  duplicates: null,
  provesFirst: false,
  pollSeconds: { first: 30, longest: 300 },
  cancelDays: null,
  source:
    'Encryption365 documents: cert/create (names, DNS, file and mail values, prices). Its clients: Go CLI (no list of orders), Baota plugin ' +
    '(cert/reissue with other names under the same number, renew and old_vendor_id; polls every 60 s), PHP CLI (polls every 30 s). ' +
    'Its reseller API: 250 names at most. revoke and change_dcv: titles of empty pages of the documents, fields of the reseller API.',
};

export const upstream: UpstreamMaker = {
  manners,
  credentials: [
    { name: 'client_id', isSecret: false },
    { name: 'access_token', isSecret: true },
  ],
  // The documents name another host, which no client uses.
  usualUrl: 'https://encrypt365.trustocean.com',
  callsPath: '',
  create: createUpstream,
};

function createUpstream(options: UpstreamOptions): Upstream {
  const { baseUrl, fetch, credentials, clock, publicSuffixes, currency = usualCurrency } = options;
  const { client_id: clientId = '', access_token: accessToken = '' } = credentials;
  const calls = createUpstreamCalls({ fetch, clock, publicSuffixes, secrets: [accessToken] });
  const client = createEncryption365Client({
    baseUrl,
    fetch: calls.fetch,
    credentials: { clientId, accessToken: new Secret(accessToken) },
  });

  async function place(purchase: Purchase, signal: AbortSignal): Promise<VendorAnswer> {
    const order = orderToVendor(purchase);
    if (purchase.kind === 'reissue') {
      const number = numberOf(purchase.of);
      const reply = await calls.run(signal, () => client.reissue(number, order, signal));
      return placedAnswer(reply, { purchase, publicSuffixes, currency });
    }
    const renewalOf = purchase.kind === 'renewal' ? numberOf(purchase.of) : undefined;
    const products = await calls.runBefore(signal, () => client.products(signal));
    const pid = purchase.product;
    const period = (Object.hasOwn(products, pid) ? products[pid]?.period : undefined) || undefined;
    const reply = await calls.run(signal, () =>
      client.placeOrder({ ...order, pid, ...withDefined({ period, renewalOf }) }, signal),
    );
    return placedAnswer(reply, { purchase, publicSuffixes, currency });
  }

  /** @throws {UpstreamFailure} away: where the reply is of another order, as from a cache on the way */
  async function detailsOf(reference: VendorReference, signal: AbortSignal): Promise<DetailsReply> {
    const number = numberOf(reference);
    const details = await calls.run(signal, () => client.order(number, signal));
    if (details.trustocean_id === number) return details;
    throw new UpstreamFailure('away', `a reply about order ${details.trustocean_id} instead of ${number}`);
  }

  return calls.guarded({
    manners,
    place,
    async state(reference, purchase, signal) {
      return answerOf(await detailsOf(reference, signal), { purchase, publicSuffixes });
    },
    async serves(reference, signal) {
      return isOfUse(await detailsOf(reference, signal));
    },
    async check(reference, signal) {
      const number = numberOf(reference);
      await calls.run(signal, () => client.recheck(number, signal));
    },
    async changeMethod(reference, change, signal) {
      const number = numberOf(reference);
      const method = methodToVendor(change);
      await calls.run(signal, () => client.changeMethod(number, change.name.value, method, signal));
    },
    async revoke({ reference, serial }, reason: RevocationReason, signal) {
      const details = await detailsOf(reference, signal);
      if (details.cert_status.trim().toLowerCase() === 'revoked') return;
      checkIsNewest(details, serial);
      await calls.run(signal, () => client.revoke(details.trustocean_id, reason, signal));
    },
    async balance(signal): Promise<Money> {
      const account = await calls.run(signal, () => client.account(signal));
      const money = moneyFromWire(account.credit, currencyFromWire(account.currency) ?? currency);
      if (money === null) throw new UpstreamFailure('away', `a balance of ${account.credit}`);
      return money;
    },
    async products(signal) {
      const products = await calls.run(signal, () => client.products(signal));
      return Object.entries(products).map(([code, { title, term, price }]): VendorProduct => {
        const name = moneyFromWire(price?.fqdn, currency);
        const wildcard = moneyFromWire(price?.wildcard, currency);
        const prices = name === null || wildcard === null ? {} : { prices: { name, wildcard } };
        return { code, title: term === '' ? title : `${title} (${term})`, ...prices };
      });
    },
  });
}

/**
 * The vendor revokes orders, not certificates: with a certificate that was followed by another the newer one would go.
 * @throws {UpstreamFailure} refused, away
 */
function checkIsNewest({ trustocean_id: number, cert_code, cert_status }: DetailsReply, serial: string): void {
  const newest = soldCertificate([cert_code ?? ''], undefined);
  if (newest === undefined || newest === 'unreadable') {
    const kind = cert_status.trim().toLowerCase() === 'issued_active' ? 'away' : 'wrongState';
    throw new UpstreamFailure(kind, `order ${number} is ${cert_status} and shows no certificate`, { isSent: false });
  }
  const { serialHex } = newest.leaf;
  if (serialHex === serial) return;
  const words = `order ${number} has the newer certificate ${serialHex}, and the vendor revokes whole orders only`;
  throw new UpstreamFailure('refused', words, { isSent: false });
}
