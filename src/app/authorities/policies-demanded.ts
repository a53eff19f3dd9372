/** Profiles whose certificates clients would refuse, since a CA above them demands a policy that they do not have. */
import { type Reason, reason } from '../../domain/errors.ts';
import type { Profile } from '../../domain/profile.ts';
import type { CaChain } from '../../pki/ca-examination.ts';
import { formatName } from '../../pki/name.ts';
import { meetsDemand, policyDemandOf } from '../../pki/policy-demand.ts';

/** Warnings: clients that do not check policies take those certificates. */
export function policiesDemanded(chain: CaChain, profiles: ReadonlyMap<string, Profile>): readonly Reason[] {
  const demand = policyDemandOf(chain);
  if (demand === undefined) return [];
  const without = [...profiles.values()].filter(({ policyOids }) => !meetsDemand(demand, policyOids));
  if (without.length === 0) return [];
  const allowed = demand.allowed === 'any' ? [] : [...demand.allowed];
  const names = without.map(({ id }) => id).join(', ');
  return [
    reason('policyDemanded', { subject: formatName(chain[0].subject), profiles: names, allowed: allowed.join(', ') }),
  ];
}
