/** Accounts and requests of ACME clients, which are signed, for tests that go through every dialect. */
import assert from 'node:assert/strict';
import { createAcmeClient } from '../../src/dialects/acme/client.ts';
import type { OperationDescription } from '../../src/dialects/kit/operation.ts';
import type { Caller } from '../../src/domain/caller.ts';
import type { AccountId } from '../../src/domain/ids.ts';
import type { KeySettings } from '../../src/domain/ports/dialect.ts';
import { createJwsKey } from '../../src/pki/jws-writer.ts';
import { createClock } from '../../src/system/clock.ts';
import { createAccountKey } from './account-key.ts';
import { origin, type TestApp } from './app.ts';

export interface AcmeDoor {
  /** An ACME account of the account: its id and URL, and its key as base64. */
  register(accountId: AccountId | null): Promise<KeySettings>;
  signed(path: string, payload: Readonly<Record<string, unknown>>, key: KeySettings): Promise<Request>;
  requestOf(operation: OperationDescription, input: object, key: KeySettings): Promise<Request>;
}

const directory = 'default';

export function createAcmeDoor(
  app: TestApp,
  { publicUrl, fetch }: { readonly publicUrl: string; readonly fetch: (request: Request) => Promise<Response> },
): AcmeDoor {
  const base = `${publicUrl}/acme/${directory}`;

  async function nonce(): Promise<string> {
    const reply = await fetch(new Request(`${base}/new-nonce`, { method: 'HEAD' }));
    return reply.headers.get('replay-nonce') ?? assert.fail('no nonce');
  }

  async function administratorOf(accountId: AccountId | null): Promise<Caller> {
    const request = { accountId, userId: null, dialect: 'native', label: 'walk', allowedAddresses: null };
    const made = await app.ports.credentials.create(app.operator, { ...request, roles: ['administrator'] });
    const { publicId } = made.credential;
    return app.ports.signIn.authenticate({ dialect: 'native', publicId, secret: made.secret }, origin);
  }

  const signed: AcmeDoor['signed'] = async (path, payload, key) => {
    const url = publicUrl + path;
    const header = { kid: key.url, nonce: await nonce(), url };
    const jws = createJwsKey(Buffer.from(key.pkcs8 ?? '', 'base64')).sign(header, payload);
    const headers = { 'content-type': 'application/jose+json' };
    return new Request(url, { method: 'POST', headers, body: JSON.stringify(jws) });
  };

  return {
    signed,

    async register(accountId) {
      const { key, hmacKey } = await app.ports.externalAccountKeys.add(await administratorOf(accountId), {
        name: 'walk',
        productCode: 'encryption365:paid',
        organization: null,
        coverage: null,
        settings: {},
      });
      const { pkcs8 } = createAccountKey();
      const client = createAcmeClient({
        directoryUrl: `${base}/directory`,
        fetch,
        clock: createClock(),
        key: createJwsKey(pkcs8),
      });
      const { url } = await client.register({ externalKey: { keyId: key.keyId, hmacKey } });
      return { account: url.split('/').at(-1) ?? '', url, pkcs8: Buffer.from(pkcs8).toString('base64') };
    },

    async requestOf({ path, id }, input, key) {
      const rest = new Map<string, unknown>(Object.entries({ directory, ...input }));
      const filled = path.replaceAll(/:(\w+)/g, (_, name: string) => {
        const value = String(rest.get(name) ?? assert.fail(`${id} needs ${name}`));
        rest.delete(name);
        return encodeURIComponent(value);
      });
      rest.delete('directory');
      return signed(filled, Object.fromEntries(rest), key);
    },
  };
}
