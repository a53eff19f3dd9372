/** Makes and publishes the lists of revoked certificates of the embedded issuer's authorities, up to their last ones. */
import type { Authority, Period } from '../../domain/authority.ts';
import {
  closesFrom,
  type ListSettings,
  lastListsFrom,
  listDays,
  listEveryMs,
  listTimes,
  nextListAt,
} from '../../domain/crl-times.ts';
import type { AuthorityId } from '../../domain/ids.ts';
import type { CrlIssuer, PublishedCrl } from '../../domain/ports/issuer.ts';
import type { Database, Stores } from '../../domain/ports/stores/index.ts';
import type { Clock } from '../../domain/ports/system.ts';
import { crlFrame, signedCrlFrame } from '../../pki/crl.ts';
import { type AuthoritySet, keyIdOf } from './authority-set.ts';
import { stageRevocations } from './crl-stage.ts';
import { lastCertificateEnd } from './last-end.ts';
import { type LintedSigner, LintRefusal } from './linted-signer.ts';

const dayMs = 86_400_000;

/** Whoever knows of a revocation must find it in the list. */
const onFullDiskToo = { mayUseReserve: true } as const;

export interface CrlPublisherOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly authorities: Pick<AuthoritySet, 'find' | 'refresh'>;
  readonly lists: ListSettings;
  readonly linted: LintedSigner;
}

export function createCrlPublisher(options: CrlPublisherOptions): CrlIssuer['publishCrl'] {
  const { database, clock, authorities, lists, linted } = options;
  const { backdateSeconds } = lists;

  return async function publishCrl(authorityId: AuthorityId, signal: AbortSignal): Promise<PublishedCrl> {
    const { certificate, authority, period, linted: issuer, ...signing } = await authorities.find(authorityId);
    const days = listDays(authority, lists);
    const signer = await signing.signer();
    const signedFor = { authority: authorityId, kind: 'list', subject: authority.subject } as const;
    for (;;) {
      const now = clock.now();
      const end = await endingOf(database.read, { authority, period, days, now });
      const before = (await database.read.crls.updatesOf(authorityId))?.thisUpdate;
      const { thisUpdate, nextUpdate } = listTimes(
        { period, days, backdateSeconds },
        { now, before, isLast: end !== 'goesOn' },
      );
      // Lists are made long before they end, so a whole list's life is more than enough to show that a certificate was revoked before it ended.
      const endedAfter = new Date(thisUpdate.getTime() - days * dayMs);
      // A revocation that comes meanwhile and is not in it has queued another list.
      const staging = { authorityId, endedAfter, backdateSeconds, thisUpdate, check: linted.entries };
      const stage = () => database.write((tx) => stageRevocations(tx, staging), onFullDiskToo);
      try {
        while (!(await stage())) signal.throwIfAborted();
      } catch (thrown) {
        if (thrown instanceof LintRefusal) await linted.record(thrown, signedFor);
        throw thrown;
      }
      const numberBefore = (await database.read.crls.summaryOf(authorityId))?.number;
      const { number, revision, pieces, entries } = await database.read.crls.next(authorityId);
      const entriesSize = pieces.reduce((size, { length }) => size + length, 0);
      const frame = crlFrame(
        {
          issuerName: certificate.subject.der,
          issuerKeyId: keyIdOf(certificate),
          signatureAlgorithm: signer.algorithm,
          number,
          thisUpdate,
          nextUpdate,
        },
        entriesSize,
      );
      const signature = await linted.list(
        { frame, pieces, entriesSize },
        {
          ...signedFor,
          signer,
          facts: { issuer, isOfLeaves: authority.role === 'intermediate', numberBefore, isLast: end !== 'goesOn' },
        },
      );
      const { head, tail } = signedCrlFrame(frame, { algorithm: signer.algorithm, signature, entriesSize });
      const sizeBytes = head.length + entriesSize + tail.length;
      const crl = { authorityId, number, head, tail, sizeBytes, thisUpdate, nextUpdate };
      const isPut = await database.write(async (tx) => {
        if (!(await tx.crls.put(crl, revision))) return false;
        await tx.events.append({
          kind: 'crl.published',
          accountId: null,
          actor: 'system',
          subject: authorityId,
          data: { number, entries, nextUpdate },
          requestId: null,
          at: now,
        });
        if (end === 'isOver') await close(tx, authorityId, { number, now });
        return true;
      }, onFullDiskToo);
      if (isPut) {
        if (end === 'isOver') await authorities.refresh();
        const nextAt = end === 'isOver' ? null : nextListAt(period, listEveryMs(authority, lists), now);
        return { entries, nextAt };
      }
      // Another node has staged something meanwhile, or was faster: its list may be from before the revocation that this one is for.
      signal.throwIfAborted();
    }
  };
}

/** `endsSoon`: the list may be the last one, should the server stand still; others follow until the end. `isOver`: it is the last one. */
type Ending = 'goesOn' | 'endsSoon' | 'isOver';

interface Listing {
  readonly authority: Authority;
  readonly period: Period;
  readonly days: number;
  readonly now: Date;
}

async function endingOf(read: Stores, { authority, period, days, now }: Listing): Promise<Ending> {
  if (closesFrom(period) <= now) return 'isOver';
  if (lastListsFrom(period) <= now) return 'endsSoon';
  if (authority.retiredAt === null) return 'goesOn';
  // RFC 5280 §3.3: what was revoked stays until a list that was made after its end has shown it.
  const endMs = (await lastCertificateEnd(read, authority))?.getTime();
  return endMs !== undefined && endMs + days * dayMs <= now.getTime() ? 'isOver' : 'goesOn';
}

async function close(
  tx: Stores,
  authorityId: AuthorityId,
  { number, now }: { readonly number: number; readonly now: Date },
): Promise<void> {
  const authority = await tx.authorities.get(authorityId);
  if (authority === undefined || authority.closedAt !== null) return;
  await tx.authorities.change({ ...authority, retiredAt: authority.retiredAt ?? now, closedAt: now });
  await tx.events.append({
    kind: 'authority.closed',
    accountId: null,
    actor: 'system',
    subject: authorityId,
    data: { role: authority.role, subject: authority.subject, list: number },
    requestId: null,
    at: now,
  });
}
