/** Orders of the CA (RFC 8555 §7.4), made and shown. */
import { isIP } from 'node:net';
import { requireTerms } from './accounts.ts';
import {
  acceptStandingRecord,
  type BornAs,
  makeAuthorization,
  nameOf,
  statusOfAuthorization,
} from './authorizations.ts';
import { type CaAccount, type CaAuthorization, type CaCertificate, type CaOrder, setOf } from './books.ts';
import { accountOf, type Ca, type Call, hoursFrom, type Reply, retryAfterOf, wireTime } from './context.ts';
import { isMembers, type Members } from './jws.ts';
import { certificateForStranger } from './leaves.ts';
import { requireRoomForOrder } from './limits.ts';
import { notFound, problem, type WireIdentifier } from './problem.ts';
import { certificateToReplace, isInWindow } from './renewal.ts';

export async function newOrder(call: Call, ca: Ca): Promise<Reply> {
  const account = accountOf(call);
  requireTerms(ca, account);
  const { payload = {}, drawn } = call;
  const identifiers = spoiled(call, identifiersIn(ca, payload));
  const names = identifiers.map(({ value }) => value);
  const profile = profileIn(call, ca, identifiers);
  const dates = datesIn(ca, payload);
  const replaced = certificateToReplace(ca, { account, names, certId: payload.replaces });
  requireRoomForOrder(ca, { account, names, isRenewal: replaced !== undefined && isInWindow(ca, replaced) });
  const again = ca.settings.reusesOrders ? reusable(ca, { account, names, profile }) : undefined;
  if (again !== undefined) return { status: 201, ...shownOrder(ca, again) };
  const bornAs = bornAsIn(call);
  const authorizations = identifiers.map((identifier) => authorizationFor(ca, { account, identifier, bornAs }));
  const order: CaOrder = {
    id: String(ca.books.orders.length + 1),
    account,
    createdAt: ca.now(),
    identifiers,
    authorizations,
    profile,
    replaces: replaced?.certId,
    ...dates,
    state: 'open',
    expiresAt: hoursFrom(ca.now(), ca.settings.orderHours),
    error: undefined,
    csr: undefined,
    finalized: 0,
    certificate: undefined,
  };
  ca.books.orders.push(order);
  if (ca.settings.looksForRecordsAtOnce) {
    for (const one of authorizations) await acceptStandingRecord(ca, one);
  }
  if (drawn.takes('bornValid')) {
    order.certificate = issuedBefore(ca, order) ?? certificateForStranger(ca, order);
    order.state = 'valid';
  }
  return { status: 201, ...shownOrder(ca, order) };
}

export function order(call: Call, ca: Ca): Reply {
  if (call.payload !== undefined) throw problem('malformed', 'an order is read with an empty payload');
  return { status: 200, ...shownOrder(ca, ownOrder(call, ca)) };
}

/** @throws {AcmeProblem} for one that is not there, that is forgotten, or that is another account's */
export function ownOrder(call: Call, { books }: Ca): CaOrder {
  const found = books.orders.find(({ id }) => id === call.params[0]);
  if (found === undefined || found.state === 'forgotten') throw notFound('order');
  if (found.account !== accountOf(call)) throw problem('unauthorized', 'this is the order of somebody else');
  return found;
}

/** With what an order says of itself: the status is that of its authorizations until it is finalized. */
export function shownOrder(ca: Ca, shown: CaOrder, status = statusOfOrder(ca, shown)): Omit<Reply, 'status'> {
  const url = ca.urlOf(`/order/${shown.id}`);
  const { profile, replaces, notBefore, notAfter, certificate, error } = shown;
  const members = { profile, replaces, notBefore, notAfter, error };
  return {
    headers: {
      location: url,
      ...(status === 'processing' ? retryAfterOf(ca, ca.settings.orderRetrySeconds) : {}),
    },
    body: {
      status,
      expires: wireTime(shown.expiresAt),
      identifiers: shown.identifiers,
      ...Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)),
      authorizations: shown.authorizations.map(({ id }) => ca.urlOf(`/authorization/${id}`)),
      finalize: `${url}/finalize`,
      ...(status === 'valid' && certificate !== undefined
        ? { certificate: ca.urlOf(`/certificate/${certificate.id}`) }
        : {}),
    },
  };
}

export function statusOfOrder(ca: Ca, shown: CaOrder): 'pending' | 'ready' | 'processing' | 'valid' | 'invalid' {
  const { state, authorizations, expiresAt } = shown;
  if (state === 'forgotten') return 'invalid';
  if (state !== 'open') return state;
  const states = authorizations.map((one) => statusOfAuthorization(ca, one));
  const isLost = states.some((one) => one !== 'pending' && one !== 'valid');
  if (isLost || expiresAt <= ca.now()) {
    // For good: an authorization may be deactivated after its order.
    shown.state = 'invalid';
    shown.error = isLost ? errorOf(authorizations) : problem('malformed', 'the order expired').wire;
    return 'invalid';
  }
  return states.every((one) => one === 'valid') ? 'ready' : 'pending';
}

function errorOf(authorizations: readonly CaAuthorization[]) {
  const failed = authorizations.flatMap((one) =>
    one.challenges.flatMap(({ error }) => (error === undefined ? [] : [{ error, name: nameOf(one) }])),
  );
  const [first] = failed;
  if (first === undefined) return problem('unauthorized', 'an authorization is no longer good').wire;
  const subproblems = failed.map(({ error: { type, detail }, name }) => ({
    type,
    detail,
    identifier: { type: isIP(name) === 0 ? 'dns' : 'ip', value: name },
  }));
  return { ...first.error, subproblems };
}

function authorizationFor(
  ca: Ca,
  wanted: { readonly account: CaAccount; readonly identifier: WireIdentifier; readonly bornAs: BornAs },
): CaAuthorization {
  const { account, identifier, bornAs } = wanted;
  const known = ca.books.authorizations.findLast(
    (one) => one.account === account && nameOf(one) === identifier.value && statusOfAuthorization(ca, one) === 'valid',
  );
  const isUsedAgain = bornAs === 'pending' && known !== undefined && ca.luck.chance(ca.settings.authorizationReuseRate);
  return isUsedAgain ? known : makeAuthorization(ca, wanted);
}

function reusable(
  ca: Ca,
  {
    account,
    names,
    profile,
  }: { readonly account: CaAccount; readonly names: readonly string[]; readonly profile: string | undefined },
): CaOrder | undefined {
  return ca.books.orders.find(
    (one) =>
      one.account === account &&
      one.profile === profile &&
      setOf(one.identifiers.map(({ value }) => value)) === setOf(names) &&
      ['pending', 'ready'].includes(statusOfOrder(ca, one)),
  );
}

function issuedBefore({ books }: Ca, { account, identifiers }: CaOrder): CaCertificate | undefined {
  const names = setOf(identifiers.map(({ value }) => value));
  return books.certificates.findLast((one) => one.order.account === account && setOf(one.names) === names);
}

const hostName = /^(\*\.)?([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]$/;

function identifiersIn({ settings }: Ca, { identifiers }: Members): readonly WireIdentifier[] {
  if (!Array.isArray(identifiers) || identifiers.length === 0) throw problem('malformed', 'there are no identifiers');
  const read = identifiers.map((one: unknown): WireIdentifier => {
    const { type, value } = isMembers(one) ? one : {};
    if (typeof type !== 'string' || typeof value !== 'string') throw problem('malformed', 'this is no identifier');
    const identifier = { type, value };
    const refused = (kind: string, why: string) =>
      problem(kind, `${value}: ${why}`, {
        subproblems: [{ type: `urn:ietf:params:acme:error:${kind}`, detail: why, identifier }],
      });
    if (type === 'ip' && settings.sellsAddresses) {
      if (isIP(value) === 0) throw refused('malformed', 'no address');
      return identifier;
    }
    if (type !== 'dns') throw refused('unsupportedIdentifier', `identifiers of type ${type} are not sold`);
    if (!hostName.test(value)) throw refused('malformed', 'no host name in lower case');
    if (value.startsWith('*.') && !settings.sellsWildcards)
      throw refused('rejectedIdentifier', 'wildcards are not sold');
    return identifier;
  });
  const seen = new Map(read.map((one) => [one.value, one]));
  return [...seen.values()];
}

function bornAsIn({ drawn }: Call): BornAs {
  if (drawn.takes('bornReady')) return 'valid';
  return drawn.takes('alwaysValid') ? 'agreed' : 'pending';
}

/** What the CA makes of the names on bad days. */
function spoiled({ drawn }: Call, identifiers: readonly WireIdentifier[]): readonly WireIdentifier[] {
  const isWild = ({ value }: WireIdentifier) => value.startsWith('*.');
  let all = identifiers;
  if (all.some(isWild) && drawn.takes('dropWildcard')) {
    const bases = all.map((one) => (isWild(one) ? { ...one, value: one.value.slice(2) } : one));
    all = [...new Map(bases.map((one) => [one.value, one])).values()];
  }
  return drawn.takes('addName') ? [...all, { type: 'dns', value: 'www.also.example' }] : all;
}

function profileIn({ payload = {}, drawn }: Call, ca: Ca, identifiers: readonly WireIdentifier[]): string | undefined {
  const { profiles, addressProfiles } = ca.settings;
  const offered = Object.keys(profiles);
  const names = offered.length > 0 && drawn.takes('noProfiles') ? [] : offered;
  const chosen = payload.profile ?? defaultProfileOf(ca, names);
  if (chosen === undefined) return undefined;
  if (typeof chosen !== 'string' || !names.includes(chosen)) {
    throw problem('invalidProfile', `there is no profile ${String(chosen)}`);
  }
  const isForAddress = identifiers.some(({ type }) => type === 'ip');
  if (isForAddress && addressProfiles !== undefined && !addressProfiles.includes(chosen)) {
    throw problem('rejectedIdentifier', `the profile ${chosen} is not for addresses`);
  }
  return chosen;
}

function defaultProfileOf({ settings, luck }: Ca, names: readonly string[]): string | undefined {
  const { defaultProfile } = settings;
  if (defaultProfile === 'none') return undefined;
  return defaultProfile === 'first' ? names[0] : luck.pick(names);
}

function datesIn({ settings }: Ca, payload: Members): Pick<CaOrder, 'notBefore' | 'notAfter'> {
  const [notBefore, notAfter] = [payload.notBefore, payload.notAfter].map((value) => {
    if (value === undefined) return undefined;
    if (!settings.takesDates) throw problem('malformed', 'notBefore and notAfter are not taken');
    if (typeof value !== 'string' || Number.isNaN(Date.parse(value))) throw problem('malformed', 'this is no date');
    return value;
  });
  return { notBefore, notAfter };
}
