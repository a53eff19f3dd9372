/**
 * Reports of compromised keys by whoever holds them (BR §4.9.3, §4.9.12): a CSR whose subject says so and whose signature
 * is the key's. The reporter need not sign in, so the number of reports is limited and the reply reveals nothing new.
 */
import { networkOf } from '../../domain/address-range.ts';
import type { BlockedKey } from '../../domain/blocked-key.ts';
import { quoted, refuse } from '../../domain/errors.ts';
import { compromiseStatement, type KeyRegister } from '../../domain/ports/key-register.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import type { Clock } from '../../domain/ports/system.ts';
import { parseCsr, verifyCsr } from '../../pki/csr.ts';
import { type ListedKey, listedKey } from '../../pki/key-list.ts';
import type { Actor } from '../accounts/account-event.ts';
import type { AppContext } from '../context.ts';
import { alarm, blockKey } from './block-key.ts';

const windowMs = 15 * 60_000;
/** The most keys in one report: whoever lost more at once knows the operator. */
const reportsOfNetwork = 20;
const reportsOfAll = 500;

export function createReportCompromise(context: AppContext): KeyRegister['reportCompromise'] {
  const { database, clock } = context;
  const limit = createReportLimit(clock);

  return async (text, origin) => {
    // Before anything is read: a report that makes no sense counts as well.
    limit.take(origin.address);
    const csr = parseCsr(text);
    const { commonName = '' } = csr;
    if (commonName !== compromiseStatement) {
      throw refuse('proofSubject', { value: quoted(commonName), expected: compromiseStatement });
    }
    await verifyCsr(csr);
    const key = listedKey(csr.publicKey);
    const blocked = await database.write((tx) =>
      blockProvedKey(
        context,
        tx,
        { actor: 'system', requestId: origin.requestId },
        { key, note: `from ${origin.address}` },
      ),
    );
    if (blocked !== undefined) alarm(context, [blocked]);
    return { keyHash: key.fingerprint };
  };
}

/** The key has signed that it is compromised, in whatever form the caller has checked. @returns undefined where it was known */
export function blockProvedKey(
  { clock }: Pick<AppContext, 'clock'>,
  tx: Stores,
  by: Actor,
  { key, note }: { readonly key: ListedKey; readonly note: string },
): Promise<BlockedKey | undefined> {
  const createdAt = clock.now();
  return blockKey(tx, by, {
    ...key,
    accountId: null,
    source: 'proof',
    note,
    certificateId: null,
    createdAt,
  });
}

interface Report {
  readonly network: string;
  readonly until: number;
}

/** Kept in memory: a restart forgives. At most one entry for each report of the window. */
function createReportLimit(clock: Clock): { take(address: string): void } {
  const reports: Report[] = [];
  return {
    take(address) {
      const now = clock.now().getTime();
      while (reports[0] !== undefined && reports[0].until <= now) reports.shift();
      const network = networkOf(address);
      const own = reports.filter((report) => report.network === network);
      refuseFull(own, reportsOfNetwork, now);
      refuseFull(reports, reportsOfAll, now);
      reports.push({ network, until: now + windowMs });
    },
  };
}

/** @throws {CertError} keyReportsLimited */
function refuseFull(reports: readonly Report[], limit: number, now: number): void {
  const [oldest] = reports;
  if (oldest === undefined || reports.length < limit) return;
  throw refuse('keyReportsLimited', { retryAfterSeconds: Math.ceil((oldest.until - now) / 1000) });
}
