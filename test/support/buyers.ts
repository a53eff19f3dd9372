/**
 * Customers of each front door, with the client half of its dialect: what any of them can do, in the words of that API. The same
 * scenario then goes through every door.
 */
import assert from 'node:assert/strict';
import { certIdOf } from '../../src/dialects/acme/client/cert-id.ts';
import { createAcmeClient } from '../../src/dialects/acme/client.ts';
import { createDigicertClient } from '../../src/dialects/digicert/client.ts';
import { createEncryption365Client } from '../../src/dialects/encryption365/client.ts';
import { createHttpsokClient } from '../../src/dialects/httpsok/client.ts';
import { Secret } from '../../src/dialects/kit/secret.ts';
import { createNativeClient } from '../../src/dialects/native/client.ts';
import { createRacentClient } from '../../src/dialects/racent/client.ts';
import { createWosignClient } from '../../src/dialects/wosign/client.ts';
import type { KeySettings } from '../../src/domain/ports/dialect.ts';
import { parseCertificate } from '../../src/pki/certificate.ts';
import { createJwsKey } from '../../src/pki/jws-writer.ts';
import { encodePem } from '../../src/pki/pem.ts';
import { csrFor } from './acme-ca/raw-client.ts';
import type { AcmeDoors } from './acme-doors.ts';

/** What a buyer has to do with: the front doors, its account there, and time. */
export type BuyerScene = Pick<AcmeDoors, 'doors' | 'tenant' | 'language' | 'passUntil'> &
  Partial<Pick<AcmeDoors, 'recordOf'>>;

/** What the door shows of an order. */
export interface Shown {
  /** Its word for the state. */
  readonly state: string;
  /** What it says for people; empty where it has no field for that, or nothing to say. */
  readonly says: string;
  /** The records that it shows for a name: `host target`, as its API writes them. */
  readonly records: readonly string[];
  /** Leaf and chain as they are downloaded; empty while there is none. */
  readonly pem: string;
  /** Of a key that was made here, where the door shows it with the certificate. */
  readonly privateKey?: string;
}

export interface Buyer {
  /** @param csrNames empty: without a CSR, where the door lets the key be made here. @returns what the door calls the order */
  order(names: readonly string[], csrNames?: readonly string[]): Promise<string>;
  show(id: string): Promise<Shown>;
  /** The customer has placed the proofs of the order and says so, where this API has a call for that. */
  proceed(id: string, names: readonly string[]): Promise<void>;
  /** @returns what shows the new certificate */
  reissue?(id: string, names: readonly string[]): Promise<string>;
  duplicate?(id: string, names: readonly string[]): Promise<string>;
  /** An order that follows this one. @returns what the door calls it */
  renew?(id: string, names: readonly string[]): Promise<string>;
  revoke?(id: string): Promise<void>;
  cancel?(id: string): Promise<void>;
}

export const buyerNames = ['native', 'acme', 'encryption365', 'wosign', 'httpsok', 'digicert', 'racent'] as const;
export type BuyerName = (typeof buyerNames)[number];

/** Words of each API for what a scenario waits for. */
export const words = {
  native: { issued: 'active', waiting: 'open', failed: 'failed', revoked: 'revoked', cancelled: 'cancelled' },
  acme: { issued: 'valid', waiting: 'processing', failed: 'invalid', revoked: 'valid', cancelled: 'invalid' },
  encryption365: {
    issued: 'issued_active',
    waiting: 'enroll_caprocessing',
    failed: 'rejected',
    revoked: 'revoked',
    cancelled: 'cancelled',
  },
  wosign: { issued: 'issued', waiting: 'pending', failed: 'error', revoked: 'error', cancelled: 'error' },
  httpsok: { issued: '1', waiting: '2', failed: '3', revoked: '3', cancelled: '3' },
  digicert: { issued: 'issued', waiting: 'processing', failed: 'rejected', revoked: 'revoked', cancelled: 'canceled' },
  racent: { issued: 'COMPLETE', waiting: 'PENDING', failed: 'FAILED', revoked: 'CANCELLED', cancelled: 'CANCELLED' },
} as const satisfies Readonly<Record<BuyerName, object>>;

export const baseUrl = 'https://certs.example';

export async function createBuyer(name: BuyerName, scene: BuyerScene): Promise<Buyer> {
  const { doors, tenant } = scene;
  const key = await doors.keyTo(name, tenant.accountId as never, ['requester', 'registrar', 'administrator']);
  return makers[name](scene, key);
}

export async function csrPemFor(names: readonly string[]): Promise<string> {
  return encodePem('CERTIFICATE REQUEST', Buffer.from(await csrFor(names), 'base64url'));
}

type Maker = (scene: BuyerScene, key: KeySettings) => Buyer;

const makers = {
  native({ doors, language }, { token }) {
    const fetch = (request: Request) => doors.fetch('native', request);
    const client = createNativeClient({ baseUrl, token, fetch, language: language === 'own' ? 'zh' : 'en' });
    const download = async (certificate: string) =>
      Buffer.from((await client.certificates.download({ certificate })).bytes).toString();
    const newest = async () => (await client.certificates.list({})).items[0];
    const duplicated = new Set<string>();
    return {
      async order(names, csrNames = names) {
        const csr = await csrPemFor(csrNames);
        const placed = await client.orders.place({ productCode: 'encryption365:paid', names: [...names], csr });
        return String(placed.number);
      },
      async show(order) {
        const shown = await client.orders.show({ order });
        const records = shown.names.flatMap(({ proofs }) =>
          proofs.flatMap((proof) => (proof.method === 'dnsCname' ? [`${proof.host} ${proof.target}`] : [])),
        );
        // A reissue under way leaves the order active.
        const isUnderWay = shown.state === 'active' && shown.issuance.state !== 'issued';
        // A duplicate is beside the order's certificate.
        const certificate = duplicated.has(order) ? await newest() : shown.certificate;
        const pem = certificate == null ? '' : await download(certificate.id);
        return { state: isUnderWay ? shown.issuance.state : shown.state, says: shown.summary, records, pem };
      },
      async proceed(order) {
        await client.orders.check({ order });
      },
      async reissue(order, names) {
        await client.orders.reissue({ order, csr: await csrPemFor(names), names: [...names] });
        return order;
      },
      async duplicate(order, names) {
        await client.orders.duplicate({ order, csr: await csrPemFor(names), names: [...names] });
        duplicated.add(order);
        return order;
      },
      async renew(order, names) {
        const csr = await csrPemFor(names);
        const wish = { productCode: 'encryption365:paid', names: [...names], csr, renewalOf: order };
        return String((await client.orders.place(wish)).number);
      },
      async revoke(order) {
        await client.orders.revoke({ order, reason: 'superseded' });
      },
      async cancel(order) {
        await client.orders.cancel({ order });
      },
    };
  },

  acme({ doors, passUntil }, key) {
    const client = createAcmeClient({
      directoryUrl: `${baseUrl}/acme/default/directory`,
      fetch: (request) => doors.fetch('acme', request),
      clock: doors.app.clock,
      key: createJwsKey(Buffer.from(key.pkcs8 ?? '', 'base64')),
      accountUrl: key.url ?? assert.fail('an account'),
    });
    const csrs = new Map<string, readonly string[]>();
    return {
      async order(names, csrNames = names) {
        const { url } = await client.placeOrder({ names });
        csrs.set(url, csrNames);
        return url;
      },
      async show(url) {
        const { shown } = await client.order({ url });
        const pem = shown.certificate === null ? '' : (await client.certificate(shown.certificate)).shown.pem;
        return { state: shown.status, says: shown.error?.detail ?? '', records: [], pem };
      },
      async proceed(url, names) {
        const { shown } = await client.order({ url, names });
        for (const at of shown.authorizations) {
          const { shown: authorization } = await client.authorization(at);
          const [challenge = assert.fail('a challenge')] = authorization.challenges;
          if (authorization.status !== 'valid') await client.respond(challenge.url);
        }
        await passUntil(async () => (await client.order({ url })).shown.status === 'ready', 'the order is ready');
        const csrDer = Buffer.from(await csrFor(csrs.get(url) ?? names), 'base64url');
        await client.finalize({ url, finalizeUrl: shown.finalize, csrDer });
      },
      async renew(url, names) {
        const { shown } = await client.order({ url });
        const { certificates } = (await client.certificate(shown.certificate ?? assert.fail('a certificate'))).shown;
        const replaces =
          certIdOf(parseCertificate(certificates[0] ?? assert.fail('a leaf'))) ?? assert.fail('its name');
        const renewal = await client.placeOrder({ names, replaces });
        csrs.set(renewal.url, names);
        return renewal.url;
      },
      async revoke(url) {
        const { shown } = await client.order({ url });
        const chain = await client.certificate(shown.certificate ?? assert.fail('a certificate'));
        await client.revoke(chain.shown.certificates[0] ?? assert.fail('a leaf'), 4);
      },
    };
  },

  encryption365({ doors }, { client_id, access_token }) {
    const client = createEncryption365Client({
      baseUrl,
      fetch: (request) => doors.fetch('encryption365', request),
      credentials: { clientId: client_id ?? '', accessToken: new Secret(access_token ?? '') },
    });
    return {
      async order(names, csrNames = names) {
        const placed = await client.placeOrder({ pid: '108', csrPem: await csrPemFor(csrNames), names });
        return String(placed.trustocean_id);
      },
      async show(id) {
        const shown = await client.order(Number(id));
        const records = Object.values(shown.dcv_info).flatMap(({ dns_host, dns_value }) =>
          dns_host === '' ? [] : [`${dns_host} ${dns_value}`],
        );
        const pem = `${shown.cert_code ?? ''}${shown.ca_code ?? ''}`;
        return { state: shown.cert_status, says: shown.message ?? '', records, pem };
      },
      proceed: (id) => client.recheck(Number(id)),
      async reissue(id, names) {
        await client.reissue(Number(id), { csrPem: await csrPemFor(names), names });
        return id;
      },
      async renew(id, names) {
        const wish = { pid: '108', csrPem: await csrPemFor(names), names, renewalOf: Number(id) };
        return String((await client.placeOrder(wish)).trustocean_id);
      },
      revoke: (id) => client.revoke(Number(id), 'superseded'),
    };
  },

  wosign({ doors }, { customer_id, auth_token }) {
    const client = createWosignClient({
      baseUrl: `${baseUrl}/acmapi`,
      fetch: (request) => doors.fetch('wosign', request),
      credentials: { customerId: customer_id ?? '', authToken: new Secret(auth_token ?? '') },
    });
    return {
      order: async (names, csrNames = names) =>
        (await client.apply({ names, csrPem: await csrPemFor(csrNames) })).handle,
      async show(handle) {
        try {
          const outcome = await client.fetchPending(handle);
          const pem = outcome.state === 'issued' ? outcome.certificatePem : '';
          return { state: outcome.state, says: '', records: [], pem };
        } catch (thrown) {
          return { state: 'error', says: (thrown as Error).message, records: [], pem: '' };
        }
      },
      proceed: async () => undefined,
    };
  },

  httpsok({ doors, recordOf }, { OpenApiKey }) {
    const client = createHttpsokClient({
      baseUrl,
      fetch: (request) => doors.fetch('httpsok', request),
      key: new Secret(OpenApiKey ?? ''),
    });
    return {
      order: (names) => client.apply({ names }),
      async show(id) {
        const shown = await client.application(id);
        const names = shown.domains.split(',');
        const { configs } = await client.checkDelegation(names);
        const records = configs.map(({ host, hostValue }) => `${host} ${hostValue}`);
        const says = 'reason' in shown ? shown.reason : '';
        const pem = 'certificate' in shown ? shown.certificate : '';
        return { state: String(shown.status), says: says ?? '', records, pem };
      },
      async proceed(_, names) {
        const { configs } = await client.checkDelegation(names);
        if (recordOf === undefined) return;
        assert.deepEqual(
          new Set(configs.map(({ hostValue }) => hostValue)),
          new Set(names.map((one) => recordOf(one).target)),
        );
      },
    };
  },

  digicert({ doors }, key) {
    const [apiKey = ''] = Object.values(key);
    const fetch = (request: Request) => doors.fetch('digicert', request);
    const client = createDigicertClient({ baseUrl, fetch, key: new Secret(apiKey) });
    const wish = async (names: readonly string[], csrNames = names) => ({
      commonName: names[0] ?? assert.fail('a name'),
      names: names.slice(1),
      csrPem: await csrPemFor(csrNames),
      skipsApproval: true,
    });
    const place = async (
      names: readonly string[],
      { csrNames, renewalOf }: { readonly csrNames?: readonly string[] | undefined; readonly renewalOf?: number },
    ) => {
      const placed = await client.placeOrder({
        ...(await wish(names, csrNames)),
        product: 'ssl_dv_geotrust_flex',
        years: 1,
        method: 'dns-txt-token',
        ...(renewalOf === undefined ? {} : { renewalOf }),
      });
      return String(placed.id);
    };
    /** Certificates of reissues and duplicates by the order's number. */
    const certificates = new Map<string, number>();
    return {
      order: (names, csrNames) => place(names, { csrNames }),
      async show(id) {
        const shown = await client.order(Number(id));
        const certificate = certificates.get(id) ?? shown.certificate.id;
        const isThere = ['issued', 'revoked'].includes(shown.status) && certificate !== undefined;
        const pem = isThere ? await client.download(certificate, 'pem_all') : '';
        const says = (shown.notes ?? []).map(({ text }) => text).join('\n');
        return { state: shown.status, says, records: [], pem };
      },
      async proceed(id) {
        // A look that began before the proofs stood may be the one that answers.
        for (let left = 3; ; left--) {
          try {
            await client.checkDcv(Number(id));
            return;
          } catch (thrown) {
            if (left === 0) throw thrown;
          }
        }
      },
      async reissue(id, names) {
        await client.reissue(Number(id), await wish(names));
        return id;
      },
      async duplicate(id, names) {
        const placed = await client.duplicate(Number(id), await wish(names));
        certificates.set(id, placed.certificate_id ?? assert.fail('the number of the duplicate'));
        return id;
      },
      renew: (id, names) => place(names, { renewalOf: Number(id) }),
      async revoke(id) {
        await client.revokeOrder(Number(id), { skipsApproval: true, reason: 'superseded' });
      },
      cancel: (id) => client.cancel(Number(id), 'not needed'),
    };
  },

  racent({ doors }, { api_token }) {
    const fetch = (request: Request) => doors.fetch('racent', request);
    const client = createRacentClient({ baseUrl, fetch, token: new Secret(api_token ?? '') });
    const wanted = (names: readonly string[]) => names.map((name) => ({ name, method: 'CNAME_CSR_HASH' as const }));
    return {
      async order(names, csrNames = names) {
        const placed = await client.placeOrder({
          productCode: 'comodo-positive-multi-domain',
          years: 1,
          ...(csrNames.length === 0 ? {} : { csrPem: await csrPemFor(csrNames) }),
          names: wanted(names),
          contacts: { Administrator: { firstName: 'a', lastName: 'b', email: 'a@example.com' } },
        });
        return placed.certId;
      },
      async show(certId) {
        const { status, data } = await client.collect(certId);
        const records = data.DCVdnsHost === '' ? [] : [`${data.DCVdnsHost} ${data.DCVdnsValue}`];
        const pem = `${data.certificate}${data.caCertificate}`;
        return { state: status, says: data.issued.message ?? '', records, pem, privateKey: data.privateKey };
      },
      proceed: (certId) => client.recheck(certId),
      reissue: async (certId, names) =>
        (await client.replace(certId, { csrPem: await csrPemFor(names), names: wanted(names) })).certId,
      renew: async (certId) => (await client.renew(certId, 1)).certId,
      revoke: (certId) => client.revoke(certId, 'superseded'),
      cancel: (certId) => client.cancel(certId, 'not needed'),
    };
  },
} as const satisfies Readonly<Record<BuyerName, Maker>>;
