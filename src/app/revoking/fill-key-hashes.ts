/**
 * Completes migration 0010 where SQL could not: the key of every certificate, and the keys that were made here, from before they
 * were kept. Runs before the first request, so that no key escapes a block or a revocation by its age; a database of a million
 * certificates takes a minute, once. Killed half-way, it continues at the next start.
 */
import type { Certificate } from '../../domain/certificate.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import { parseCertificate } from '../../pki/certificate.ts';
import { parseCsr } from '../../pki/csr.ts';
import { hashesOf } from '../../pki/key-fingerprint.ts';
import type { AppContext } from '../context.ts';

const rowsAtOnce = 500;
/** The setting that says that the keys made before are known: a search of all issuances is not made twice. */
const madeKeysKnown = 'keys.madeBeforeAreKnownByModulus';

type Context = Pick<AppContext, 'database' | 'log'>;

export async function fillKeyHashes(context: Context): Promise<void> {
  const certificates = await inBatches(context, fillCertificates);
  if (certificates > 0) context.log.info({ certificates }, 'the keys of earlier certificates were read');
  if ((await context.database.read.settings.get(madeKeysKnown)) === true) return;
  const keys = await inBatches(context, fillMadeKeys);
  await context.database.write((tx) => tx.settings.put(madeKeysKnown, true));
  if (keys > 0) context.log.info({ keys }, 'the keys made for earlier orders were read');
}

/** Progress of a transaction: the rows it read, and those it could not read. */
interface Batch {
  readonly rows: readonly { readonly number: number }[];
  readonly unreadable: readonly Unreadable[];
}

interface Unreadable {
  readonly number: number;
  readonly err: unknown;
}

/** The number of rows that were read. */
async function inBatches(
  { database, log }: Context,
  fill: (tx: Stores, after: number) => Promise<Batch>,
): Promise<number> {
  let count = 0;
  let after = 0;
  for (;;) {
    const { rows, unreadable } = await database.write((tx) => fill(tx, after));
    for (const { number, err } of unreadable) {
      log.warn({ certificate: number, err }, 'a certificate cannot be read: it is not found by its key');
    }
    const last = rows.at(-1);
    if (last === undefined) return count;
    count += rows.length;
    after = last.number;
  }
}

async function fillCertificates(tx: Stores, after: number): Promise<Batch> {
  const rows = await tx.certificates.listWithoutKeyHash({ after, limit: rowsAtOnce });
  const unreadable: Unreadable[] = [];
  for (const row of rows) {
    const found = keyHashIn(row);
    if (typeof found === 'string') await tx.certificates.updateKeyHash(row.id, found);
    else unreadable.push(found);
  }
  return { rows, unreadable };
}

/** A certificate that cannot be read is an upstream's of long ago, if there is one: it must not keep the server from starting. */
function keyHashIn({ der, number }: Pick<Certificate, 'der' | 'number'>): string | Unreadable {
  try {
    return parseCertificate(der).spkiSha256;
  } catch (err) {
    return { number, err };
  }
}

async function fillMadeKeys(tx: Stores, after: number): Promise<Batch> {
  const rows = await tx.issuances.listMade({ after, limit: rowsAtOnce });
  for (const { id, csr } of rows) {
    if (csr === null) continue;
    for (const hash of hashesOf(parseCsr(csr).publicKey)) await tx.madeKeys.insert(hash, id);
  }
  return { rows, unreadable: [] };
}
