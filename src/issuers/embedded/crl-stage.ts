/**
 * Puts what was revoked into the pieces of the next list (`CrlStore`). Each certificate is encoded once, when it is revoked; a list of a
 * hundred thousand costs a revocation no more than the piece that the entry goes into. Serials that an authority had used before it came
 * here are listed like its certificates, in the same pieces.
 */
import type { CrlPiece, ImportedReason } from '../../domain/authority.ts';
import type { AuthorityId, CertificateId } from '../../domain/ids.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import { type CrlEntry, encodeCrlEntries, replaceCrlEntries } from '../../pki/crl.ts';

export interface StagingOptions {
  readonly authorityId: AuthorityId;
  /** Certificates that ended before then are left out. */
  readonly endedAfter: Date;
  /** The list is written as if by a clock that is so much slower: what it names must not be later than its thisUpdate. */
  readonly backdateSeconds: number;
  /** Of the list that it is staged for. */
  readonly thisUpdate: Date;
  /** Throws where a piece must not be signed; the transaction is undone then. */
  readonly check: (piece: Uint8Array) => void;
}

const weekMs = 7 * 86_400_000;
/** Certificates that one transaction looks at, and pieces of some 20 KB that it writes: a few milliseconds of work. */
const certificatesAtOnce = 500;
const piecesAtOnce = 16;
const entriesOfPiece = 500;

/** A certificate, or a serial of before. */
interface Unlisted {
  /** Null: an imported serial. */
  readonly id: CertificateId | null;
  readonly serial: string;
  readonly revokedAt: Date | null;
  readonly revocationReason: ImportedReason | null;
  readonly notAfter: Date;
  readonly piece: number | null;
}

/**
 * One transaction's worth. What is over leaves with its piece: RFC 5280 §3.3 keeps an entry until a list made after the certificate's end
 * has shown it, and lets it stay longer.
 * @returns true when nothing is left to be staged
 */
export async function stageRevocations(
  tx: Stores,
  { authorityId, endedAfter, backdateSeconds, thisUpdate, check }: StagingOptions,
): Promise<boolean> {
  const unlisted = await listUnlisted(tx, authorityId, endedAfter);
  let [written, staged] = [0, 0];
  for (const some of pieceByPiece(unlisted)) {
    if (written >= piecesAtOnce) break;
    written += await stagePiece(
      tx,
      { authorityId, check },
      some.map((one) => backdated(one, { backdateSeconds, thisUpdate })),
    );
    staged += some.length;
  }
  const ended = await tx.crls.endPieces(authorityId, endedAfter, certificatesAtOnce);
  return unlisted.length < certificatesAtOnce && staged === unlisted.length && ended < certificatesAtOnce;
}

async function listUnlisted(tx: Stores, authorityId: AuthorityId, endedAfter: Date): Promise<readonly Unlisted[]> {
  const certificates = await tx.crls.listUnlisted(authorityId, { endedAfter, limit: certificatesAtOnce });
  const limit = certificatesAtOnce - certificates.length;
  const imported = limit > 0 ? await tx.importedSerials.listUnlisted(authorityId, { endedAfter, limit }) : [];
  return [...certificates, ...imported.map((one) => ({ ...one, id: null }))];
}

/** Those that an entry of one piece says too little of, and those that end in one week. */
function pieceByPiece(unlisted: readonly Unlisted[]): readonly (readonly Unlisted[])[] {
  return [...Map.groupBy(unlisted, (one) => one.piece ?? `ending at ${endOf(one).getTime()}`).values()];
}

/** @returns how many pieces were written */
async function stagePiece(
  tx: Stores,
  staging: Pick<StagingOptions, 'authorityId' | 'check'>,
  revocations: readonly Unlisted[],
): Promise<number> {
  const { authorityId } = staging;
  const [first] = revocations;
  if (first === undefined) return 0;
  const earlier = first.piece === null ? undefined : await tx.crls.getPiece(authorityId, first.piece);
  if (earlier !== undefined) {
    await put(tx, staging, revocations, {
      ...earlier,
      der: replaceCrlEntries(earlier.der, revocations.map(entryOf)),
    });
    return 1;
  }
  const endsAt = endOf(first);
  let open = await tx.crls.newestPieceEndingAt(authorityId, endsAt);
  let written = 0;
  for (let from = 0; from < revocations.length; written++) {
    if (open === undefined || open.entries >= entriesOfPiece) {
      open = { piece: await tx.crls.nextPieceNumber(authorityId), endsAt, entries: 0, der: new Uint8Array() };
    }
    const added = revocations.slice(from, from + entriesOfPiece - open.entries);
    open = {
      ...open,
      entries: open.entries + added.length,
      der: Buffer.concat([open.der, encodeCrlEntries(added.map(entryOf))]),
    };
    await put(tx, staging, added, open);
    from += added.length;
  }
  return written;
}

async function put(
  tx: Stores,
  { authorityId, check }: Pick<StagingOptions, 'authorityId' | 'check'>,
  revocations: readonly Unlisted[],
  piece: CrlPiece,
): Promise<void> {
  check(piece.der);
  await tx.crls.putPiece(authorityId, piece);
  await tx.crls.markListed(
    piece.piece,
    revocations.flatMap(({ id }) => id ?? []),
  );
  const imported = revocations.filter(({ id }) => id === null).map(({ serial }) => serial);
  await tx.importedSerials.markListed(authorityId, piece.piece, imported);
}

function backdated(
  revocation: Unlisted,
  { backdateSeconds, thisUpdate }: Pick<StagingOptions, 'backdateSeconds' | 'thisUpdate'>,
): Unlisted {
  const { id, revokedAt, notAfter } = revocation;
  const at = revokedAt ?? notAfter;
  // One that came with a list of before stands in ours as it stood there.
  if (id === null) return { ...revocation, revokedAt: at > thisUpdate ? thisUpdate : at };
  return { ...revocation, revokedAt: new Date(at.getTime() - backdateSeconds * 1000) };
}

function endOf({ notAfter }: Unlisted): Date {
  return new Date(Math.ceil(notAfter.getTime() / weekMs) * weekMs);
}

function entryOf({ serial, revokedAt, revocationReason, notAfter }: Unlisted): CrlEntry {
  return {
    serial: Buffer.from(serial, 'hex'),
    revokedAt: revokedAt ?? notAfter,
    reason: revocationReason ?? 'unspecified',
  };
}
