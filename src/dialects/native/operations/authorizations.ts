/** Authorizations: finding them and deactivating them. */
import type { Language } from '../../../domain/language.ts';
import type { AuthorizationView } from '../../../domain/ports/authorizations.ts';
import { nameToWire } from '../order-to-wire.ts';
import { readIdCursor, wholeToWire } from '../paging.ts';
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

export const authorizationOperations = [
  handled(authorizationsApi.list, async ({ limit, cursor, order }, { caller, services, language }) => {
    const toWire = (view: AuthorizationView) => authorizationToWire(view, language);
    if (order !== undefined) {
      return wholeToWire(await services.authorizations.listOfOrder(caller, referenceFromWire(order)), toWire);
    }
    const after = cursor === undefined ? {} : { after: readIdCursor('authorization', cursor) };
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
