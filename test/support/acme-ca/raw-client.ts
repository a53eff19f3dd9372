/** A customer of the CA that signs with `jose`, does what it is told, and hides nothing: for the tests of the CA itself. */
import { createHash, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { calculateJwkThumbprint, exportJWK, FlattenedSign, type JWK } from 'jose';
import { parseIdentifier } from '../../../src/domain/identifier.ts';
import { createCsr } from '../../../src/pki/csr-writer.ts';
import { createLocalSigner } from '../../../src/pki/key.ts';

// biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
type Json = any;

export interface RawReply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Undefined where it is no JSON. */
  readonly body: Json;
}

export interface Signing {
  readonly header?: Readonly<Record<string, unknown>>;
  readonly contentType?: string;
  readonly withJwk?: boolean;
  readonly signal?: AbortSignal;
  /** The whole request, as text. */
  readonly change?: (jws: Record<string, unknown>) => unknown;
}

export interface RawClient {
  readonly thumbprint: string;
  readonly jwk: JWK;
  readonly privateKey: KeyObject;
  account: string | undefined;
  readonly directory: Readonly<Record<string, Json>>;
  get(url: string, init?: RequestInit): Promise<RawReply>;
  /** @param payload undefined: a POST-as-GET */
  post(url: string, payload?: object, signing?: Signing): Promise<RawReply>;
  register(payload?: object): Promise<RawReply>;
  bind(external: { readonly keyId: string; readonly hmacKey: Uint8Array }): Promise<object>;
  newOrder(names: readonly string[], payload?: object): Promise<RawReply>;
  keyAuthorization(token: string): string;
  /** What the TXT record of a dns-01 challenge holds. */
  digest(token: string): string;
}

export function newSigningKey(): KeyObject {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
}

export async function createRawClient(
  fetch: (request: Request) => Promise<Response>,
  directoryUrl: string,
  privateKey: KeyObject = newSigningKey(),
): Promise<RawClient> {
  const { d: _, ...jwk } = await exportJWK(privateKey);
  const thumbprint = await calculateJwkThumbprint(jwk);

  async function send(request: Request): Promise<RawReply> {
    const { status, headers, ...rest } = await replyOf(await fetch(request));
    return { status, headers, ...rest };
  }

  const get: RawClient['get'] = (url, init = {}) => send(new Request(url, init));
  const directory = (await get(directoryUrl)).body ?? {};

  const client: RawClient = {
    thumbprint,
    jwk,
    privateKey,
    account: undefined,
    directory,
    get,
    async post(url, payload, { header = {}, contentType = 'application/jose+json', withJwk, change, signal } = {}) {
      const nonce = (await get(directory.newNonce, { method: 'HEAD' })).headers.get('replay-nonce') ?? 'none';
      const { account } = client;
      const holder = account === undefined || withJwk === true ? { jwk } : { kid: account };
      const text = payload === undefined ? '' : JSON.stringify(payload);
      const jws = await new FlattenedSign(Buffer.from(text))
        .setProtectedHeader({ alg: 'ES256', nonce, url, ...holder, ...header })
        .sign(privateKey);
      const body = JSON.stringify(change === undefined ? jws : change({ ...jws }));
      const headers = { 'content-type': contentType };
      return send(new Request(url, { method: 'POST', headers, body, signal: signal ?? null }));
    },
    async register(payload = {}) {
      const reply = await client.post(
        directory.newAccount,
        { termsOfServiceAgreed: true, ...payload },
        { withJwk: true },
      );
      if (reply.status < 300) client.account = reply.headers.get('location') ?? undefined;
      return reply;
    },
    bind: ({ keyId, hmacKey }) =>
      new FlattenedSign(Buffer.from(JSON.stringify(jwk)))
        .setProtectedHeader({ alg: 'HS256', kid: keyId, url: directory.newAccount })
        .sign(hmacKey),
    newOrder: (names, payload = {}) =>
      client.post(directory.newOrder, {
        identifiers: names.map((value) => ({ type: /^[\d.]+$|:/.test(value) ? 'ip' : 'dns', value })),
        ...payload,
      }),
    keyAuthorization: (token) => `${token}.${thumbprint}`,
    digest: (token) => createHash('sha256').update(client.keyAuthorization(token)).digest('base64url'),
  };
  return client;
}

async function replyOf(response: Response): Promise<RawReply> {
  const text = await response.text();
  let body: Json;
  try {
    body = JSON.parse(text);
  } catch {
    body = undefined;
  }
  return { status: response.status, headers: response.headers, text, body };
}

/** A request for the names, as base64url, by a new key or the one that is handed in. */
export async function csrFor(names: readonly string[], privateKey = newSigningKey()): Promise<string> {
  const signer = createLocalSigner(privateKey.export({ format: 'der', type: 'pkcs8' }));
  const identifiers = names.map((name) => parseIdentifier(name, 'name'));
  const { spkiDer } = signer.publicKey;
  return Buffer.from(await createCsr({ subject: {}, names: identifiers, spkiDer }, signer)).toString('base64url');
}
