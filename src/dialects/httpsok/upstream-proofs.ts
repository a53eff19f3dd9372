/** `/v1/cert/dv` as what must stand for each name: one record serves a name and its wildcard. */
import { delegatedLabel } from '../../domain/delegation.ts';
import { baseName, type Identifier } from '../../domain/identifier.ts';
import type { WantedProof } from '../../domain/ports/issuer.ts';
import type { PublicSuffixes } from '../../domain/ports/system.ts';
import { UpstreamFailure } from '../../domain/upstream-failure.ts';
import { hostFromWire } from '../kit/wire-host.ts';
import type { ReplyDelegation } from './replies.ts';

/** @throws {UpstreamFailure} away: the reply lacks a name */
export function proofsFromWire(
  names: readonly Identifier[],
  { configs, valid }: { readonly configs: readonly ReplyDelegation[]; readonly valid: boolean },
  publicSuffixes: PublicSuffixes,
): readonly WantedProof[] {
  return names.map((name) => {
    const host = `${delegatedLabel}.${baseName(name)}`;
    const config = configs.find((one) => hostOf(one, publicSuffixes) === host && one.hostValue.trim() !== '');
    if (config === undefined) {
      if (!valid) throw new UpstreamFailure('away', `a reply to /v1/cert/dv without a record for ${name.value}`);
      return { name: name.value, challenges: [], isProved: true };
    }
    const target = hostFromWire(config.hostValue);
    return {
      name: name.value,
      // The alias is that of our account there, the same for all of our customers.
      challenges: [{ method: 'dnsCname', binding: 'request', host, target }],
      ...(config.valid ? { isProved: true as const } : {}),
    };
  });
}

/** Shown relative to the registrable domain; where it is left out, the name tells it. */
function hostOf({ domain, host }: ReplyDelegation, publicSuffixes: PublicSuffixes): string {
  const base = hostFromWire(domain).replace(/^\*\./, '');
  const label = hostFromWire(host);
  if (label === '') return `${delegatedLabel}.${base}`;
  const top = publicSuffixes.registrableDomain(base) ?? base;
  return label.endsWith(`.${top}`) ? label : `${label}.${top}`;
}
