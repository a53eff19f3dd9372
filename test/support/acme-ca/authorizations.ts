/** Authorizations and challenges of the CA (RFC 8555 §7.1.4, §7.5): made, shown, answered, looked at. */
import type { CaAccount, CaAuthorization, CaChallenge } from './books.ts';
import { accountOf, type Ca, type Call, hoursFrom, type Reply, retryAfterOf, wireTime } from './context.ts';
import { type AcmeProblem, notFound, problem, type WireIdentifier } from './problem.ts';
import { findFault } from './validation.ts';

/** `agreed`: proved without a challenge that a client knows. */
export type BornAs = 'pending' | 'valid' | 'agreed';

export function makeAuthorization(
  ca: Ca,
  {
    account,
    identifier,
    bornAs,
  }: { readonly account: CaAccount; readonly identifier: WireIdentifier; readonly bornAs: BornAs },
): CaAuthorization {
  const number = String(ca.books.authorizations.length + 1);
  const id = bornAs === 'agreed' ? `${number}/always-valid` : number;
  const isWildcard = identifier.value.startsWith('*.');
  const value = isWildcard ? identifier.value.slice(2) : identifier.value;
  const types = bornAs === 'agreed' ? ['sectigo-email-01'] : typesFor(ca, { type: identifier.type, isWildcard });
  const { authorizationHours, reuseHours } = ca.settings;
  const made: CaAuthorization = {
    id,
    account,
    identifier: { type: identifier.type, value },
    isWildcard,
    state: bornAs === 'pending' ? 'pending' : 'valid',
    expiresAt: hoursFrom(ca.now(), bornAs === 'pending' ? authorizationHours : reuseHours),
    challenges: types.map((type) => ({
      type,
      path: `/challenge/${id}/${type}`,
      token: hasToken(type) ? ca.dice.token() : undefined,
      state: 'pending',
      validatedAt: undefined,
      error: undefined,
    })),
  };
  const [first] = made.challenges;
  if (first !== undefined && bornAs !== 'pending') accept(ca, made, first);
  ca.books.authorizations.push(made);
  return made;
}

function typesFor({ settings }: Ca, { type, isWildcard }: { readonly type: string; readonly isWildcard: boolean }) {
  // RFC 8738 §7; BR §3.2.2.4.18, §3.2.2.4.20: no file and no handshake proves a wildcard.
  return settings.challengeTypes.filter((one) => (type === 'ip' ? !isDns(one) : isDns(one) || !isWildcard));
}

function isDns(type: string): boolean {
  return type.startsWith('dns-');
}

function hasToken(type: string): boolean {
  return type !== 'dns-persist-01' && type !== 'sectigo-email-01';
}

export function authorization(call: Call, ca: Ca): Reply {
  const own = ownAuthorization(call, ca, call.params[0]);
  const { payload } = call;
  if (payload?.status === 'deactivated') own.state = 'deactivated';
  else if (payload !== undefined) throw problem('malformed', 'an authorization can only be deactivated');
  const isWaiting = own.state === 'pending' && own.challenges.some(({ state }) => state === 'processing');
  const { challengeRetrySeconds } = ca.settings;
  return {
    status: 200,
    headers: isWaiting ? retryAfterOf(ca, challengeRetrySeconds) : {},
    body: {
      status: statusOfAuthorization(ca, own),
      expires: wireTime(own.expiresAt),
      identifier: own.identifier,
      challenges: shownChallenges(own).map((challenge) => challengeOnWire(ca, own, challenge)),
      ...(own.isWildcard ? { wildcard: true } : {}),
    },
  };
}

/** RFC 8555 §7.1.4: those that were tried once it is final. */
function shownChallenges({ state, challenges }: CaAuthorization): readonly CaChallenge[] {
  if (state === 'pending') return challenges;
  const final = challenges.filter((one) => one.state === 'valid' || one.state === 'invalid');
  return final.length === 0 ? challenges : final;
}

/** Reads a challenge, or begins to look for its proof (RFC 8555 §7.5.1). */
export function challenge(call: Call, ca: Ca): Reply {
  const [id, type] = call.params;
  const own = ownAuthorization(call, ca, id);
  const chosen = own.challenges.find((one) => one.type === type);
  if (chosen === undefined) throw notFound('challenge');
  if (call.payload !== undefined) respond(call, ca, { own, chosen });
  const isWaiting = chosen.state === 'processing';
  return {
    status: 200,
    headers: isWaiting ? retryAfterOf(ca, ca.settings.challengeRetrySeconds) : {},
    links: [`<${ca.urlOf(`/authorization/${own.id}`)}>;rel="up"`],
    body: challengeOnWire(ca, own, chosen),
  };
}

function respond(
  { payload = {} }: Call,
  ca: Ca,
  { own, chosen }: { readonly own: CaAuthorization; readonly chosen: CaChallenge },
): void {
  const { isStrict, validation } = ca.settings;
  if (isStrict && Object.keys(payload).length > 0) throw problem('malformed', 'a response is an empty object');
  if (statusOfAuthorization(ca, own) === 'expired') throw notFound('authorization');
  if (own.state !== 'pending' || chosen.state !== 'pending') {
    if (isStrict && chosen.state !== 'processing') throw problem('malformed', `the challenge is ${chosen.state}`);
    return;
  }
  chosen.state = 'processing';
  const lookAt = new Date(ca.clock().now().getTime() + validation.looksAfterMs);
  ca.agenda.add(lookAt, async () => {
    const fault = await look(ca, own, chosen);
    if (fault === 'never') return;
    const tellAt = new Date(lookAt.getTime() + validation.tellsAfterMs);
    ca.agenda.add(tellAt, () => {
      if (own.state !== 'pending') return;
      if (fault === undefined) accept(ca, own, chosen);
      else fail(ca, own, { chosen, fault });
    });
  });
}

async function look(ca: Ca, own: CaAuthorization, chosen: CaChallenge): Promise<AcmeProblem | 'never' | undefined> {
  const drawn = ca.manners.draw({ moment: 'validate', names: [nameOf(own)], url: undefined });
  if (drawn.takes('never')) return 'never';
  const wanted = drawn.takesOne('problem');
  if (wanted !== undefined) return problem(wanted.problem, wanted.detail ?? 'not today');
  return findFault(ca, { authorization: own, challenge: chosen });
}

function accept(ca: Ca, own: CaAuthorization, chosen: CaChallenge): void {
  chosen.state = 'valid';
  chosen.validatedAt = ca.now();
  own.state = 'valid';
  own.expiresAt = hoursFrom(ca.now(), ca.settings.reuseHours);
}

function fail(
  ca: Ca,
  own: CaAuthorization,
  { chosen, fault }: { readonly chosen: CaChallenge; readonly fault: AcmeProblem },
): void {
  chosen.state = 'invalid';
  chosen.error = fault.wire;
  own.state = 'invalid';
  ca.books.failedValidations.push({ name: nameOf(own), at: ca.now() });
}

/** dns-persist-01 needs nobody to say that it is placed. */
export async function acceptStandingRecord(ca: Ca, own: CaAuthorization): Promise<void> {
  const chosen = own.challenges.find(({ type }) => type === 'dns-persist-01');
  if (chosen === undefined || own.state !== 'pending') return;
  if ((await findFault(ca, { authorization: own, challenge: chosen })) === undefined) accept(ca, own, chosen);
}

/** As it was ordered. */
export function nameOf({ identifier, isWildcard }: CaAuthorization): string {
  return isWildcard ? `*.${identifier.value}` : identifier.value;
}

export function statusOfAuthorization(
  ca: Ca,
  { state, expiresAt }: CaAuthorization,
): CaAuthorization['state'] | 'expired' {
  const isOver = expiresAt <= ca.now();
  if (!isOver) return state;
  if (state === 'pending') return 'invalid';
  return state === 'valid' ? 'expired' : state;
}

function ownAuthorization(call: Call, ca: Ca, id: string | undefined): CaAuthorization {
  const found = ca.books.authorizations.find((one) => one.id === id);
  if (found === undefined) throw notFound('authorization');
  if (found.account !== accountOf(call)) throw problem('unauthorized', 'this is the authorization of somebody else');
  return found;
}

function challengeOnWire(ca: Ca, { account }: CaAuthorization, one: CaChallenge): Record<string, unknown> {
  const { type, path, state, token, validatedAt, error } = one;
  return {
    type,
    url: ca.urlOf(path),
    status: state,
    ...(token === undefined ? {} : { token }),
    ...(type === 'dns-persist-01'
      ? { accounturi: ca.urlOf(`/account/${account.id}`), 'issuer-domain-names': ca.settings.caaIdentities }
      : {}),
    ...(validatedAt === undefined ? {} : { validated: wireTime(validatedAt) }),
    ...(error === undefined ? {} : { error }),
  };
}
