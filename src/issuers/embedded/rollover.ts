/**
 * Authorities that follow one another: successors are made and published in time, begin to sign, and those before them retire. Each step is
 * decided by what the table has, so that it is taken once, whoever takes it and however often it is begun.
 */
import type { Authority } from '../../domain/authority.ts';
import { outlookOf } from '../../domain/authority-outlook.ts';
import type { ListSettings } from '../../domain/crl-times.ts';
import { quoted, refuse } from '../../domain/errors.ts';
import type { AuthorityId } from '../../domain/ids.ts';
import type { EventAuthor, RollingIssuer } from '../../domain/ports/issuer.ts';
import {
  type Chained,
  frontOf,
  isFollowed,
  lineOf,
  type RolloverSettings,
  rootFor,
  successorDueAt,
  successorOf,
} from '../../domain/rollover.ts';
import {
  type AuthoritiesOptions,
  type Hierarchy,
  hierarchies,
  makeIntermediate,
  makeRoot,
  requirePkiUrl,
} from './authorities.ts';
import type { AuthoritySet } from './authority-set.ts';
import { lastCertificateEnd } from './last-end.ts';
import { revokeIntermediate } from './revoke-authority.ts';

const dayMs = 86_400_000;
const bySystem: EventAuthor = { actor: 'system', requestId: null };

export interface Rolling {
  readonly authorities: AuthoritySet;
  readonly lists: ListSettings;
  readonly settings: RolloverSettings;
}

type Rollover = Pick<RollingIssuer, 'rollOver' | 'succeed' | 'revokeAuthority' | 'outlook'>;

export function createRollover(options: AuthoritiesOptions, { authorities, lists, settings }: Rolling): Rollover {
  const { database, clock, log } = options;

  async function rollOver(longestDays: number): Promise<void> {
    await authorities.refresh();
    for (const keyKind of hierarchies) {
      // The root first: the intermediate that is due may have to hang under the new one.
      for (const role of ['root', 'intermediate'] as const) await followWhereDue({ keyKind, role }, longestDays);
    }
    await retireFollowed();
  }

  async function followWhereDue(
    { keyKind, role }: Pick<Authority, 'role'> & { readonly keyKind: Hierarchy },
    longestDays: number,
  ): Promise<void> {
    const line = lineOf({ issuerId: options.issuerId, role, keyKind }, authorities.all());
    const front = frontOf(line);
    if (front === undefined || successorDueAt(front, longestDays, settings) > clock.now()) return;
    if (successorOf(front, line) !== undefined) return;
    // Under a CA outside it is the operator who has one made: the plan and the alarm say so, and the other lines go on.
    if (role === 'intermediate' && lineOf({ ...front.authority, role: 'root' }, authorities.all()).length === 0) return;
    await follow(front, line, { publishDays: publishDaysOf(role), by: bySystem });
  }

  function publishDaysOf(role: Authority['role']): number {
    return role === 'root' ? settings.rootPublishDays : settings.publishDays;
  }

  /** @throws {CertError} noRootForSuccessor where none lasts longer than what is to be followed */
  async function follow(
    front: Chained,
    line: readonly Chained[],
    { publishDays, by }: { readonly publishDays: number; readonly by: EventAuthor },
  ): Promise<Authority> {
    requirePkiUrl(options);
    const keyKind = front.authority.keyKind === 'rsa' ? 'rsa' : 'P-256';
    const now = clock.now();
    const making = {
      line: line.map(({ authority }) => authority),
      signsFrom: new Date(now.getTime() + publishDays * dayMs),
      by,
    };
    let made: Authority;
    if (front.authority.role === 'root') made = await makeRoot(options, keyKind, making);
    else {
      const roots = lineOf({ ...front.authority, role: 'root' }, authorities.all());
      const root = rootFor(roots, now);
      // Under a root that ends with what is to be followed, each successor would be due at once.
      if (root === undefined || root.period.until <= front.period.until)
        throw refuse('noRootForSuccessor', { subject: front.authority.subject });
      made = await makeIntermediate(options, root.authority, making);
    }
    await authorities.refresh();
    log.info(
      { authority: made.id, follows: front.authority.id, signsFrom: made.signsFrom },
      `the ${made.role} ${made.subject} was made: it follows ${front.authority.subject}`,
    );
    return made;
  }

  async function retireFollowed(): Promise<void> {
    // Intermediates first: a root is followed when they are.
    for (const role of ['intermediate', 'root'] as const) {
      const now = clock.now();
      const followed = authorities
        .all()
        .filter((one) => one.authority.role === role && isFollowed(one, authorities.all(), now));
      for (const { authority } of followed) await retire(authority.id, now);
      if (followed.length > 0) await authorities.refresh();
    }
  }

  async function retire(id: AuthorityId, now: Date): Promise<void> {
    const retired = await database.write(async (tx) => {
      const authority = await tx.authorities.get(id);
      if (authority === undefined || authority.retiredAt !== null) return undefined;
      await tx.authorities.change({ ...authority, retiredAt: now });
      await tx.events.append({
        kind: 'authority.retired',
        accountId: null,
        ...bySystem,
        subject: id,
        data: { role: authority.role, subject: authority.subject, notAfter: authority.notAfter },
        at: now,
      });
      return authority;
    });
    if (retired === undefined) return;
    log.info(
      { authority: id, notAfter: retired.notAfter },
      `the ${retired.role} ${retired.subject} signs no more certificates: another one has followed it`,
    );
  }

  /** @throws {CertError} notFound */
  async function oneOfOurs(authorityId: string): Promise<Chained> {
    await authorities.refresh();
    const found = authorities.all().find(({ authority }) => authority.id === authorityId);
    if (found === undefined) throw refuse('notFound', { what: 'authority', value: quoted(authorityId) });
    return found;
  }

  return {
    rollOver,

    async succeed(authorityId, { publishDays, by }) {
      const chosen = await oneOfOurs(authorityId);
      const { authority } = chosen;
      const line = lineOf(authority, authorities.all());
      const front = frontOf(line);
      // Of a line in which nothing signs any more the revoked one is followed: there is no other way on.
      const isLost = authority.revokedAt !== null && front === undefined;
      const followed = isLost ? chosen : front;
      if (followed === undefined || (authority.retiredAt !== null && !isLost) || authority.keyPlace === 'outside')
        throw refuse('authorityNotFollowed', { subject: authority.subject });
      const ownDays = isLost ? 0 : publishDaysOf(authority.role);
      const made = await follow(followed, line, { publishDays: publishDays ?? ownDays, by });
      await retireFollowed();
      return made.id;
    },

    async revokeAuthority(authorityId, request) {
      const { authority } = await oneOfOurs(authorityId);
      await revokeIntermediate(options, { authority, lists, ...request });
      await authorities.refresh();
    },

    async outlook(longestDays) {
      await authorities.refresh();
      const all = authorities.all();
      const lastEnds = new Map<AuthorityId, Date>();
      for (const { authority } of all) {
        const end = await lastCertificateEnd(database.read, authority);
        if (end !== undefined) lastEnds.set(authority.id, end);
      }
      return outlookOf({ all, longestDays, settings, lists, lastEnds, now: clock.now() });
    },
  };
}
