/** What becomes of an answer on bad days: its JSON, its headers, its bytes. */
import type { Call, Reply } from './context.ts';
import type { Drawn, PlainManner } from './manners.ts';
import type { AcmeProblem } from './problem.ts';

type Body = Record<string, unknown>;

/** Each answers the changed body; undefined where it would change nothing, so that it does not count as having happened. */
type Change = (body: Body) => Body | undefined;

const changes: readonly (readonly [PlainManner, Change])[] = [
  ['noExpires', (body) => without(body, 'expires')],
  ['reordered', ofIdentifiers((all) => (all.length < 2 ? undefined : all.toReversed()))],
  ['repeated', ofIdentifiers((all) => [...all, ...all])],
  [
    'upperCase',
    ofIdentifiers((all) => all.map((one) => ({ ...one, value: String((one as Body).value).toUpperCase() }))),
  ],
  ['strangeStatus', (body) => ('status' in body ? { ...body, status: 'on-hold' } : undefined)],
  ['readyAgain', (body) => without({ ...body, status: 'ready' }, 'certificate', true)],
  ['noCertificateUrl', (body) => without(body, 'certificate')],
  ['noChallengeStatus', withoutChallengeStatus],
  ['strangeChallenges', withStrangeChallenges],
  ['noWildcardMark', (body) => without(body, 'wildcard')],
  ['nullMembers', (body) => ({ error: null, notBefore: null, notAfter: null, profile: null, wildcard: null, ...body })],
  ['furtherMembers', (body) => ({ ...body, id: 7, createdBy: { name: 'x' }, _links: [] })],
];

/** The body that is sent instead. */
function spoiledBody(body: Readonly<Body>, drawn: Drawn): Readonly<Body> {
  let current: Body = { ...body };
  for (const [manner, change] of changes) {
    const changed = change(current);
    if (changed !== undefined && drawn.takes(manner)) current = changed;
  }
  const own = drawn.takesOne('change');
  if (own !== undefined) own.change(current);
  return current;
}

export interface Sent {
  status: number;
  readonly headers: Headers;
  text: string;
}

/** The answer as it leaves the CA. */
export function sentFor({ drawn }: Pick<Call, 'drawn'>, reply: Reply): Sent {
  const headers = new Headers(reply.headers);
  for (const link of reply.links ?? []) headers.append('link', link);
  const { body = '' } = reply;
  const isJson = typeof body !== 'string';
  const text = isJson ? JSON.stringify(spoiledBody(body, drawn)) : body;
  if (isJson) headers.set('content-type', 'application/json');
  else if (reply.contentType !== undefined) headers.set('content-type', reply.contentType);
  return spoiledBytes({ status: reply.status, headers, text }, drawn);
}

export function sentForProblem({ drawn }: Pick<Call, 'drawn'>, { wire, headers: own }: AcmeProblem): Sent {
  const headers = new Headers(own);
  headers.set('content-type', drawn.takes('plainProblem') ? 'application/json' : 'application/problem+json');
  const is401 = wire.status === 403 && drawn.takes('status401');
  const status = is401 ? 401 : wire.status;
  return spoiledBytes({ status, headers, text: JSON.stringify({ ...wire, status }) }, drawn);
}

function spoiledBytes(sent: Sent, drawn: Drawn): Sent {
  const { headers } = sent;
  if (headers.has('location') && drawn.takes('noLocation')) headers.delete('location');
  const late = drawn.takesOne('retryAfter');
  if (late?.retryAfter === null) headers.delete('retry-after');
  else if (late !== undefined) headers.set('retry-after', retryAfterText(late.retryAfter));
  const type = headers.get('content-type');
  if (type !== null && drawn.takes('contentTypeWithCharset')) headers.set('content-type', `${type}; charset=utf-8`);
  if (type !== null && drawn.takes('wrongContentType')) headers.set('content-type', 'text/plain');
  if (sent.text !== '' && drawn.takes('emptyBody')) sent.text = '';
  if (sent.text !== '' && drawn.takes('cutBody')) sent.text = sent.text.slice(0, Math.floor(sent.text.length / 2));
  return sent;
}

function retryAfterText(value: string | number | Date): string {
  return value instanceof Date ? value.toUTCString() : String(value);
}

/** @param isAlways also where there is no such member */
function without(body: Body, member: string, isAlways = false): Body | undefined {
  if (!isAlways && !(member in body)) return undefined;
  return Object.fromEntries(Object.entries(body).filter(([name]) => name !== member));
}

function ofIdentifiers(change: (all: readonly object[]) => readonly object[] | undefined): Change {
  return (body) => {
    const { identifiers } = body;
    const changed = Array.isArray(identifiers) ? change(identifiers as object[]) : undefined;
    return changed && { ...body, identifiers: changed };
  };
}

function withoutChallengeStatus(body: Body): Body | undefined {
  const { challenges } = body;
  if (!Array.isArray(challenges)) return 'token' in body ? without(body, 'status') : undefined;
  return { ...body, challenges: (challenges as Body[]).map((one) => without(one, 'status') ?? one) };
}

/** In front, where careless clients take the first of all. */
function withStrangeChallenges(body: Body): Body | undefined {
  const { challenges } = body;
  if (!Array.isArray(challenges)) return undefined;
  const strange = [
    { type: 'sectigo-email-01', url: 'https://ca.example/strange/1', status: 'pending' },
    { type: 'tkauth-01', url: 'https://ca.example/strange/2', status: 'waiting', 'token-authority': 'x' },
    { type: 'device-attest-01', url: 'https://ca.example/strange/3', status: 'pending', token: 'strange' },
  ];
  return { ...body, challenges: [...strange, ...challenges] };
}
