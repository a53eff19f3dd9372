/** The ACME server over the real core in memory, with a client of it, and the states that its exchanges start from. */
import assert from 'node:assert/strict';
import { acme } from '../../../src/dialects/acme/index.ts';
import { parseIdentifier } from '../../../src/domain/identifier.ts';
import type {
  ExternalAccountKeyChange,
  NewExternalAccountKey,
} from '../../../src/domain/ports/external-account-keys.ts';
import type { Coverage } from '../../../src/domain/product.ts';
import { withDefined } from '../../../src/domain/with-defined.ts';
import { parseCertificate } from '../../../src/pki/certificate.ts';
import { createCsr } from '../../../src/pki/csr-writer.ts';
import { createLocalSigner, generateKey } from '../../../src/pki/key.ts';
import type { AccountKey } from '../../support/account-key.ts';
import {
  type AcmeClient,
  type AcmeReply,
  createAcmeClient,
  type ExternalKey,
  encode,
  jwkIn,
} from '../../support/acme-client.ts';
import { createCaller, type TestAppOptions } from '../../support/app.ts';
import type { DialectHarness } from '../../support/dialect-harness.ts';
import { type CoreSession, type CoreSessionOptions, startSession, withMembers } from '../../support/dialect-session.ts';

export const baseUrl = 'https://ca.example.com';
export const directoryUrl = `${baseUrl}/acme/default/directory`;

export interface Session extends CoreSession {
  /** An external account key of the session's account. */
  readonly external: ExternalKey & { readonly number: number };
  /** Changes the limits of the key, as an administrator of the account. */
  changeKey(change: ExternalAccountKeyChange): Promise<void>;
  /** A client with an account, unless `registers` is false. */
  readonly client: AcmeClient;
  /** A client without one. */
  stranger(url?: string): Promise<AcmeClient>;
  /** An order whose names are proved. */
  readyOrder(names: readonly string[], payload?: object): Promise<AcmeReply>;
}

export interface SessionOptions
  extends Pick<TestAppOptions, 'issuer' | 'lookUpCaa' | 'mail' | 'profiles' | 'upkeep' | 'upstreams' | 'works'>,
    Pick<NewExternalAccountKey, 'policy' | 'expiresAt'>,
    Pick<CoreSessionOptions, 'account' | 'balanceMinor' | 'config'> {
  readonly productCode?: string;
  /** Of the external account key. */
  readonly coverage?: Coverage;
  /** False: the client has no account yet. */
  readonly registers?: boolean;
}

const yearly: Coverage = { unit: 'years', count: 1 };

export async function createSession({
  productCode = 'paid',
  registers = true,
  coverage = yearly,
  policy,
  expiresAt,
  ...options
}: SessionOptions = {}): Promise<Session> {
  const session = await startSession(acme, {
    ...options,
    baseUrl,
    startsAt: '2026-06-01T08:00:00Z',
    patienceMs: 100,
  });
  const { app, account } = session;
  const administrator = await createCaller(app, account, { roles: ['administrator'] });
  const caller = { ...administrator, dialect: 'native', seesAllDialects: true };
  const { key, hmacKey } = await app.ports.externalAccountKeys.add(caller, {
    name: 'web servers',
    productCode: `encryption365:${productCode}`,
    organization: null,
    coverage,
    settings: {},
    ...withDefined({ policy, expiresAt }),
  });
  const external = { keyId: key.keyId, hmacKey, number: key.number };
  const stranger = (url = directoryUrl) => createAcmeClient(session.fetch, url);
  const client = await stranger();
  if (registers) {
    const registered = await client.register(external);
    assert.equal(registered.status, 201, registered.text);
  }
  return withMembers<Session>(session, {
    external,
    async changeKey(change) {
      await app.ports.externalAccountKeys.change(caller, { id: key.id }, change);
    },
    client,
    stranger,
    async readyOrder(names, payload) {
      const order = await client.newOrder(names, payload);
      assert.equal(order.status, 201, order.text);
      for (const name of names) app.checks.place(name);
      for (const url of order.body.authorizations) {
        const { body } = await client.post(url);
        if (body.status === 'valid') continue;
        await client.post(body.challenges[0].url, {});
      }
      await app.idle();
      const location = order.headers.get('location') ?? assert.fail('an order without a URL');
      const ready = await client.post(location);
      assert.equal(ready.body.status, 'ready', ready.text);
      return ready;
    },
  });
}

/** The CSR of a fresh key, as a finalize request has it. */
export async function csrFor(names: readonly string[], commonName = names[0]): Promise<string> {
  const { privateKeyPkcs8, spkiDer } = await generateKey({ type: 'ec', curve: 'P-256' });
  const identifiers = names.map((name) => parseIdentifier(name, 'name'));
  const subject = commonName === undefined ? {} : { CN: commonName };
  const csr = await createCsr({ subject, names: identifiers, spkiDer }, createLocalSigner(privateKeyPkcs8));
  return csr.toString('base64url');
}

/** The CSR of a key that the test holds. */
export async function csrOfKey(key: AccountKey, names: readonly string[]): Promise<string> {
  const identifiers = names.map((one) => parseIdentifier(one, 'name'));
  const csr = await createCsr(
    { subject: {}, names: identifiers, spkiDer: key.publicKey },
    createLocalSigner(key.pkcs8),
  );
  return csr.toString('base64url');
}

/** The name of a certificate in renewal information (RFC 9773 §4.1). */
export function certIdOf(der: Uint8Array): string {
  const { authorityKeyId = '', serial } = parseCertificate(der);
  const octets = (serial[0] ?? 0) > 0x7f ? Buffer.concat([Buffer.of(0), serial]) : serial;
  return `${Buffer.from(authorityKeyId, 'hex').toString('base64url')}.${octets.toString('base64url')}`;
}

/** What the account sends to have another key (RFC 8555 §7.3.5). */
export function keyChange(
  { account, key, directory }: AcmeClient,
  next: AccountKey,
  change: { readonly header?: object; readonly payload?: object; readonly signer?: AccountKey } = {},
): object {
  const header = encode({ alg: 'ES256', jwk: jwkIn(next), url: directory.keyChange, ...change.header });
  const payload = encode({ account, oldKey: jwkIn(key), ...change.payload });
  const { signature } = (change.signer ?? next).sign(`${header}.${payload}`);
  return { protected: header, payload, signature: Buffer.from(signature).toString('base64url') };
}

const signed = 'it is signed, and no two signatures are the same: the tests of this folder look at it';

export const harness: DialectHarness = {
  withoutExchange: {
    'nonce.new': 'its answer has no body, and a nonce that is never the same: nonces.test.ts looks at it',
    'directory.read': signed,
    'directory.readBase': signed,
    'nonce.read': signed,
    'account.update': signed,
    'account.orders': signed,
    'account.changeKey': signed,
    'order.create': signed,
    'order.show': signed,
    'order.finalize': signed,
    'directory.about': 'only open directories have it: directories.test.ts looks at it',
    'authorization.create': signed,
    'authorization.show': signed,
    'challenge.respond': signed,
    'certificate.show': signed,
    'certificate.revoke': signed,
    'certificate.renewalInfo': 'it is for a certificate that is never the same: renewal.test.ts looks at it',
  },
  states: { 'a new server': () => createSession() },
};
