/** The chains of our own authorities. They change seldom, when another certificate is installed, and are read again every second where they are used. */
import type { AuthorityId } from '../../domain/ids.ts';
import { markLasting } from '../../domain/lasting.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import type { AppContext } from '../context.ts';

type Chains = ReadonlyMap<AuthorityId, readonly Uint8Array[]>;

const kept = new WeakMap<Stores, { readonly all: Chains; readonly readAtMs: number }>();

/** Another node has put it in place: a chain that was replaced verifies all the same. */
const freshMs = 1000;

/** The certificates from this authority up to its root. @throws {Error} when there is no such authority */
export async function chainOfAuthority(
  { database: { read }, clock }: Pick<AppContext, 'database' | 'clock'>,
  id: AuthorityId,
): Promise<readonly Uint8Array[]> {
  const known = kept.get(read);
  const readAtMs = clock.monotonicMs();
  const found = known !== undefined && readAtMs - known.readAtMs < freshMs ? known.all.get(id) : undefined;
  if (found !== undefined) return found;
  const all = await readChains(read, known?.all);
  kept.set(read, { all, readAtMs });
  const chain = all.get(id);
  if (chain === undefined) throw new Error(`there is no authority ${id}`);
  return chain;
}

/** A chain that is as before stays the same object. */
async function readChains(read: Stores, before: Chains | undefined): Promise<Chains> {
  const authorities = new Map((await read.authorities.list()).map((authority) => [authority.id, authority]));
  const chainFrom = (id: AuthorityId | null): readonly Uint8Array[] => {
    const authority = id === null ? undefined : authorities.get(id);
    return authority === undefined ? [] : [authority.certificate, ...chainFrom(authority.parentId)];
  };
  const all = new Map(
    [...authorities.keys()].map((id) => {
      const chain = chainFrom(id);
      const earlier = before?.get(id);
      return [id, earlier !== undefined && isSame(earlier, chain) ? earlier : chain];
    }),
  );
  for (const chain of all.values()) markLasting(chain);
  return all;
}

function isSame(one: readonly Uint8Array[], other: readonly Uint8Array[]): boolean {
  return (
    one.length === other.length && one.every((der, place) => Buffer.compare(der, other[place] ?? Buffer.alloc(0)) === 0)
  );
}
