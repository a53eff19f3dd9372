/** When the last certificate ends that an authority has signed. */
import type { Authority } from '../../domain/authority.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';

/** The server's own certificate is in no table of certificates, and may have been signed on the last day. */
const ownDays = 90;
const dayMs = 86_400_000;

/** Of a retired one: no other is signed. Undefined: it signs still. */
export async function lastCertificateEnd(
  read: Pick<Stores, 'authorities'>,
  { id, role, retiredAt }: Pick<Authority, 'id' | 'role' | 'retiredAt'>,
): Promise<Date | undefined> {
  if (retiredAt === null) return undefined;
  if (role === 'root') {
    const below = (await read.authorities.list()).filter(({ parentId }) => parentId === id);
    return new Date(Math.max(retiredAt.getTime(), ...below.map(({ notAfter }) => notAfter.getTime())));
  }
  const last = (await read.authorities.lastEndUnder(id))?.getTime() ?? 0;
  return new Date(Math.max(last, retiredAt.getTime() + ownDays * dayMs));
}
