/** Role grants: proposing them, confirming them. */

import { refuse } from '../../../domain/errors.ts';
import { expected } from '../../../domain/messages/expectations.ts';
import type { GrantTarget } from '../../../domain/ports/role-grants.ts';
import type { RoleGrant } from '../../../domain/role-grant.ts';
import { withDefined } from '../../../domain/with-defined.ts';
import { pageQueryOf } from '../paging.ts';
import { roleGrantsApi } from '../schema/role-grants.ts';
import type { WireRoleGrant } from '../schema.ts';
import { handled } from '../services.ts';
import { optionalTimeToWire, referenceFromWire, timeToWire } from '../values.ts';
import { type NamingActors, namedPageToWire, oneToWire } from './actors.ts';

const naming: NamingActors<RoleGrant, WireRoleGrant> = {
  idsOf: ({ subject, proposedBy, decidedBy }) => [subject, proposedBy, decidedBy],
  toWire: (grant, actors) => ({
    id: grant.id,
    number: grant.number,
    accountId: grant.accountId,
    subject: actors.of(grant.subject),
    roles: [...grant.roles],
    state: grant.state,
    proposedBy: actors.of(grant.proposedBy),
    decidedBy: actors.ofOptional(grant.decidedBy),
    createdAt: timeToWire(grant.createdAt),
    decidedAt: optionalTimeToWire(grant.decidedAt),
  }),
};

/** @throws {CertError} invalidField unless exactly one is named */
function targetOf({ user, credential }: { readonly user?: string; readonly credential?: string }): GrantTarget {
  if (user !== undefined && credential !== undefined) {
    throw refuse('fieldInvalid', { field: 'credential', value: `"${credential}"`, expected: expected.withoutUser });
  }
  if (user !== undefined) return { user };
  if (credential !== undefined) return { credential };
  throw refuse('fieldMissing', { field: 'user' });
}

export const roleGrantOperations = [
  handled(roleGrantsApi.list, async ({ account, state, user, credential, ...page }, session) => {
    const isOfOne = user !== undefined || credential !== undefined;
    const target = isOfOne ? targetOf(withDefined({ user, credential })) : undefined;
    const query = { ...pageQueryOf(page), ...withDefined({ account, state, target }) };
    return namedPageToWire(session, await session.services.roleGrants.list(session.caller, query), naming);
  }),

  handled(roleGrantsApi.propose, async ({ roles, ...named }, session) => {
    const proposal = { target: targetOf(named), roles };
    return oneToWire(session, await session.services.roleGrants.propose(session.caller, proposal), naming);
  }),

  handled(roleGrantsApi.confirm, async ({ grant }, session) =>
    oneToWire(session, await session.services.roleGrants.confirm(session.caller, referenceFromWire(grant)), naming),
  ),

  handled(roleGrantsApi.withdraw, async ({ grant }, session) =>
    oneToWire(session, await session.services.roleGrants.withdraw(session.caller, referenceFromWire(grant)), naming),
  ),
];
