/** Makes and publishes the lists of revoked certificates of the embedded issuer's authorities. */
import type { AuthorityId } from '../../domain/ids.ts';
import type { CrlIssuer } from '../../domain/ports/issuer.ts';
import type { Database } from '../../domain/ports/stores/index.ts';
import type { Clock } from '../../domain/ports/system.ts';
import { crlFrame, signedCrlFrame } from '../../pki/crl.ts';
import { type AuthoritySet, keyIdOf } from './authority-set.ts';
import { stageRevocations } from './crl-stage.ts';
import { type LintedSigner, LintRefusal } from './linted-signer.ts';

/** A CRL is valid for a week. It is renewed every day and at every revocation. */
const crlDays = 7;
const dayMs = 86_400_000;

/** Whoever knows of a revocation must find it in the list. */
const onFullDiskToo = { mayUseReserve: true } as const;

export interface CrlPublisherOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly authorities: Pick<AuthoritySet, 'find'>;
  readonly linted: LintedSigner;
}

export function createCrlPublisher({
  database,
  clock,
  authorities,
  linted,
}: CrlPublisherOptions): CrlIssuer['publishCrl'] {
  return publishCrl;

  async function publishCrl(authorityId: AuthorityId, signal: AbortSignal): Promise<number> {
    const { authority, certificate, linted: issuer, ...found } = await authorities.find(authorityId);
    const signer = await found.signer();
    const signedFor = { authority: authorityId, kind: 'list', subject: authority.subject } as const;
    for (;;) {
      const thisUpdate = new Date(Math.floor(clock.now().getTime() / 1000) * 1000);
      const nextUpdate = new Date(thisUpdate.getTime() + crlDays * dayMs);
      // Lists are made daily, so a whole list's life is more than enough to show that a certificate was revoked before it ended.
      const endedAfter = new Date(thisUpdate.getTime() - crlDays * dayMs);
      // A revocation that comes meanwhile and is not in it has queued another list.
      const staging = { authorityId, endedAfter, check: linted.entries };
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
        { ...signedFor, signer, facts: { issuer, isOfLeaves: authority.role === 'intermediate', numberBefore } },
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
          at: thisUpdate,
        });
        return true;
      }, onFullDiskToo);
      if (isPut) return entries;
      // Another node has staged something meanwhile, or was faster: its list may be from before the revocation that this one is for.
      signal.throwIfAborted();
    }
  }
}
