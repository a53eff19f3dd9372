/** All that is sold, by what its certificates look like: products that differ only in price or words make the same certificates. */
import { dialects } from '../../src/dialects/registry.ts';
import type { CatalogueEntry, Coverage } from '../../src/domain/product.ts';
import { defaultProfiles, type Profile } from '../../src/domain/profile.ts';

export interface Look {
  readonly profile: Profile;
  readonly coverage: Coverage;
  readonly names: readonly string[];
  /** `dialect:code`. */
  readonly products: readonly string[];
}

/** Every product of every front door stands in exactly one of them. */
export function looks(): readonly Look[] {
  const all = dialects.flatMap(({ name, catalogue }) =>
    catalogue.map((entry) => ({ code: `${name}:${entry.code}`, entry })),
  );
  const grouped = Map.groupBy(all, ({ entry }) => JSON.stringify([entry.profileId, entry.coverage, namesFor(entry)]));
  return [...grouped.values()].map((some) => {
    const [{ entry } = never()] = some;
    return {
      profile: profileOf(entry),
      coverage: entry.coverage,
      names: namesFor(entry),
      products: some.map(({ code }) => code),
    };
  });
}

function never(): never {
  throw new Error('a group has members');
}

function profileOf({ profileId, name, level }: CatalogueEntry): Profile {
  const profile = defaultProfiles.find(({ id }) => id === profileId);
  if (profile?.level !== level) throw new Error(`${name} has no profile of its level`);
  return profile;
}

/** One of each kind that it may certify, and several where it may have several. */
function namesFor({ allowsWildcard, allowsIpv4, allowsIpv6, maxNames }: CatalogueEntry): readonly string[] {
  const further = [
    'www.example.com',
    ...(allowsWildcard ? ['*.example.com'] : []),
    ...(allowsIpv4 ? ['9.9.9.9'] : []),
    ...(allowsIpv6 ? ['2620:fe::9'] : []),
  ];
  return ['example.com', ...(maxNames === 1 ? [] : further)];
}
