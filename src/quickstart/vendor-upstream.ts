/**
 * `--via racent` and its like: the certificate is bought through a vendor's API, which a second certmux on loopback serves. It checks the
 * customer's names itself, or relies on what was validated there before, as the real vendor would.
 */
import type { VendorWayOut } from '../config/ways-out.ts';
import type { NativeClient } from '../dialects/native/client.ts';
import { scriptOf } from './customers.ts';
import { type ServiceOptions, startService } from './service.ts';
import { issuerId, type Preparation, type Upstream } from './upstream.ts';

/** What is bought of each: a product for several names and, where the vendor has one, wildcards. */
const products: Readonly<Record<string, string>> = {
  digicert: 'ssl_dv_geotrust_flex',
  encryption365: '108',
  httpsok: 'letsencrypt',
  racent: 'comodo-positive-multi-domain-wildcard',
  wosign: 'dv-ssl',
};

/** Where the API stands below the address of the server; at its root where it is not here. */
const paths: Readonly<Record<string, string>> = { wosign: '/acmapi' };

/** The reply to an order has the vendor's challenges, unless they take longer than this. */
const relayWaitSeconds = 10;
const openingMinor = 5_000_000;

/** Of the person whom the vendor is told of. */
const contact = {
  name: 'Quick Start',
  title: 'Operations',
  phone: '+86 10 5550 0100',
  email: 'ops@certs.example',
  address: '1 Example Road',
  city: 'Chongqing',
  state: 'Chongqing',
  country: 'CN',
  postalCode: '401320',
  organization: 'Quickstart',
} as const;

/**
 * @param options `dataDirectory` and `logFile` are the vendor's own
 * @param isHttpsOnly the vendor's file is served over HTTPS, since another has its place over HTTP
 */
export async function startVendorUpstream(
  options: Omit<ServiceOptions, 'settings'>,
  { kind, title, side }: VendorWayOut,
  isHttpsOnly: boolean,
): Promise<Upstream> {
  const script = scriptOf(kind);
  const { currency = 'CNY' } = script;
  const service = await startService({
    ...options,
    settings: {
      authority: { allowLocalPkiUrl: true, organization: 'Quickstart Upstream' },
      dialects: { [kind]: script.settings },
    },
  });
  const { operator } = service;
  const { id: account } = await operator.accounts.create({ name: 'certmux', currency });
  await operator.accounts.credit({ account, minor: openingMinor, currency, note: 'opening balance' });
  const { clientSettings: credentials } = await operator.credentials.create({
    account,
    dialect: kind,
    label: 'certmux',
  });
  const url = `${service.url}${paths[kind] ?? ''}`;
  const preparation = side.mode === 'standing' ? standingDomains(operator, account) : signfiles(isHttpsOnly);
  return {
    service,
    url,
    firstDetail: `, which buys there in mode ${side.mode}`,
    ...(side.mode === 'relay' ? {} : { preparation }),
    settings: {
      issuers: {
        [issuerId]: {
          kind,
          url,
          credentials,
          currency,
          otherProducts: { code: products[kind], years: 1 },
          contact,
          relayWaitSeconds,
        },
      },
    },
    async facts(first) {
      const bought = await lastBought(first);
      return [
        ['Issuer', `${issuerId}, ${title} at ${url}`],
        ['Bought', `${products[kind]}, in mode ${side.mode}: ${bought} there`],
      ];
    },
  };
}

/** What the vendor calls it. */
async function lastBought(operator: NativeClient): Promise<string> {
  const { items } = await operator.orders.list({ limit: 1 });
  const { issuance } = await operator.orders.show({ order: String(items[0]?.number) });
  const { reference } = await operator.upstreams.order({ issuance: issuance.id });
  return `order ${reference}`;
}

/** The vendor validates the domains of our account once, and every order for names below them is issued at once. */
function standingDomains(vendor: NativeClient, account: string): Preparation {
  const added: string[] = [];
  return {
    title: 'Domains at the vendor',
    how: 'once, as the console of the vendor shows them',
    async proofsFor(_, { names }, signal) {
      const isBelow = (name: string) => names.some((other) => name.endsWith(`.${other}`));
      const domains = await Promise.all(
        names
          .filter((name) => !isBelow(name))
          .map((name) => vendor.domains.add({ account, name, method: 'dnsTxt' }, { signal })),
      );
      return domains.map(({ id, name, validation }) => {
        added.push(id);
        const text = validation.proofs.find((proof) => proof.method === 'dnsTxt');
        if (text === undefined) throw new Error(`the vendor offers no TXT record for ${name}`);
        return { kind: 'txt', name, host: text.host, value: text.value };
      });
    },
    completion: {
      title: 'Domains validated',
      async run(signal) {
        const checked = await Promise.all(added.map((domain) => vendor.domains.check({ domain }, { signal })));
        const missing = checked.find(({ provedUntil }) => provedUntil === null);
        if (missing !== undefined) throw new Error(`${missing.name}: ${missing.summary}`);
        return checked.map(({ name, provedUntil }) => `${name} until ${provedUntil?.slice(0, 10)}`).join(', ');
      },
    },
  };
}

/** The vendor's file, the same for every order of our account. */
function signfiles(isHttpsOnly: boolean): Preparation {
  return {
    title: "Vendor's file to serve",
    how: 'once, as certmux dns check shows it',
    async proofsFor(operator, { account, names }, signal) {
      const checked = await operator.delegations.check({ account, names: [...names] }, { signal });
      return checked.names.map(({ name, ways }) => {
        const file = ways.find(({ mode }) => mode === 'signfile')?.file;
        if (file == null) throw new Error(`the reply shows no file of ${name}`);
        return { kind: 'file', name, ...file, ...(isHttpsOnly ? { only: 'https' } : {}) };
      });
    },
  };
}
