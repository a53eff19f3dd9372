/**
 * An account at any ACME server whose orders are played as cheaply as a client can: keys and requests are prepared, connections are kept,
 * and each nonce is that of the connection's last reply. Only the signatures are left, whose cost is counted apart.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { encodeBase64url } from '../src/pki/base64url.ts';
import { createJwsKey, writeBinding } from '../src/pki/jws-writer.ts';
import { generateKey } from '../src/pki/key.ts';
import { decodePem } from '../src/pki/pem.ts';
import { type Customer, csrAt, type Supply, unexpected, valueIn } from './customers/customer.ts';
import { type HttpConnection, type HttpReply, headerOf, openConnection } from './http-connection.ts';

export interface AcmeServer {
  readonly directoryUrl: string;
  /** PEM, of a server over TLS. */
  readonly roots?: string;
  /** Where the server asks for one. */
  readonly externalKey?: { readonly keyId: string; readonly hmacKey: Uint8Array };
}

export interface AcmeAccount extends Customer {
  /** Time spent on signatures so far, µs. */
  signedUs(): number;
}

/** Places what the HTTP server of a name answers at a path. */
export type PlaceFile = (host: string, path: string, content: string) => void;

/** RFC 8555 §6.1 demands one. */
const headers = { 'User-Agent': 'certmux-bench' };

/** newOrder, authorization, challenge, finalize, certificate: where what came of a call is in its reply. */
const leastCalls = 5;

/** An order that takes more than this is none that is measured. */
const mostCalls = 500;

/** Milliseconds between looks at what is not done yet: most is done in a few, and asking costs the server as much as any call. */
const looksMs = [4, 8, 16, 32, 64, 128, 250] as const;

export async function openAcmeAccount(
  { directoryUrl, roots, externalKey }: AcmeServer,
  supply: Supply,
  { namesOf, placeFile }: { readonly namesOf: (index: number) => readonly string[]; readonly placeFile: PlaceFile },
): Promise<AcmeAccount> {
  const key = createJwsKey((await generateKey({ type: 'ec', curve: 'P-256' })).privateKeyPkcs8);
  const nonces = new WeakMap<HttpConnection, string>();
  let signedMs = 0;
  const first = await openConnection(directoryUrl, roots);
  const urls: unknown = JSON.parse((await first.send({ method: 'GET', path: pathOf(directoryUrl), headers })).body);
  const urlOf = (name: string) => textIn(urls, name);

  async function nonceFor(connection: HttpConnection): Promise<string> {
    const last = nonces.get(connection);
    if (last !== undefined) return last;
    const reply = await connection.send({ method: 'GET', path: pathOf(urlOf('newNonce')), headers });
    return headerOf(reply, 'replay-nonce') ?? refuse(reply);
  }

  async function post(
    connection: HttpConnection,
    url: string,
    payload: Readonly<Record<string, unknown>> | undefined,
    signer: Readonly<Record<string, unknown>> = { kid: account },
  ): Promise<HttpReply> {
    const nonce = await nonceFor(connection);
    const startMs = performance.now();
    const jws = key.sign({ ...signer, nonce, url }, payload);
    signedMs += performance.now() - startMs;
    const body = JSON.stringify(jws);
    const reply = await connection.send({
      method: 'POST',
      path: pathOf(url),
      headers,
      contentType: 'application/jose+json',
      body,
    });
    nonces.set(connection, headerOf(reply, 'replay-nonce') ?? refuse(reply));
    return reply;
  }

  let account = '';
  const newAccount = urlOf('newAccount');
  const binding =
    externalKey === undefined
      ? {}
      : { externalAccountBinding: writeBinding(externalKey, { url: newAccount, jwk: key.jwk }) };
  const registered = await post(first, newAccount, { termsOfServiceAgreed: true, ...binding }, { jwk: key.jwk });
  account = headerOf(registered, 'location') ?? refuse(registered);
  first.close();

  return {
    calls: leastCalls,
    signedUs: () => signedMs * 1000,

    async place(connection, index) {
      let calls = 0;
      const call = async (url: string, payload?: Readonly<Record<string, unknown>>) => {
        for (;;) {
          calls++;
          const reply = await post(connection, url, payload);
          if (reply.status < 300) return { reply, shown: () => JSON.parse(reply.body) as unknown };
          // What failed inside is repeated, as clients do: step-ca answers so where two transactions met.
          if (reply.status < 500 || calls > mostCalls) refuse(reply);
        }
      };
      /** Looks until it has another status. */
      const until = async (url: string, passing: readonly string[]): Promise<unknown> => {
        for (let look = 0; ; look++) {
          await sleep(looksMs[Math.min(look, looksMs.length - 1)]);
          const shown = (await call(url)).shown();
          if (calls > mostCalls || !passing.includes(textIn(shown, 'status'))) return shown;
        }
      };

      const identifiers = namesOf(index).map((value) => ({ type: 'dns', value }));
      const made = await call(urlOf('newOrder'), { identifiers });
      const orderUrl = headerOf(made.reply, 'location') ?? refuse(made.reply);
      const order = made.shown();
      for (const url of listIn(order, 'authorizations')) {
        if (typeof url !== 'string') throw unexpected(made.reply.body);
        const authorization = (await call(url)).shown();
        if (textIn(authorization, 'status') === 'valid') continue;
        const challenge = listIn(authorization, 'challenges').find((one) => valueIn(one, 'type') === 'http-01');
        const token = textIn(challenge, 'token');
        const host = textIn(valueIn(authorization, 'identifier'), 'value');
        placeFile(host, `/.well-known/acme-challenge/${token}`, `${token}.${key.thumbprint}`);
        const checked = (await call(textIn(challenge, 'url'), {})).shown();
        if (textIn(checked, 'status') === 'valid') continue;
        const proved = await until(url, ['pending']);
        if (textIn(proved, 'status') !== 'valid') throw unexpected(JSON.stringify(proved));
      }
      const csr = encodeBase64url(decodePem(csrAt(supply, index), csrForm));
      const finalized = (await call(textIn(order, 'finalize'), { csr })).shown();
      const isIssued = textIn(finalized, 'status') === 'valid';
      const issued = isIssued ? finalized : await until(orderUrl, ['ready', 'processing']);
      if (textIn(issued, 'status') !== 'valid') throw unexpected(JSON.stringify(issued));
      const { reply } = await call(textIn(issued, 'certificate'));
      if (!reply.body.includes('-----BEGIN CERTIFICATE-----')) refuse(reply);
      return { calls, reply: reply.body };
    },
  };
}

const csrForm = { what: 'csr', labels: ['CERTIFICATE REQUEST'] };

function pathOf(url: string): string {
  return url.slice(url.indexOf('/', url.indexOf('//') + 2));
}

function textIn(value: unknown, member: string): string {
  const text = valueIn(value, member);
  if (typeof text === 'string') return text;
  throw unexpected(`${member} in ${JSON.stringify(value)}`);
}

function listIn(value: unknown, member: string): readonly unknown[] {
  const list = valueIn(value, member);
  if (Array.isArray(list)) return list;
  throw unexpected(`${member} in ${JSON.stringify(value)}`);
}

function refuse({ status, body }: HttpReply): never {
  throw unexpected(`${status} ${body}`);
}
