/** Authorizations and their challenges (RFC 8555 §7.5). */
import { quoted, refuse } from '../../../domain/errors.ts';
import { base32 } from '../../../domain/ids.ts';
import type { AuthorizationView } from '../../../domain/ports/authorizations.ts';
import { callerOperation, type Operation } from '../../kit/operation.ts';
import { directoryOf } from '../directory.ts';
import { nameFromWire } from '../orders/identifiers.ts';
import { challengeDataOf, openForMs, referenceBytes } from '../orders/terms.ts';
import { offerOf } from '../profiles.ts';
import { addLink } from '../reply.ts';
import { accountOfRequest, signedPartsOf } from '../requests.ts';
import { type Client, limitsOf, type Services } from '../services.ts';
import { basePath, urlsOf } from '../urls.ts';
import { authorizationToWire, placedChallenges } from './authorization-to-wire.ts';
import {
  authorization,
  authorizationRequest,
  challenge,
  challengeRequest,
  newAuthorizationRequest,
  type WireAuthorization,
  type WireChallenge,
} from './schema.ts';

/**
 * The longest that a client waits for the first look when it asks for a check: most servers answer in a fraction of it, and the client then
 * reads what came of it without asking again. Short, since some clients ask for a hundred names one after the other.
 */
const patienceMs = 250;

/** Seconds after which a check that is under way is worth another look. */
const checkSeconds = 2;

const show = callerOperation<Services, typeof authorizationRequest, typeof authorization>({
  id: 'authorization.show',
  method: 'POST',
  path: `${basePath}:directory/authz/:authorization`,
  summary: { en: 'Show or deactivate an authorization', zh: '查看或停用域名授权' },
  request: authorizationRequest,
  response: authorization,
  async handle({ directory, authorization: id, status }, session) {
    const { services, caller } = session;
    const found = await find(session, id);
    return shown(
      status === 'deactivated' ? await services.authorizations.renounce(caller, id) : found,
      directory,
      session,
    );
  },
});

/**
 * What one client has to prove is nobody else's, also within its account: others could use up its tries before its proof is in place. What
 * is proved serves all of them.
 * @throws {CertError} notFound, the same for another's as for none
 */
async function find({ services, caller }: Client, id: string): Promise<AuthorizationView> {
  const view = await services.authorizations.get(caller, id);
  const { state, standalone } = view.authorization;
  const isShared = state !== 'pending' && state !== 'invalid';
  if (isShared || (standalone !== null && standalone.ownerId === caller.credentialId)) return view;
  throw refuse('notFound', { what: 'authorization', value: quoted(id) });
}

/** A check that proved its name is none that failed, whatever became of the authorization since. */
async function countOutcome(
  { authorization }: AuthorizationView,
  directory: string,
  services: Services,
): Promise<void> {
  const { id, state, provedAt } = authorization;
  if (state === 'pending') return;
  await limitsOf(services, directory)
    .attempts('failedValidationsPerName')
    ?.end(id, provedAt === null);
}

/** Counts a check that the client asked for: once, however many requests ask for it at once. @throws {CertError} acmeRateLimited */
async function countCheck(
  { services, caller }: Client,
  { directory, id, key }: { readonly directory: string; readonly id: string; readonly key: string },
): Promise<void> {
  // Clients need not look at what became of their checks: what is not known yet is looked up before one is refused.
  await limitsOf(services, directory)
    .attempts('failedValidationsPerName')
    ?.begin({ id, key }, async (open) => {
      for (const one of open) await countOutcome(await services.authorizations.get(caller, one), directory, services);
    });
}

async function shown(
  view: AuthorizationView,
  directory: string,
  { services, reply }: Client,
): Promise<WireAuthorization> {
  await countOutcome(view, directory, services);
  const urls = urlsOf(services.publicUrl, directory);
  const { id, state, attempt } = view.authorization;
  reply.headers.set('location', urls.authorization(id));
  if (state === 'pending' && attempt !== null) reply.headers.set('retry-after', String(checkSeconds));
  return authorizationToWire(view, services.clock.now(), urls);
}

const create = callerOperation<Services, typeof newAuthorizationRequest, typeof authorization>({
  id: 'authorization.create',
  method: 'POST',
  path: `${basePath}:directory/new-authz`,
  summary: { en: 'Prove a name before it is ordered', zh: '在下单前验证域名' },
  request: newAuthorizationRequest,
  response: authorization,
  status: 201,
  async handle({ directory, identifier, subdomainAuthAllowed }, session) {
    const { services, caller, request } = session;
    const settings = directoryOf(services, directory);
    if (!settings.preAuthorization) {
      throw refuse('pathUnknown', { method: 'POST', path: new URL(request.url).pathname });
    }
    const credential = accountOfRequest(request);
    const name = nameFromWire(identifier);
    if (name.kind === 'wildcard') throw refuse('preAuthorizedWildcard', { name: name.value });
    const id = await services.acmeOrders.authorize(caller, {
      name,
      isForBelow: subdomainAuthAllowed ?? identifier.subdomainAuthAllowed ?? false,
      offer: offerOf(settings),
      proofReference: base32(services.random.bytes(referenceBytes)),
      dialectData: challengeDataOf(credential, settings, urlsOf(services.publicUrl, directory)),
      pendingUntil: new Date(services.clock.now().getTime() + openForMs),
    });
    return shown(await services.authorizations.get(caller, id), directory, session);
  },
});

const respond = callerOperation<Services, typeof challengeRequest, typeof challenge>({
  id: 'challenge.respond',
  method: 'POST',
  path: `${basePath}:directory/challenge/:authorization/:type`,
  summary: { en: 'Show a challenge, or ask for its check', zh: '查看验证或请求检查' },
  request: challengeRequest,
  response: challenge,
  async handle({ directory, authorization: id, type }, session): Promise<WireChallenge> {
    const { services, caller, request, reply } = session;
    const { authorizations, publicUrl, clock } = services;
    const urls = urlsOf(publicUrl, directory);
    const before = await find(session, id);
    const placed = placedChallenges(before.authorization).find((one) => one.type === type);
    // What is decided is decided: the answer shows it.
    const limitKey = `${caller.credentialId} ${before.authorization.identifier.value}`;
    const isAsked =
      placed !== undefined && !signedPartsOf(request).isReading && before.authorization.state === 'pending';
    if (isAsked && before.authorization.attempt === null) await countCheck(session, { directory, id, key: limitKey });
    const view = isAsked ? await authorizations.check(caller, id, placed.position, patienceMs) : before;
    await countOutcome(view, directory, services);
    const wire = authorizationToWire(view, clock.now(), urls).challenges.find((one) => one.type === type);
    if (wire === undefined) throw refuse('notFound', { what: 'challenge', value: quoted(type) });
    reply.headers.set('location', wire.url);
    addLink(reply.headers, urls.authorization(id), 'up');
    if (wire.status === 'processing') reply.headers.set('retry-after', String(checkSeconds));
    return wire;
  },
});

export const provingOperations: readonly Operation<Services>[] = [create, show, respond];
