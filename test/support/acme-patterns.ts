/**
 * What ACME clients that read replies with regular expressions (acme.sh, dehydrated, uacme) and with little code must find in every reply.
 * Their way of reading, written again; each check names whom it is for.
 */
import assert from 'node:assert/strict';

export interface SeenReply {
  readonly url: string;
  readonly method: string;
  readonly status: number;
  readonly headers: Headers;
  /** Each `Link` line as it was sent; undefined where the reply never was on a wire. */
  readonly linkLines?: readonly string[];
  readonly text: string;
}

const longestWaitSeconds = 600;

/** Fails with the reply's text unless each of them could read it. */
export function requireReadable(reply: SeenReply): void {
  const type = reply.headers.get('content-type') ?? '';
  // No client of this protocol asks for them.
  if (reply.method === 'OPTIONS') return;
  // A page for people.
  if (reply.url.endsWith('/about') && reply.status === 200) return;
  requireHead(reply, type);
  if (/json/.test(type) && reply.method !== 'HEAD') requireCompactJson(reply);
  if (type === 'application/problem+json') {
    if (reply.method !== 'HEAD') requireProblem(reply);
    return;
  }
  const { pathname } = new URL(reply.url);
  for (const [path, check] of checks) if (path.test(pathname)) check(reply);
}

function requireHead(reply: SeenReply, type: string): void {
  const { method, headers, text, status } = reply;
  // A media type with a parameter, or another one, is not compared equal by mod_md, acmez and acme.sh.
  const types = ['', 'application/json', 'application/problem+json', 'application/pem-certificate-chain'];
  assert.ok(types.includes(type), type);
  // certbot raises for a reply without a nonce, and decodes it.
  if (method === 'POST') assert.match(headers.get('replay-nonce') ?? '', /^[A-Za-z0-9_-]{22,}$/, text);
  const wait = headers.get('retry-after');
  if (wait !== null) {
    // Caddy 2.6 fails on a date, acme.sh compares it as a number and gives up on a long one.
    assert.match(wait, /^[1-9]\d*$/, text);
    // Renewal information is looked at a few times a day (RFC 9773 §4.3.1); everything else is waited for.
    if ((status === 200 || status === 503) && !text.includes('suggestedWindow'))
      assert.ok(Number(wait) <= longestWaitSeconds, wait);
  }
  if (type === '') assert.equal(text, '');
  // Who comes too often, or meets a fault of ours, knows when to come again; who calls by the wrong method, which are right.
  if (status === 429 || status >= 500) assert.notEqual(wait, null, text);
  if (status === 405) assert.notEqual(headers.get('allow'), null, text);
  // mod_md knows no other for who may not do something.
  assert.notEqual(status, 401);
  // Clients in browsers, and caches on the way.
  assert.equal(headers.get('access-control-allow-origin'), '*');
  assert.equal(headers.get('access-control-expose-headers'), 'Link, Replay-Nonce, Location, Retry-After');
  if (method === 'POST') assert.equal(headers.get('cache-control'), 'no-store');
  // certbot, acmez and mod_md read what went wrong only from a problem document.
  if (status >= 400 && method !== 'HEAD') assert.equal(type, 'application/problem+json', text);
  requireLinks(reply);
}

/** acme.sh, dehydrated, uacme and x/crypto read one link from one line: of two they would take the wrong one. */
function requireLinks({ headers, linkLines, url, method }: SeenReply): void {
  for (const line of linkLines ?? []) assert.match(line, /^<[^<>]*>;rel="[a-z-]+"$/);
  const { pathname } = new URL(url);
  // RFC 8555 §7.1: on all but the directory itself, and where there is none; a proxy may serve it below a path.
  if (/\/acme(\/([^/]+(\/(directory\/?)?)?)?)?$/.test(pathname)) return;
  assert.match(headers.get('link') ?? '', /<[^<>]*>;rel="index"/, `${method} ${pathname}`);
}

/** Nobody who greps expects blanks, line breaks or escaped slashes. */
function requireCompactJson({ text }: SeenReply): void {
  assert.equal(text, JSON.stringify(JSON.parse(text)));
  assert.doesNotMatch(text, /\\\//);
}

function requireProblem({ status, text }: SeenReply): void {
  const { type, detail, status: shown } = JSON.parse(text);
  assert.match(type, /^urn:ietf:params:acme:error:[A-Za-z]+$/);
  assert.equal(shown, status);
  assert.ok(typeof detail === 'string' && detail.length > 0);
  // acme.sh sends again only when it finds these words.
  if (type.endsWith(':badNonce')) assert.match(text, /JWS has an invalid anti-replay nonce/);
  if (type.endsWith(':alreadyReplaced')) assert.match(detail, /'replaces'/);
}

const checks: readonly (readonly [path: RegExp, check: (reply: SeenReply) => void])[] = [
  [/\/directory$/, requireDirectory],
  [/\/new-nonce$/, requireNonce],
  [/\/renewal-info\//, requireRenewalInfo],
  [/\/new-account$/, requireAccount],
  [/\/new-order$/, requireNewOrder],
  [/\/(new-order|order\/[^/]+(\/finalize)?)$/, requireOrder],
  [/\/finalize$/, requireFinalized],
  [/\/(new-authz|authz\/[^/]+)$/, requireAuthorization],
  [/\/challenge\//, requireChallenge],
  [/\/cert\//, requireChain],
  [/\/revoke-cert$/, ({ status, text }) => assert.deepEqual({ status, text }, { status: 200, text: '' })],
];

/** Clients append to `renewalInfo`, and ask people to agree to whatever terms are there, also to empty ones. */
function requireDirectory({ text }: SeenReply): void {
  const { meta, ...urls } = JSON.parse(text);
  for (const url of Object.values(urls)) assert.match(String(url), /^https?:\/\/.*[^/]$/);
  assert.ok(!('termsOfService' in meta) || /^https?:/.test(meta.termsOfService), text);
}

/** dehydrated asks by HEAD, others by GET; a nonce out of a cache would be a used one. */
function requireNonce({ method, status, headers }: SeenReply): void {
  assert.equal(status, method === 'HEAD' ? 200 : 204);
  assert.match(headers.get('replay-nonce') ?? '', /^[A-Za-z0-9_-]{22,}$/);
  assert.match(headers.get('cache-control') ?? '', /no-store/);
}

/** Without Retry-After certbot assumes six hours; acmez, lego and mod_md choose a moment in the window. */
function requireRenewalInfo({ headers, text }: SeenReply): void {
  const { start, end } = JSON.parse(text).suggestedWindow;
  for (const time of [start, end]) assert.match(time, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  assert.ok(end > start, text);
  assert.ok(headers.has('retry-after'));
}

/** certbot and acme.sh know by the status whether the account is new. */
function requireAccount({ status, headers, text }: SeenReply): void {
  assert.ok(status === 201 || status === 200, text);
  assert.match(headers.get('location') ?? '', /\/account\/[^/]+$/);
  // acme4j wants the URL of the orders.
  assert.match(text, /"orders":"https?:[^"]+"/);
}

function requireNewOrder({ status, text }: SeenReply): void {
  // uacme takes nothing else.
  assert.equal(status, 201, text);
  assert.match(text, /^\{"status":"(pending|ready)"/);
}

const orderMembers = [
  'status',
  'expires',
  'identifiers',
  'profile',
  'replaces',
  'notBefore',
  'notAfter',
  'authorizations',
  'finalize',
  'certificate',
  'error',
];

/** dehydrated, acme.sh and uacme keep the URL of `Location` and take the members out by their names. */
function requireOrder({ headers, text }: SeenReply): void {
  assert.match(headers.get('location') ?? '', /\/order\/[^/]+$/);
  const members = Object.keys(JSON.parse(text));
  assert.deepEqual(
    members,
    orderMembers.filter((one) => members.includes(one)),
  );
  const { status, authorizations, finalize, certificate } = JSON.parse(text);
  const [, list = ''] = /"authorizations":\[([^\]]*)\]/.exec(text) ?? [];
  assert.deepEqual(
    list.split(',').map((one) => one.replaceAll('"', '')),
    authorizations,
  );
  assert.equal(/"finalize":"([^"]*)"/.exec(text)?.[1], finalize);
  assert.equal(/"certificate":"([^"]*)"/.exec(text)?.[1], certificate);
  assert.equal(certificate !== undefined, status === 'valid');
  assert.match(text, /"expires":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"/);
  // acme.sh looks for a status anywhere in the text.
  if (status !== 'invalid') assert.deepEqual(text.match(/"status":"[a-z]+"/g), [`"status":"${status}"`]);
  // Looked at again when the server says so: uacme and acme.sh.
  assert.equal(headers.has('retry-after'), status === 'processing');
}

/** What comes of an accepted finalize: Caddy, uacme, cert-manager and others give up on `ready` and `pending`; acme.sh wants 200. */
function requireFinalized({ status, text }: SeenReply): void {
  assert.equal(status, 200, text);
  assert.match(text, /^\{"status":"(processing|valid|invalid)"/);
}

/** Posh-ACME waits only while an authorization is pending, and wants to know its end. */
const authorizationStates = ['pending', 'valid', 'invalid', 'deactivated', 'expired', 'revoked'];

/** The order in which challenges are offered: uacme takes the first that it can read, and stops at one that it cannot. */
const challengeTypes = ['http-01', 'dns-01', 'tls-alpn-01'];

function requireAuthorization({ text }: SeenReply): void {
  const { status, identifier, challenges, wildcard } = JSON.parse(text);
  assert.ok(authorizationStates.includes(status), text);
  assert.match(text, /"expires":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"/);
  const positions = challenges.map(({ type }: Challenge) => {
    const position = challengeTypes.indexOf(type);
    return position < 0 ? challengeTypes.length : position;
  });
  assert.deepEqual(positions, positions.toSorted(), 'newer challenges come last');
  // Only the one that decided.
  if (status === 'valid' || status === 'invalid') assert.equal(challenges.length, 1, text);
  // acme.sh takes the name behind the only "value".
  assert.deepEqual(text.match(/"value":"[^"]*"/g), [`"value":"${identifier.value}"`]);
  assert.doesNotMatch(identifier.value, /\*/);
  assert.equal(/"wildcard":true/.test(text), wildcard === true);
  assert.equal(/^\{"status":"([a-z]+)"/.exec(text)?.[1], status);
  // acme.sh gives up when it reads "invalid" anywhere.
  if (status === 'pending' || status === 'valid') assert.doesNotMatch(text, /"status":"invalid"/);
  if (status === 'pending') assert.ok(challenges.length > 0);
  for (const challenge of challenges) requireCutChallenge(text, challenge);
  // uacme reads no further than to a challenge without a token.
  const persistent = challenges.findIndex(({ type }: Challenge) => type === 'dns-persist-01');
  assert.ok(persistent === -1 || persistent === challenges.length - 1, text);
}

type Challenge = Readonly<Record<'type' | 'url' | 'status' | 'token', string>>;

/** acme.sh cuts a challenge at its first closing brace: an error inside comes after what it looks for. */
function requireCutChallenge(text: string, { type, url, status, token }: Challenge): void {
  const start = text.indexOf(`{"type":"${type}"`);
  assert.ok(start >= 0, text);
  const cut = text.slice(start, text.indexOf('}', start));
  assert.equal(/"url":"([^"]*)"/.exec(cut)?.[1], url);
  assert.equal(/"status":"([^"]*)"/.exec(cut)?.[1], status);
  if (type === 'dns-persist-01') {
    assert.doesNotMatch(cut, /"token"/);
    return;
  }
  // uacme refuses an authorization with a challenge that has none, or other characters in it.
  assert.match(cut, /"token":"[A-Za-z0-9_-]{22,}"/);
  assert.equal(/"token":"([^"]*)"/.exec(cut)?.[1], token);
}

function requireChallenge({ status, headers, text }: SeenReply): void {
  assert.equal(status, 200, text);
  // lego takes it for its first wait, and would wait five seconds without it.
  assert.equal(headers.has('retry-after'), JSON.parse(text).status === 'processing');
  // certbot raises without it.
  assert.match(headers.get('link') ?? '', /<[^<>]*\/authz\/[^<>]*>;rel="up"/);
  requireCutChallenge(text, JSON.parse(text));
}

/** x/crypto takes blocks of certificates only; mod_md and acmez would fetch a `Link` that goes up. */
function requireChain({ status, headers, text }: SeenReply): void {
  assert.equal(status, 200, text);
  // acmez refuses any other.
  assert.equal(headers.get('content-type'), 'application/pem-certificate-chain');
  assert.match(
    text,
    /^(-----BEGIN CERTIFICATE-----\n([A-Za-z0-9+/]{64}\n)*[A-Za-z0-9+/=]{1,64}\n-----END CERTIFICATE-----\n)+$/,
  );
  assert.doesNotMatch(headers.get('link') ?? '', /rel="up"/);
}
