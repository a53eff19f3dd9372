/**
 * The client half: an ACME server as typed calls, for one account. Nonces come with every reply and are kept for the next call; one that is
 * refused is replaced and the call made again (RFC 8555 §6.5).
 */
import { z } from 'zod';
import { encodeBase64url } from '../../pki/base64url.ts';
import { type JwsKey, writeBinding } from '../../pki/jws-writer.ts';
import { parseReply, replyObject, replyText, send as sendRequest } from '../kit/client.ts';
import { upstreamError } from '../kit/error-table.ts';
import { account } from './accounts/schema.ts';
import { refusalOfProblem } from './errors.ts';
import { identifierToWire } from './orders/identifiers.ts';
import { order as orderSchema, type WireOrder } from './orders/schema.ts';
import { authorization, challenge, type WireAuthorization, type WireChallenge } from './proving/schema.ts';
import { problem } from './schema.ts';

export interface AcmeClientOptions {
  readonly directoryUrl: string;
  /** Carries proxies, trust and time-outs. */
  readonly fetch: (request: Request) => Promise<Response>;
  /** The account's. */
  readonly key: JwsKey;
}

export interface Registration {
  readonly contact?: readonly string[];
  /** What binds the account to one that is known outside of ACME. */
  readonly externalKey?: { readonly keyId: string; readonly hmacKey: Uint8Array };
}

/** What was made or shown, and its URL. */
export interface AtUrl<Shown> {
  readonly url: string;
  readonly shown: Shown;
}

/** Every call may be aborted. All but `register` need the account. @throws {CertError} what the server refused, or `unavailable` */
export interface AcmeClient {
  /** Makes the account, or finds the one that the key has; its terms are agreed to. @returns its URL */
  register(registration: Registration, signal?: AbortSignal): Promise<string>;
  /** @param names in their canonical form: host names, wildcards, addresses */
  placeOrder(names: readonly string[], signal?: AbortSignal): Promise<AtUrl<WireOrder>>;
  order(url: string, signal?: AbortSignal): Promise<WireOrder>;
  authorization(url: string, signal?: AbortSignal): Promise<WireAuthorization>;
  /** What a challenge wants to find (RFC 8555 §8.1). @throws {CertError} unavailable for one without a token */
  keyAuthorization(challenge: Pick<WireChallenge, 'token'>): string;
  /** Says that it is placed, so that it is looked for. */
  respond(challengeUrl: string, signal?: AbortSignal): Promise<WireChallenge>;
  finalize(order: Pick<WireOrder, 'finalize'>, csrDer: Uint8Array, signal?: AbortSignal): Promise<WireOrder>;
  /** PEM, leaf first, without the root. */
  certificate(url: string, signal?: AbortSignal): Promise<string>;
  revoke(certificateDer: Uint8Array, reason: number, signal?: AbortSignal): Promise<void>;
}

const directory = z.object({
  newNonce: z.string(),
  newAccount: z.string(),
  newOrder: z.string(),
  revokeCert: z.string(),
});

const replyLimitBytes = 1 << 20;
const kept = 8;
/** Calls of one whose nonce is refused each time. */
const tries = 5;

interface Post {
  readonly url: string;
  /** Undefined: a POST-as-GET. */
  readonly payload?: Readonly<Record<string, unknown>>;
  /** Signed with the key itself: there is no account yet. */
  readonly isBare?: boolean;
  readonly signal: AbortSignal | undefined;
}

interface Answer {
  readonly reply: Response;
  readonly text: string;
}

export function createAcmeClient({ directoryUrl, fetch, key }: AcmeClientOptions): AcmeClient {
  const upstream = new URL(directoryUrl).host;
  const sender = { fetch, upstream, replyLimitBytes };
  const nonces: string[] = [];
  let known: z.output<typeof directory> | undefined;
  let accountUrl = '';

  async function send(request: Request): Promise<Answer> {
    const reply = await sendRequest(sender, request);
    const nonce = reply.headers.get('replay-nonce');
    if (nonce !== null && nonces.length < kept) nonces.push(nonce);
    return { reply, text: await replyText(sender, reply) };
  }

  async function urls(signal: AbortSignal | undefined): Promise<z.output<typeof directory>> {
    if (known !== undefined) return known;
    const answer = await send(requestOf(directoryUrl, signal));
    if (!answer.reply.ok) throw refusalIn(answer);
    known = parsed(answer, 'directory', directory);
    return known;
  }

  async function nonce(signal: AbortSignal | undefined): Promise<string> {
    const own = nonces.pop();
    if (own !== undefined) return own;
    const { newNonce } = await urls(signal);
    await send(requestOf(newNonce, signal, { method: 'HEAD' }));
    const fresh = nonces.pop();
    if (fresh === undefined) throw upstreamError('unavailable', { upstream, detail: 'a new-nonce without a nonce' });
    return fresh;
  }

  async function post({ url, payload, isBare = false, signal }: Post): Promise<Answer> {
    const signer = isBare ? { jwk: key.jwk } : { kid: accountUrl };
    for (let count = 1; ; count++) {
      const jws = key.sign({ ...signer, nonce: await nonce(signal), url }, payload);
      const headers = { 'content-type': 'application/jose+json' };
      const answer = await send(requestOf(url, signal, { method: 'POST', headers, body: JSON.stringify(jws) }));
      if (answer.reply.ok) return answer;
      if (count === tries || !isBadNonce(answer)) throw refusalIn(answer);
    }
  }

  function parsed<Schema extends z.ZodType>({ text }: Answer, call: string, schema: Schema): z.output<Schema> {
    return parseReply(sender, { call, schema }, replyObject(sender, text));
  }

  function refusalIn({ reply, text }: Answer) {
    const found = problemIn(text);
    if (found !== undefined) return refusalOfProblem(found, upstream);
    return upstreamError('unavailable', { upstream, detail: `HTTP status ${reply.status}` });
  }

  function locationOf({ reply }: Answer, what: string): string {
    const location = reply.headers.get('location');
    if (location === null) throw upstreamError('unavailable', { upstream, detail: `${what} without a URL` });
    return location;
  }

  return {
    async register({ contact = [], externalKey }, signal) {
      const { newAccount: url } = await urls(signal);
      const binding =
        externalKey === undefined ? {} : { externalAccountBinding: writeBinding(externalKey, { url, jwk: key.jwk }) };
      const payload = { termsOfServiceAgreed: true, contact, ...binding };
      const answer = await post({ url, payload, isBare: true, signal });
      parsed(answer, 'newAccount', account);
      accountUrl = locationOf(answer, 'an account');
      return accountUrl;
    },

    async placeOrder(names, signal) {
      const { newOrder: url } = await urls(signal);
      const identifiers = names.map(identifierToWire);
      const answer = await post({ url, payload: { identifiers }, signal });
      return { url: locationOf(answer, 'an order'), shown: parsed(answer, 'newOrder', orderSchema) };
    },

    order: async (url, signal) => parsed(await post({ url, signal }), 'order', orderSchema),

    authorization: async (url, signal) => parsed(await post({ url, signal }), 'authorization', authorization),

    keyAuthorization({ token }) {
      if (token === undefined) throw upstreamError('unavailable', { upstream, detail: 'a challenge without a token' });
      return `${token}.${key.thumbprint}`;
    },

    respond: async (url, signal) => parsed(await post({ url, payload: {}, signal }), 'challenge', challenge),

    async finalize({ finalize: url }, csrDer, signal) {
      const payload = { csr: encodeBase64url(csrDer) };
      return parsed(await post({ url, payload, signal }), 'finalize', orderSchema);
    },

    certificate: async (url, signal) => (await post({ url, signal })).text,

    async revoke(certificateDer, reason, signal) {
      const { revokeCert: url } = await urls(signal);
      await post({ url, payload: { certificate: encodeBase64url(certificateDer), reason }, signal });
    },
  };
}

function requestOf(url: string, signal: AbortSignal | undefined, init: RequestInit = {}): Request {
  return new Request(url, { ...init, signal: signal ?? null });
}

function problemIn(text: string): z.output<typeof problem> | undefined {
  try {
    return problem.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

function isBadNonce({ text }: Answer): boolean {
  return problemIn(text)?.type === 'urn:ietf:params:acme:error:badNonce';
}
