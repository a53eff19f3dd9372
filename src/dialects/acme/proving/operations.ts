/** Authorizations and their challenges (RFC 8555 §7.5). */
import { quoted, refuse } from '../../../domain/errors.ts';
import type { AuthorizationView } from '../../../domain/ports/authorizations.ts';
import { callerOperation, type Operation } from '../../kit/operation.ts';
import { addLink } from '../reply.ts';
import { signedPartsOf } from '../requests.ts';
import type { Client, Services } from '../services.ts';
import { basePath, urlsOf } from '../urls.ts';
import { authorizationToWire, placedChallenges } from './authorization-to-wire.ts';
import {
  authorization,
  authorizationRequest,
  challenge,
  challengeRequest,
  type WireAuthorization,
  type WireChallenge,
} from './schema.ts';

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
    const { authorizations } = services;
    const view =
      status === 'deactivated' ? await authorizations.deactivate(caller, id) : await authorizations.get(caller, id);
    return shown(view, directory, session);
  },
});

function shown(view: AuthorizationView, directory: string, { services, reply }: Client): WireAuthorization {
  const urls = urlsOf(services.publicUrl, directory);
  const { id, state, attempt } = view.authorization;
  reply.headers.set('location', urls.authorization(id));
  if (state === 'pending' && attempt !== null) reply.headers.set('retry-after', String(checkSeconds));
  return authorizationToWire(view, services.clock.now(), urls);
}

const respond = callerOperation<Services, typeof challengeRequest, typeof challenge>({
  id: 'challenge.respond',
  method: 'POST',
  path: `${basePath}:directory/challenge/:authorization/:type`,
  summary: { en: 'Show a challenge, or ask for its check', zh: '查看验证或请求检查' },
  request: challengeRequest,
  response: challenge,
  async handle({ directory, authorization: id, type }, { services, caller, request, reply }): Promise<WireChallenge> {
    const { authorizations, publicUrl, clock } = services;
    const urls = urlsOf(publicUrl, directory);
    const before = await authorizations.get(caller, id);
    const placed = placedChallenges(before.authorization).find((one) => one.type === type);
    // What is decided is decided: the answer shows it.
    const isAsked = !signedPartsOf(request).isReading && before.authorization.state === 'pending';
    const view = isAsked && placed !== undefined ? await authorizations.check(caller, id, placed.position) : before;
    const wire = authorizationToWire(view, clock.now(), urls).challenges.find((one) => one.type === type);
    if (wire === undefined) throw refuse('notFound', { what: 'challenge', value: quoted(type) });
    reply.headers.set('location', wire.url);
    addLink(reply.headers, urls.authorization(id), 'up');
    if (wire.status === 'processing') reply.headers.set('retry-after', String(checkSeconds));
    return wire;
  },
});

export const provingOperations: readonly Operation<Services>[] = [show, respond];
