/** An ACME CA that answers what a test writes down: for replies that no well-behaved server gives. */
import assert from 'node:assert/strict';
import type { AcmeClientOptions, AcmeExchange } from '../../src/dialects/acme/client/face.ts';
import { createAcmeClient } from '../../src/dialects/acme/client.ts';
import { createJwsKey } from '../../src/pki/jws-writer.ts';
import { createAccountKey } from './account-key.ts';
import { createFakeClock } from './system.ts';

export const ca = 'https://ca.example';
const directoryUrl = `${ca}/directory`;
export const accountUrl = `${ca}/account/1`;

export interface SeenRequest {
  readonly method: string;
  /** Below the CA. */
  readonly path: string;
  readonly nonce: string | undefined;
  readonly header: Readonly<Record<string, unknown>>;
  /** Undefined: a POST-as-GET, or no POST at all. */
  readonly payload: Readonly<Record<string, unknown>> | undefined;
  readonly timeoutMs: number | undefined;
  readonly accept: string | null;
}

/** Undefined: the usual answer. */
type Answers = (request: SeenRequest, count: number) => Response | Promise<Response> | undefined;

export const urls = {
  newNonce: `${ca}/nonce`,
  newAccount: `${ca}/new-account`,
  newOrder: `${ca}/new-order`,
  revokeCert: `${ca}/revoke`,
  keyChange: `${ca}/key-change`,
  renewalInfo: `${ca}/ari`,
};

/** @param answers by path, and how many requests there were at this path before */
export function scriptedAcme(answers: Answers = () => undefined, options: Partial<AcmeClientOptions> = {}) {
  const clock = createFakeClock();
  const key = createJwsKey(createAccountKey().pkcs8);
  const requests: SeenRequest[] = [];
  const exchanges: AcmeExchange[] = [];
  let nonces = 0;

  async function fetch(request: Request, limits: { readonly timeoutMs?: number } = {}): Promise<Response> {
    const { pathname, origin } = new URL(request.url);
    assert.equal(origin, ca);
    const body = request.method === 'POST' ? JSON.parse(await request.text()) : {};
    const header = body.protected === undefined ? {} : decoded(body.protected);
    const seen: SeenRequest = {
      method: request.method,
      path: pathname,
      nonce: header.nonce,
      header,
      payload: body.payload ? decoded(body.payload) : undefined,
      timeoutMs: limits.timeoutMs,
      accept: request.headers.get('accept'),
    };
    const before = requests.filter(({ path }) => path === pathname).length;
    requests.push(seen);
    const answer = (await answers(seen, before)) ?? usual(seen);
    const headers = new Headers(answer.headers);
    if (request.method !== 'GET' && !headers.has('replay-nonce')) headers.set('replay-nonce', `nonce-${++nonces}`);
    return new Response(answer.body, { status: answer.status, headers });
  }

  const client = createAcmeClient({
    directoryUrl,
    fetch,
    clock,
    key,
    accountUrl,
    onExchange: (one) => exchanges.push(one),
    ...options,
  });
  const paths = () => requests.map(({ method, path }) => `${method} ${path}`);
  return { client, clock, key, requests, exchanges, paths, fetch };
}

function usual({ method, path }: SeenRequest): Response {
  if (path === '/directory') return Response.json(urls);
  if (path === '/nonce' && method === 'HEAD') return new Response(null);
  return problem(404, 'malformed', `nothing is scripted for ${path}`);
}

export const order = {
  status: 'pending',
  expires: '2026-06-08T00:00:00Z',
  identifiers: [{ type: 'dns', value: 'www.example.com' }],
  authorizations: [`${ca}/authz/1`],
  finalize: `${ca}/order/1/finalize`,
};

export function shown(body: object, { status = 200, headers = {} }: ResponseInit = {}): Response {
  return Response.json(body, { status, headers });
}

/** @param type without the URN of ACME, or a whole one */
export function problem(
  status: number,
  type: string,
  detail: string,
  more: object = {},
  init: Readonly<Record<string, string>> = {},
): Response {
  const headers = new Headers(init);
  headers.set('content-type', 'application/problem+json');
  const whole = type.includes(':') ? type : `urn:ietf:params:acme:error:${type}`;
  return new Response(JSON.stringify({ type: whole, detail, status, ...more }), { status, headers });
}

function decoded(text: string) {
  return JSON.parse(Buffer.from(text, 'base64url').toString());
}
