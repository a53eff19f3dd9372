/** The chains of our own authorities. They never change once made, so each is read from the database once. */
import type { AuthorityId } from '../../domain/ids.ts';
import { markLasting } from '../../domain/lasting.ts';
import type { Database, Stores } from '../../domain/ports/stores/index.ts';

const chains = new WeakMap<Stores, Map<AuthorityId, readonly Uint8Array[]>>();

/** The certificates from this authority up to its root. @throws {Error} when there is no such authority */
export async function chainOfAuthority(
  { read }: Pick<Database, 'read'>,
  id: AuthorityId,
): Promise<readonly Uint8Array[]> {
  const known = chains.get(read)?.get(id);
  if (known !== undefined) return known;
  const all = await readChains(read);
  chains.set(read, all);
  const chain = all.get(id);
  if (chain === undefined) throw new Error(`there is no authority ${id}`);
  return chain;
}

async function readChains(read: Stores): Promise<Map<AuthorityId, readonly Uint8Array[]>> {
  const authorities = new Map((await read.authorities.list()).map((authority) => [authority.id, authority]));
  const chainFrom = (id: AuthorityId | null): readonly Uint8Array[] => {
    const authority = id === null ? undefined : authorities.get(id);
    return authority === undefined ? [] : [authority.certificate, ...chainFrom(authority.parentId)];
  };
  const all = new Map([...authorities.keys()].map((id) => [id, chainFrom(id)]));
  for (const chain of all.values()) markLasting(chain);
  return all;
}
