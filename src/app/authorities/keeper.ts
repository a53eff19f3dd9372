/** The issuer whose authorities are changed, and the authorities themselves, as the use cases of this folder find them. */
import type { Authority } from '../../domain/authority.ts';
import type { Caller } from '../../domain/caller.ts';
import { quoted, refuse } from '../../domain/errors.ts';
import type { EventKind } from '../../domain/event.ts';
import { type AuthorityId, isId } from '../../domain/ids.ts';
import { type AuthorityKeeper, keepsAuthorities } from '../../domain/ports/authority-keeper.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import type { AppContext } from '../context.ts';

export function keeperOf({ issuers }: Pick<AppContext, 'issuers'>): AuthorityKeeper {
  const keeper = [...issuers.values()].find((issuer) => keepsAuthorities(issuer));
  if (keeper === undefined) throw refuse('internal', {}, { cause: new Error('no issuer keeps authorities') });
  return keeper;
}

/** @throws {CertError} notFound */
export async function findAuthority(stores: Stores, issuerId: string, id: string): Promise<Authority> {
  const found = isId('authority', id) ? await stores.authorities.get(id) : undefined;
  if (found?.issuerId === issuerId) return found;
  throw refuse('notFound', { what: 'authority', value: quoted(id) });
}

/** In the transaction of the change. The caller is null where the server does it by itself. */
export async function recordAuthority(
  tx: Stores,
  event: {
    readonly kind: EventKind;
    readonly caller: Caller | null;
    readonly subject: AuthorityId;
    readonly at: Date;
    readonly data: Readonly<Record<string, unknown>>;
  },
): Promise<void> {
  const { kind, caller, subject, at, data } = event;
  await tx.events.append({
    kind,
    accountId: null,
    actor: caller?.actor ?? 'system',
    subject,
    data,
    requestId: caller?.requestId ?? null,
    at,
  });
}
