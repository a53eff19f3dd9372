/**
 * The alias of an account's name in our zone. It is always the same, for every front door and for `x` and `*.x`, so that the customer's
 * record never has to change. Nobody can guess it, and so that it stands there shows that the account is meant.
 */
import { createHmac } from 'node:crypto';
import { type AliasSetting, type CnameChallenge, type Delegation, delegatedLabel } from '../domain/delegation.ts';
import { baseName, type Identifier } from '../domain/identifier.ts';
import type { AccountId } from '../domain/ids.ts';

const aliasDigits = 16;

/** The labels are in customers' zones: what is computed here must never change. */
export function delegationOf(accountId: AccountId, identifier: Identifier, { secret, zone }: AliasSetting): Delegation {
  const host = `${delegatedLabel}.${baseName(identifier)}`;
  const alias = createHmac('sha256', secret).update(`${accountId}\n${host}`).digest('hex').slice(0, aliasDigits);
  return { host, target: `${alias}.${zone}` };
}

/** The same as a challenge of ours. */
export function delegationChallengeOf(
  accountId: AccountId,
  identifier: Identifier,
  alias: AliasSetting,
): CnameChallenge {
  return { method: 'dnsCname', binding: 'account', ...delegationOf(accountId, identifier, alias) };
}
