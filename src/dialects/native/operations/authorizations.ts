/** Authorizations: finding them and deactivating them. */

import { quoted, refuse } from '../../../domain/errors.ts';
import { type AuthorizationId, isId } from '../../../domain/ids.ts';
import type { Language } from '../../../domain/language.ts';
import { expected } from '../../../domain/messages/expectations.ts';
import type { AuthorizationView } from '../../../domain/ports/authorizations.ts';
import { nameToWire } from '../order-to-wire.ts';
import { wholeToWire } from '../paging.ts';
import { authorizationsApi } from '../schema/authorizations.ts';
import type { WireAuthorization } from '../schema.ts';
import { handled } from '../services.ts';
import { optionalTimeToWire, referenceFromWire, timeToWire } from '../values.ts';

function authorizationToWire({ authorization, expiresAt }: AuthorizationView, language: Language): WireAuthorization {
  return {
    id: authorization.id,
    accountId: authorization.accountId,
    ...nameToWire(authorization.identifier, authorization, language),
    expiresAt: optionalTimeToWire(expiresAt),
    createdAt: timeToWire(authorization.createdAt),
  };
}

/** @throws {CertError} invalidField for a cursor that is not ours */
function readCursor(cursor: string): AuthorizationId {
  if (isId('authorization', cursor)) return cursor;
  throw refuse('fieldInvalid', { field: 'cursor', value: quoted(cursor), expected: expected.nextCursor });
}

export const authorizationOperations = [
  handled(authorizationsApi.list, async ({ limit, cursor, order }, { caller, services, language }) => {
    const toWire = (view: AuthorizationView) => authorizationToWire(view, language);
    if (order !== undefined) {
      return wholeToWire(await services.authorizations.listOfOrder(caller, referenceFromWire(order)), toWire);
    }
    const after = cursor === undefined ? {} : { after: readCursor(cursor) };
    const page = await services.authorizations.list(caller, { limit, ...after });
    return { items: page.items.map(toWire), nextCursor: page.next };
  }),

  handled(authorizationsApi.show, async ({ authorization }, { caller, services, language }) =>
    authorizationToWire(await services.authorizations.get(caller, authorization), language),
  ),

  handled(authorizationsApi.deactivate, async ({ authorization }, { caller, services, language }) =>
    authorizationToWire(await services.authorizations.deactivate(caller, authorization), language),
  ),
];
