/** Whether the server's own CA still waits for its certificate. */
import { awaitedCa } from '../../domain/awaited-ca.ts';
import type { Reason } from '../../domain/errors.ts';
import { keepsAuthorities } from '../../domain/ports/authority-keeper.ts';
import type { AppContext } from '../context.ts';

/** Two small tables. Undefined: it has one, or there is no own CA. */
export async function findAwaitedCa({
  issuers,
  database: { read },
}: Pick<AppContext, 'issuers' | 'database'>): Promise<Reason | undefined> {
  const keeper = [...issuers.values()].find((issuer) => keepsAuthorities(issuer));
  if (keeper === undefined) return undefined;
  const [authorities, requests] = await Promise.all([read.authorities.list(), read.authorities.listRequests()]);
  return awaitedCa(keeper.id, { authorities, requests });
}
