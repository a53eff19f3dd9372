/** The history of checks as people read it: an operator all of it, the account what `evidence.ts` allows. */
import type { Authorization } from '../../domain/authorization.ts';
import type { Caller } from '../../domain/caller.ts';
import { refuse } from '../../domain/errors.ts';
import { customersCheck } from '../../domain/evidence.ts';
import type { Identifier } from '../../domain/identifier.ts';
import type { Checks, NameChecks } from '../../domain/ports/checks.ts';
import type { AppContext } from '../context.ts';
import { findIssuance, seesAllAccounts } from '../scope.ts';
import { findAuthorization } from './authorizations.ts';

export function createChecks({ database: { read } }: AppContext): Checks {
  async function checksOf(caller: Caller, identifier: Identifier, authorization: Authorization): Promise<NameChecks> {
    const { id: authorizationId, state, challenges } = authorization;
    const all = await read.checkRecords.listOfAuthorization(authorizationId);
    const records = all
      .map((record) =>
        seesAllAccounts(caller) ? record : { ...record, check: customersCheck(record.check), node: '' },
      )
      .toSorted((a, b) => b.check.checkedAt.getTime() - a.check.checkedAt.getTime());
    return { identifier, authorizationId, state, challenges, records };
  }

  return {
    async ofAuthorization(caller, id) {
      const authorization = await findAuthorization(read, caller, id);
      return checksOf(caller, authorization.identifier, authorization);
    },

    async listOfOrder(caller, reference, { limit, after = 0 }) {
      const { issuanceId } = await findIssuance(read, caller, reference);
      const issuance = await read.issuances.get(issuanceId);
      if (issuance === undefined) throw refuse('internal', {}, { cause: new Error(`no issuance ${issuanceId}`) });
      const names = issuance.names.slice(after, after + limit);
      const found = await read.authorizations.listByIds(names.map(({ authorizationId }) => authorizationId));
      const byId = new Map(found.map((one) => [one.id, one]));
      const items: NameChecks[] = [];
      for (const { identifier, authorizationId } of names) {
        const authorization = byId.get(authorizationId);
        if (authorization !== undefined) items.push(await checksOf(caller, identifier, authorization));
      }
      return { items, next: after + limit < issuance.names.length ? after + limit : null };
    },
  };
}
