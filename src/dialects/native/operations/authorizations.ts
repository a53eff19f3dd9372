/** Authorizations: finding them and deactivating them. */
import type { Language } from '../../../domain/language.ts';
import { totalOf } from '../../../domain/page.ts';
import type { AuthorizationView } from '../../../domain/ports/authorizations.ts';
import { withDefined } from '../../../domain/with-defined.ts';
import { nameToWire } from '../order-to-wire.ts';
import { countingOf, readIdCursor, wholeToWire } from '../paging.ts';
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
  handled(authorizationsApi.list, async ({ limit, cursor, order, ...counting }, { caller, services, language }) => {
    const toWire = (view: AuthorizationView) => authorizationToWire(view, language);
    if (order !== undefined) {
      const found = await services.authorizations.listOfOrder(caller, referenceFromWire(order));
      const total = counting.total && totalOf(found.length);
      return { ...wholeToWire(found, toWire), ...withDefined({ total }) };
    }
    const after = cursor === undefined ? {} : { after: readIdCursor('authorization', cursor) };
    const page = await services.authorizations.list(caller, { limit, ...after, ...countingOf(counting) });
    return { items: page.items.map(toWire), nextCursor: page.next, ...withDefined({ total: page.total }) };
  }),

  handled(authorizationsApi.show, async ({ authorization }, { caller, services, language }) =>
    authorizationToWire(await services.authorizations.get(caller, authorization), language),
  ),

  handled(authorizationsApi.deactivate, async ({ authorization }, { caller, services, language }) =>
    authorizationToWire(await services.authorizations.deactivate(caller, authorization), language),
  ),
];
