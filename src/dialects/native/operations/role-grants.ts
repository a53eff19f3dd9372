/** Role grants: proposing them, confirming them. */

import { refuse } from '../../../domain/errors.ts';
import { expected } from '../../../domain/messages/expectations.ts';
import type { GrantTarget } from '../../../domain/ports/role-grants.ts';
import type { RoleGrant } from '../../../domain/role-grant.ts';
import { pageQueryOf, pageToWire } from '../paging.ts';
import { roleGrantsApi } from '../schema/role-grants.ts';
import type { WireRoleGrant } from '../schema.ts';
import { handled } from '../services.ts';
import { optionalTimeToWire, referenceFromWire, timeToWire } from '../values.ts';

function roleGrantToWire(grant: RoleGrant): WireRoleGrant {
  const { id, number, accountId, subject, roles, state, proposedBy, decidedBy, createdAt, decidedAt } = grant;
  return {
    id,
    number,
    accountId,
    subject,
    roles: [...roles],
    state,
    proposedBy,
    decidedBy,
    createdAt: timeToWire(createdAt),
    decidedAt: optionalTimeToWire(decidedAt),
  };
}

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
  handled(roleGrantsApi.list, async (input, { caller, services }) =>
    pageToWire(await services.roleGrants.list(caller, pageQueryOf(input)), roleGrantToWire),
  ),

  handled(roleGrantsApi.propose, async ({ roles, ...named }, { caller, services }) =>
    roleGrantToWire(await services.roleGrants.propose(caller, { target: targetOf(named), roles })),
  ),

  handled(roleGrantsApi.confirm, async ({ grant }, { caller, services }) =>
    roleGrantToWire(await services.roleGrants.confirm(caller, referenceFromWire(grant))),
  ),

  handled(roleGrantsApi.withdraw, async ({ grant }, { caller, services }) =>
    roleGrantToWire(await services.roleGrants.withdraw(caller, referenceFromWire(grant))),
  ),
];
