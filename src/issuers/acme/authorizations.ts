/** The names of an order, validated by the CA: what it looks for is published, and then it is told to look. */
import { AcmeFailure } from '../../dialects/acme/client/failure.ts';
import type { SeenAuthorization, SeenChallenge } from '../../dialects/acme/client/schema.ts';
import type { AcmeUpstreamOrder } from '../../domain/acme-upstream-order.ts';
import { reason } from '../../domain/errors.ts';
import type { Identifier } from '../../domain/identifier.ts';
import { parseIdentifier } from '../../domain/identifier.ts';
import { challengeFor, challengeTypes, nameOf, proofOf } from './challenges.ts';
import { missingPreparation } from './preparation.ts';
import { verdictOn, verdictOnShown } from './problem-kinds.ts';
import { endOrder, keep, keepWithoutProofs, type Run, type Step } from './run.ts';
import { retryAfter } from './waits.ts';

/** Said again where the CA shows a challenge as untouched after so long: the call was lost. Then after twice the time, and so on. */
const sayAgainMs = 60_000;

/** RFC 8555 and its successors have six. */
const shownTypes = 10;

interface Pending {
  readonly name: Identifier;
  readonly challenge: SeenChallenge;
}

export async function proveNames(run: Run, row: AcmeUpstreamOrder): Promise<Step> {
  const { context, client, request, signal } = run;
  const pending: Pending[] = [];
  for (const url of row.authorizationUrls) {
    const authorization = await readAuthorization(run, url);
    if (authorization === undefined || authorization.status === 'valid') continue;
    const name = nameOf(context, authorization);
    if (authorization.status === 'invalid') return refuseName(run, row, { name, authorization });
    // Deactivated, revoked, expired: it proves nothing any more, and neither does its order.
    if (authorization.status !== 'pending' && authorization.status !== 'processing') {
      return endOrder(context, row, `the authorization of ${name} is ${authorization.status}`);
    }
    const challenge = challengeFor(context, authorization);
    if (challenge === undefined) return offersNone(run, { name, authorization });
    pending.push({ name: parseIdentifier(name, 'identifier'), challenge });
  }
  if (pending.length === 0) {
    // The order follows its authorizations a moment later; one that does not show them is asked itself.
    const since = row.respondedTo[0]?.at ?? row.placedAt ?? context.clock.now();
    return wait(run, row, { since, asked: null });
  }
  await context.rows.write(async (tx) => {
    for (const { name: identifier, challenge } of pending) {
      const proof = proofOf(context, request, { client, identifier, challenge });
      if (proof !== undefined) await tx.publishedProofs.put(proof);
    }
  });
  const untold = pending.filter(({ challenge }) => isUntold(run, row, challenge));
  if (untold.length > 0) {
    // It stood before the order was placed, and may have been taken away since: a look that fails counts against us at the CA.
    const missing = await missingPreparation(context, request, signal);
    if (missing !== undefined) {
      const retryAt = new Date(context.clock.now().getTime() + sayAgainMs);
      return { outcome: { kind: 'pending', reference: row.orderUrl, retryAt, waits: missing } };
    }
  }
  return respond(run, row, untold);
}

/**
 * Which of the names the CA could not validate; undefined: none of them says so.
 * @param needsError of an order that has expired: so have those of its authorizations that say no more
 */
export async function refusalOfNames(
  run: Run,
  row: AcmeUpstreamOrder,
  { needsError }: { readonly needsError: boolean },
): Promise<Step | undefined> {
  for (const url of row.authorizationUrls) {
    const authorization = await readAuthorization(run, url);
    if (authorization?.status !== 'invalid') continue;
    const hasError = authorization.challenges.some(({ error }) => error !== null);
    if (hasError || !needsError)
      return refuseName(run, row, { name: nameOf(run.context, authorization), authorization });
  }
  return undefined;
}

/** The first of the names whose authorization is over without having failed; undefined: there is none. */
export async function lostAuthorization(run: Run, row: AcmeUpstreamOrder): Promise<string | undefined> {
  for (const url of row.authorizationUrls) {
    const authorization = await readAuthorization(run, url);
    if (authorization === undefined || living.includes(authorization.status)) continue;
    return `the authorization of ${nameOf(run.context, authorization)} is ${authorization.status}`;
  }
  return undefined;
}

const living: readonly string[] = ['pending', 'processing', 'valid', 'invalid'];

/** Undefined: this CA does not show it (`presets.ts`), or not now; the order says what there is to know. */
async function readAuthorization(
  { client, context: { ca }, signal }: Run,
  url: string,
): Promise<SeenAuthorization | undefined> {
  try {
    return (await client.authorization(url, signal)).shown;
  } catch (thrown) {
    const isHidden = !ca.showsAuthorizations && thrown instanceof AcmeFailure && !verdictOn(thrown.failed).isFault;
    if (isHidden) return undefined;
    throw thrown;
  }
}

function isUntold({ context: { clock } }: Run, { respondedTo }: AcmeUpstreamOrder, challenge: SeenChallenge): boolean {
  if (challenge.status !== 'pending') return false;
  const told = respondedTo.filter(({ url }) => url === challenge.url);
  const [first, last] = [told.at(0), told.at(-1)];
  if (first === undefined || last === undefined) return true;
  const waitMs = Math.max(sayAgainMs, last.at.getTime() - first.at.getTime());
  return clock.now().getTime() - last.at.getTime() >= waitMs;
}

/** What it is told is stored before: to tell it twice does no harm, and whoever comes back waits instead. */
async function respond(run: Run, row: AcmeUpstreamOrder, untold: readonly Pending[]): Promise<Step> {
  const { context, client, signal } = run;
  const at = context.clock.now();
  const urls = new Set(untold.map(({ challenge }) => challenge.url));
  // The first and the last time of each.
  const isFirst = ({ url }: { readonly url: string }, index: number) =>
    row.respondedTo.findIndex((one) => one.url === url) === index;
  const kept = row.respondedTo.filter((one, index) => !urls.has(one.url) || isFirst(one, index));
  const told: AcmeUpstreamOrder = { ...row, respondedTo: [...kept, ...[...urls].map((url) => ({ url, at }))] };
  if (urls.size > 0) await keep(context, told);
  let asked: Date | null = null;
  for (const { challenge } of untold) {
    const { retryAfter: named } = await client.respond(challenge.url, signal);
    if (named !== null && (asked === null || named > asked)) asked = named;
  }
  const [first] = told.respondedTo;
  return wait(run, told, { since: first?.at ?? at, asked });
}

function wait(
  { context }: Run,
  { orderUrl }: AcmeUpstreamOrder,
  { since, asked }: { readonly since: Date; readonly asked: Date | null },
): Step {
  return { outcome: { kind: 'pending', reference: orderUrl, retryAt: retryAfter(context, { since, asked }) } };
}

/** The CA looked, and did not find it: it does not look again in this order (RFC 8555 §7.1.6). */
async function refuseName(
  { context }: Run,
  row: AcmeUpstreamOrder,
  { name, authorization }: { readonly name: string; readonly authorization: SeenAuthorization },
): Promise<Step> {
  const problem = authorization.challenges.find(({ error }) => error !== null)?.error ?? null;
  const verdict = problem === null ? undefined : verdictOnShown(problem);
  const detail = verdict?.text || 'it says no more';
  await keepWithoutProofs(context, { ...row, lastProblem: `${name}: ${detail}` });
  const why = reason('caCouldNotValidate', { issuer: context.id, name, detail });
  const refused = { kind: 'refused', reason: why, failedValidations: [name] } as const;
  return { outcome: verdict?.mayFailOver === false ? refused : { ...refused, isBeforeFinalize: true } };
}

function offersNone(
  { context }: Run,
  { name, authorization }: { readonly name: string; readonly authorization: SeenAuthorization },
): Step {
  const wanted = challengeTypes[context.mode];
  const types = new Set(authorization.challenges.map(({ type }) => type));
  const offered = [...types].slice(0, shownTypes).join(', ') || '–';
  const why = reason('caOffersNoChallenge', { issuer: context.id, name, wanted, offered });
  return { outcome: { kind: 'refused', reason: why, isBeforeFinalize: true } };
}
