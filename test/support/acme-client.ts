/**
 * An ACME client that shows its hands: every request can be spoiled, and every reply is there as it came, once clients that read with
 * regular expressions could read it too.
 */
import assert from 'node:assert/strict';
import { createHmac, createPublicKey } from 'node:crypto';
import type { KeySignatureAlgorithm } from '../../src/domain/key-signature.ts';
import type { DialectServer } from '../../src/domain/ports/dialect.ts';
import { jwkThumbprint } from '../../src/pki/jwk.ts';
import { parsePublicKey } from '../../src/pki/public-key.ts';
import { type AccountKey, createAccountKey } from './account-key.ts';
import { requireReadable } from './acme-patterns.ts';

// biome-ignore lint/suspicious/noExplicitAny: tests look into replies of every shape
type Json = any;

export interface AcmeReply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Undefined where the reply is no JSON. */
  readonly body: Json;
}

export interface ExternalKey {
  readonly keyId: string;
  readonly hmacKey: Uint8Array;
}

/** Changes of a request that is otherwise right. */
export interface Spoiling {
  readonly header?: Readonly<Record<string, unknown>>;
  readonly contentType?: string;
  /** Signs with this key instead. */
  readonly key?: AccountKey;
  /** The whole body, as text. */
  readonly body?: (right: { protected: string; payload: string; signature: string }) => string;
  /** Signs with the key itself instead of naming the account. */
  readonly withJwk?: boolean;
  /** Another server of the same directory. */
  readonly through?: DialectServer;
}

export interface AcmeClient {
  readonly key: AccountKey;
  readonly thumbprint: string;
  /** The account's URL, once it is registered. */
  account: string | undefined;
  readonly directory: Readonly<Record<string, string>>;
  get(url: string, method?: string): Promise<AcmeReply>;
  /** @param payload undefined: a POST-as-GET */
  post(url: string, payload?: unknown, spoiling?: Spoiling): Promise<AcmeReply>;
  register(external: ExternalKey, payload?: object): Promise<AcmeReply>;
  /** The external account binding of this client's key. */
  bind(
    external: ExternalKey,
    change?: { readonly url?: string; readonly key?: AccountKey; readonly header?: object },
  ): object;
  newOrder(names: readonly string[], payload?: object): Promise<AcmeReply>;
}

export const encode = (value: unknown): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

export function jwkIn(key: AccountKey): object {
  return createPublicKey({ key: Buffer.from(key.publicKey), format: 'der', type: 'spki' }).export({ format: 'jwk' });
}

export const thumbprintOf = (key: AccountKey): string => jwkThumbprint(parsePublicKey(key.publicKey));

export async function createAcmeClient(
  fetch: (request: Request) => Promise<Response>,
  directoryUrl: string,
  { algorithm = 'ES256' }: { readonly algorithm?: KeySignatureAlgorithm } = {},
): Promise<AcmeClient> {
  const key = createAccountKey(algorithm);
  async function send(request: Request, through?: DialectServer): Promise<AcmeReply> {
    const response = await (through === undefined
      ? fetch(request)
      : through.fetch(request, { address: '192.0.2.7', requestId: 'req-2' }));
    const text = await response.text();
    const { url, method } = request;
    requireReadable({ url, method, status: response.status, headers: response.headers, text });
    const isJson = /json/.test(response.headers.get('content-type') ?? '');
    return {
      status: response.status,
      headers: response.headers,
      text,
      body: isJson && text !== '' ? JSON.parse(text) : undefined,
    };
  }
  const get: AcmeClient['get'] = (url, method = 'GET') => send(new Request(url, { method }));
  const directory = (await get(directoryUrl)).body;
  async function nonce(): Promise<string> {
    const fresh = (await get(directory.newNonce, 'HEAD')).headers.get('replay-nonce');
    assert.ok(fresh);
    return fresh;
  }
  const client: AcmeClient = {
    key,
    thumbprint: thumbprintOf(key),
    account: undefined,
    directory,
    get,
    async post(url, payload, spoiling = {}) {
      const signing = spoiling.key ?? key;
      const { account } = client;
      const holder = account === undefined || spoiling.withJwk === true ? { jwk: jwkIn(signing) } : { kid: account };
      const header = { alg: algorithm, nonce: await nonce(), url, ...holder, ...spoiling.header };
      const parts = { protected: encode(header), payload: payload === undefined ? '' : encode(payload) };
      const { signature } = signing.sign(`${parts.protected}.${parts.payload}`);
      const right = { ...parts, signature: Buffer.from(signature).toString('base64url') };
      return send(
        new Request(url, {
          method: 'POST',
          headers: { 'content-type': spoiling.contentType ?? 'application/jose+json' },
          body: spoiling.body?.(right) ?? JSON.stringify(right),
        }),
        spoiling.through,
      );
    },
    async register(external, payload = {}) {
      const reply = await client.post(directory.newAccount, {
        termsOfServiceAgreed: true,
        contact: ['mailto:ops@example.com'],
        externalAccountBinding: client.bind(external),
        ...payload,
      });
      if (reply.status < 300) client.account = reply.headers.get('location') ?? assert.fail('an account without a URL');
      return reply;
    },
    bind({ keyId, hmacKey }, { url = directory.newAccount, key: bound = key, header = {} } = {}) {
      const head = encode({ alg: 'HS256', kid: keyId, url, ...header });
      const payload = encode(jwkIn(bound));
      const mac = createHmac('sha256', hmacKey).update(`${head}.${payload}`).digest('base64url');
      return { protected: head, payload, signature: mac };
    },
    newOrder: (names, payload = {}) =>
      client.post(directory.newOrder, {
        identifiers: names.map((value) => ({ type: /^[\d.]+$|:/.test(value) ? 'ip' : 'dns', value })),
        ...payload,
      }),
  };
  return client;
}
