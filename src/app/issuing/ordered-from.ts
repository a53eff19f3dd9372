/** The issuer from which something was ordered, for whatever is ordered like it. */
import type { Issuance } from '../../domain/issuance.ts';
import { isLocal } from '../../domain/ports/issuer.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import type { AppContext } from '../context.ts';

/** The pool, where one of its issuers served the issuance: the next one may be served by another. */
export async function orderedFrom(
  { issuers }: Pick<AppContext, 'issuers'>,
  read: Pick<Stores, 'upstreamOrders'>,
  { id, issuerId }: Pick<Issuance, 'id' | 'issuerId'>,
): Promise<string> {
  const issuer = issuers.get(issuerId);
  if (issuer !== undefined && isLocal(issuer)) return issuerId;
  const pool = (await read.upstreamOrders.get(id))?.route?.pool;
  return pool !== undefined && issuers.has(pool) ? pool : issuerId;
}
