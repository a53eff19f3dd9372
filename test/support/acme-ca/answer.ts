/** One request on its way through the CA: read, told apart, authenticated, acted on, spoiled, entered in the books. */
import { authenticate, glimpse, nobody } from './authentication.ts';
import { nameOf } from './authorizations.ts';
import type { CaRequest } from './books.ts';
import type { Ca, Call } from './context.ts';
import { isMembers, type Members } from './jws.ts';
import type { Drawn, ProblemManner } from './manners.ts';
import { AcmeProblem, notFound, problem } from './problem.ts';
import { handlers, type Route, routeOf } from './routes.ts';
import { type Sent, sentFor, sentForProblem } from './spoiling.ts';

/** A request whose body is there. */
interface Arrived {
  readonly request: Request;
  readonly text: string;
  readonly record: CaRequest;
}

/** Rejects as `fetch` does. Whoever aborts gets no answer, and the CA goes on. */
export async function answerTo(ca: Ca, request: Request): Promise<Response> {
  const { signal, method, url, headers } = request;
  signal.throwIfAborted();
  const text = await request.text();
  const record: CaRequest = {
    at: ca.now(),
    operation: 'unknown',
    method,
    url,
    headers,
    account: undefined,
    payload: undefined,
    outcome: 'underWay',
    status: undefined,
    problem: undefined,
    text: undefined,
    manners: [],
  };
  ca.books.requests.push(record);
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
  return Promise.race([answer(ca, { request, text, record }), aborted]);
}

async function answer(ca: Ca, arrived: Arrived): Promise<Response> {
  const { request, record } = arrived;
  const catchUp = () => ca.agenda.catchUp(ca.clock().now());
  try {
    await catchUp();
    const payload = glimpse(arrived.text);
    const path = new URL(request.url).pathname;
    const route = routeOf(ca, { path, method: request.method, isReading: payload === undefined });
    if (route === undefined) return responseFor(arrived, sentForProblem({ drawn: polite }, notFound('resource')));
    record.operation = route.operation;
    const subject = { moment: route.operation, names: namesOf(ca, route, payload), url: request.url };
    const drawn = ca.manners.draw(subject, (name) => record.manners.push(name));
    if (drawn.takes('loseRequest')) throw lostAs(record, 'requestLost');
    if (drawn.takes('hang')) await forEver(record);
    await takeTime(ca, drawn);
    const sent = intercepted(drawn) ?? (await acted(ca, { ...arrived, route, drawn }));
    await catchUp();
    if (drawn.takes('hangAfterwards')) await forEver(record);
    if (drawn.takes('loseReply')) throw lostAs(record, 'replyLost');
    return responseFor(arrived, sent);
  } catch (error) {
    if (record.outcome === 'underWay') ca.books.bugs.push(error);
    throw error;
  }
}

const polite: Drawn = { takes: () => false, takesOne: () => undefined };

async function acted(
  ca: Ca,
  { request, text, record, route, drawn }: Arrived & { readonly route: Route; readonly drawn: Drawn },
): Promise<Sent> {
  const { operation, params, isSigned } = route;
  const { url, method, headers } = request;
  const sent = await (async () => {
    try {
      requireUserAgent(ca, headers);
      const signer = isSigned ? authenticate(ca, { operation, url, headers, text, drawn }) : nobody;
      record.account = signer.account;
      record.payload = signer.payload;
      const call: Call = { operation, params, url, method, drawn, record, ...signer };
      const refusal = drawn.takesOne('problem');
      if (refusal !== undefined && refusal.hasActed !== true) throw problemOf(refusal);
      let reply = await handlers[operation](call, ca);
      if (drawn.takes('actTwice')) reply = await handlers[operation](call, ca);
      if (refusal !== undefined) throw problemOf(refusal);
      return sentFor(call, reply);
    } catch (error) {
      if (!(error instanceof AcmeProblem)) throw error;
      return sentForProblem({ drawn }, error);
    }
  })();
  if (isSigned || operation === 'newNonce') addNonce(ca, sent, drawn);
  if (!ca.settings.hidesTime) sent.headers.set('date', ca.now().toUTCString());
  if (operation !== 'directory') sent.headers.append('link', `<${ca.urlOf(ca.pathOf('directory'))}>;rel="index"`);
  return sent;
}

/** RFC 8555 §6.1 wants one from every client; a `Request` that never was on a wire has none. */
function requireUserAgent({ settings }: Ca, headers: Headers): void {
  if (settings.requiresUserAgent && !headers.has('user-agent')) throw problem('malformed', 'there is no User-Agent');
}

function addNonce({ nonces }: Ca, { headers }: Sent, drawn: Drawn): void {
  if (drawn.takes('noNonce')) return;
  headers.set('replay-nonce', drawn.takes('usedNonce') ? nonces.used() : nonces.fresh());
}

function problemOf({
  problem: type,
  detail = 'not today',
  subproblems,
  retryAfter,
  ...rest
}: ProblemManner): AcmeProblem {
  const headers = retryAfter === undefined ? {} : { headers: { 'retry-after': String(retryAfter) } };
  const { status, instance } = rest;
  const whole = problem(type, detail);
  return problem(type, detail, {
    ...(status === undefined ? {} : { status }),
    ...(instance === undefined ? {} : { instance }),
    ...(subproblems === undefined
      ? {}
      : { subproblems: subproblems.map((one) => ({ type: whole.wire.type, detail, ...one })) }),
    ...headers,
  });
}

/** What something in front of the CA answers. */
function intercepted(drawn: Drawn): Sent | undefined {
  if (drawn.takes('htmlPage')) {
    const headers = new Headers({ 'content-type': 'text/html' });
    return { status: 200, headers, text: '<!doctype html><title>Please wait</title>' };
  }
  const raw = drawn.takesOne('status');
  if (raw === undefined) return undefined;
  const { status, body = '<html><h1>Bad Gateway</h1></html>', contentType = 'text/html', headers: own = {} } = raw;
  return { status, headers: new Headers({ 'content-type': contentType, ...own }), text: body };
}

async function takeTime(ca: Ca, drawn: Drawn): Promise<void> {
  const exact = drawn.takesOne('takesMs');
  if (exact !== undefined) await ca.clock().sleep(exact.takesMs);
  const atMost = drawn.takesOne('upToMs');
  if (atMost === undefined) return;
  const share = (ca.luck.bytes(1)[0] ?? 0) / 256;
  await ca.clock().sleep(Math.floor(atMost.upToMs * share));
}

function lostAs(record: CaRequest, outcome: 'requestLost' | 'replyLost'): TypeError {
  record.outcome = outcome;
  const code = outcome === 'requestLost' ? 'ECONNREFUSED' : 'ECONNRESET';
  return new TypeError('fetch failed', { cause: Object.assign(new Error(code), { code }) });
}

function forEver(record: CaRequest): Promise<never> {
  record.outcome = 'hung';
  return new Promise(() => undefined);
}

/** Also for one who has gone meanwhile: that reply is lost. */
function responseFor({ request, record }: Arrived, { status, headers, text }: Sent): Response {
  record.outcome = request.signal.aborted ? 'replyLost' : 'answered';
  record.status = status;
  record.text = text;
  const problemType = status < 400 ? undefined : /"type":"([^"]*)"/.exec(text)?.[1];
  record.problem = problemType?.replace('urn:ietf:params:acme:error:', '');
  const hasBody = request.method !== 'HEAD' && status !== 204;
  const isDer = headers.get('content-type') === 'application/pkix-cert';
  const body = hasBody ? Buffer.from(text, isDer ? 'latin1' : 'utf8') : null;
  return new Response(body, { status, headers });
}

function namesOf({ books }: Ca, { operation, params }: Route, payload: Members | undefined): readonly string[] {
  const [id] = params;
  switch (operation) {
    case 'newOrder': {
      const { identifiers } = payload ?? {};
      const all: readonly unknown[] = Array.isArray(identifiers) ? identifiers : [];
      return all.flatMap((one) => (isMembers(one) && typeof one.value === 'string' ? [one.value] : []));
    }
    case 'order':
    case 'finalize':
      return books.orders.find((one) => one.id === id)?.identifiers.map(({ value }) => value) ?? [];
    case 'certificate':
      return books.certificates.find((one) => one.id === id)?.names ?? [];
    case 'renewalInfo':
      return books.certificates.find(({ certId }) => certId === id)?.names ?? [];
    case 'authorization':
    case 'deactivateAuthorization':
    case 'challenge':
    case 'respond':
      return books.authorizations.filter((one) => one.id === id).map(nameOf);
    default:
      return [];
  }
}
