/** Authorities that were revoked, here or by the list of a CA outside, and that nothing signs in place of. */
import { finding } from '../../domain/alarm.ts';
import { type Authority, signsLeaves } from '../../domain/authority.ts';
import { parseCrl } from '../../pki/crl-reader.ts';
import { revokedBy } from '../authorities/revoked-outside.ts';
import type { AppContext } from '../context.ts';
import type { Condition } from './condition.ts';

/** Stands until another authority signs in its place: then what it has signed can be replaced, and the event says what happened. */
export function revokedAuthorities({ database, clock }: Pick<AppContext, 'database' | 'clock'>): Condition {
  /** With the subject of who revoked each. */
  async function listRevoked(all: readonly Authority[]): Promise<ReadonlyMap<Authority, string>> {
    const here = all.filter(({ revokedAt }) => revokedAt !== null);
    const found = new Map(here.map((one) => [one, all.find(({ id }) => id === one.parentId)?.subject ?? '']));
    for (const authority of all.filter(({ keyPlace }) => keyPlace === 'outside')) {
      const list = await database.read.crls.headOf(authority.id);
      if (list === undefined || !list.isWhole) continue;
      for (const one of revokedBy(parseCrl(list.head), { authority, all })) found.set(one, authority.subject);
    }
    return found;
  }

  return {
    heldMs: 0,
    of: 'installation',
    async look() {
      const now = clock.now();
      const all = await database.read.authorities.list();
      const revoked = await listRevoked(all);
      const signing = all.filter((one) => signsLeaves(one, now) && one.notAfter > now && !revoked.has(one));
      for (const [one, by] of revoked) {
        if (one.role !== 'intermediate' || one.keyPlace === 'outside' || one.notAfter <= now) continue;
        if (signing.some((other) => standsInFor(other, one))) continue;
        return finding('authorityRevoked', { authority: one.subject, by });
      }
      return undefined;
    },
  };
}

/** Clients that cannot verify ECDSA need an RSA key in its place. */
function standsInFor(other: Authority, { issuerId, keyKind }: Authority): boolean {
  return other.issuerId === issuerId && (other.keyKind === 'rsa') === (keyKind === 'rsa');
}
