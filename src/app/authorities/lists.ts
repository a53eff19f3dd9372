/** Lists of authorities whose keys are outside: checked, then served as they are. */
import type { Authority } from '../../domain/authority.ts';
import type { Caller } from '../../domain/caller.ts';
import { type RevocationReason, revocationReasons } from '../../domain/certificate.ts';
import { refuse } from '../../domain/errors.ts';
import type { Authorities } from '../../domain/ports/authorities.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import { type Certificate, parseCertificate } from '../../pki/certificate.ts';
import { type Crl, parseCrl } from '../../pki/crl-reader.ts';
import { DerReader } from '../../pki/der-reader.ts';
import { formatName } from '../../pki/name.ts';
import { oidName, oids } from '../../pki/oid.ts';
import { isSignedBy } from '../../pki/signature.ts';
import type { AppContext } from '../context.ts';
import { findAuthority, keeperOf, recordAuthority } from './keeper.ts';
import { revokedBy } from './revoked-outside.ts';

const deltaIndicator = '2.5.29.27';

export function createLists(context: AppContext): Pick<Authorities, 'uploadList'> {
  const { database, clock } = context;
  const { read } = database;

  return {
    async uploadList(caller, id, der) {
      const keeper = keeperOf(context);
      const authority = await findAuthority(read, keeper.id, id);
      if (authority.keyPlace === 'here') throw refuse('authorityKeyHere', { authority: authority.subject });
      const list = parseCrl(der);
      const now = clock.now();
      const nextUpdate = await examineList(list, { authority, now });
      const revoked = await database.write((tx) => put(tx, { authority, list, nextUpdate, caller, now }));
      if (revoked.length > 0) await keeper.refresh();
      const crl = await read.crls.summaryOf(authority.id);
      if (crl === undefined) throw new Error(`the list of ${authority.id} was put, and is not there`);
      return { authority, crl, revoked };
    },
  };
}

/** @returns its nextUpdate @throws {CertError} */
async function examineList(
  list: Crl,
  { authority, now }: { readonly authority: Authority; readonly now: Date },
): Promise<Date> {
  const certificate = parseCertificate(authority.certificate);
  const { subject } = authority;
  if (!list.issuer.der.equals(certificate.subject.der))
    throw refuse('listOfOther', { issuer: formatName(list.issuer), authority: subject });
  if (!(await isListSignedBy(list, certificate))) throw refuse('listNotSigned', { authority: subject });
  if (isPartial(list)) throw refuse('listPartial', {});
  requireUsableList(list, now);
  if (list.numberHex === undefined) throw refuse('listWithoutNumber', {});
  if (list.nextUpdate === undefined) throw refuse('listWithoutEnd', {});
  const times = { until: list.nextUpdate.toISOString(), now: now.toISOString() };
  if (list.nextUpdate <= now) throw refuse('listOver', times);
  return list.nextUpdate;
}

/** @throws {CertError} listUnknownCritical, listNotYet */
export function requireUsableList({ unknownCritical, thisUpdate }: Crl, now: Date): void {
  if (unknownCritical !== undefined) throw refuse('listUnknownCritical', { extension: oidName(unknownCritical) });
  if (thisUpdate > now) throw refuse('listNotYet', { from: thisUpdate.toISOString(), now: now.toISOString() });
}

async function isListSignedBy(list: Crl, { publicKey, subjectKeyId }: Certificate): Promise<boolean> {
  const { signatureAlgorithm: algorithm, tbs: data, signature, authorityKeyId } = list;
  if (algorithm === undefined || publicKey === undefined) return false;
  if (authorityKeyId !== undefined && subjectKeyId !== undefined && authorityKeyId !== subjectKeyId) return false;
  return isSignedBy({ algorithm, publicKey, data, signature });
}

/** Speaks for some certificates or some reasons only (RFC 5280 §5.2.4, §5.2.5): `onlyContainsCACerts` of a root's list leaves nothing out. */
function isPartial({ extensions }: Crl): boolean {
  if (extensions.some(({ oid }) => oid === deltaIndicator)) return true;
  const point = extensions.find(({ oid }) => oid === oids.issuingDistributionPoint);
  if (point === undefined) return false;
  const fields = new DerReader(point.value, 'the list').sequence();
  while (!fields.isAtEnd) {
    const field = fields.peek() ?? 0;
    fields.raw();
    // 0: where the list is; 2: only CA certificates.
    if (![0, 2].includes(field & 0x1f)) return true;
  }
  return false;
}

async function put(
  tx: Stores,
  input: {
    readonly authority: Authority;
    readonly list: Crl;
    readonly nextUpdate: Date;
    readonly caller: Caller;
    readonly now: Date;
  },
): Promise<readonly Authority[]> {
  const { authority, list, nextUpdate, caller, now } = input;
  const before = await tx.crls.headOf(authority.id);
  const number = await nextNumber(list, before);
  if (number !== undefined) {
    const crl = {
      authorityId: authority.id,
      number,
      head: list.der,
      tail: new Uint8Array(),
      sizeBytes: list.der.length,
      thisUpdate: list.thisUpdate,
      nextUpdate,
    };
    await tx.crls.putMade(crl, list.entries.length);
    const data = { number: BigInt(`0x${list.numberHex}`).toString(), entries: list.entries.length, nextUpdate };
    await recordAuthority(tx, { kind: 'crl.uploaded', caller, subject: authority.id, at: now, data });
  }
  const revoked = revokedBy(list, { authority, all: await tx.authorities.list() });
  for (const one of revoked.filter(({ retiredAt, revokedAt }) => retiredAt === null || revokedAt === null)) {
    const changed = { ...one, retiredAt: one.retiredAt ?? now, ...revocationOf(one, list) };
    await tx.authorities.change(changed);
    if (one.retiredAt !== null) continue;
    const data = { subject: one.subject, by: authority.subject };
    await recordAuthority(tx, { kind: 'authority.revokedOutside', caller, subject: one.id, at: now, data });
  }
  return revoked;
}

const passing: readonly string[] = ['certificateHold', 'removeFromCRL'];

/** Nothing of one that only stands below, or is on hold: a later list may have it no more. */
function revocationOf(
  { certificate, revokedAt }: Authority,
  { entries }: Crl,
): Partial<Pick<Authority, 'revokedAt' | 'revocationReason'>> {
  const { serialHex } = parseCertificate(certificate);
  const entry = entries.find((one) => one.serialHex === serialHex);
  if (revokedAt !== null || entry === undefined || passing.includes(entry.reason)) return {};
  const reason = entry.reason === 'cACompromise' ? 'keyCompromise' : entry.reason;
  const known = Object.keys(revocationReasons) as RevocationReason[];
  return { revokedAt: entry.revokedAt, revocationReason: known.find((one) => one === reason) ?? 'unspecified' };
}

/**
 * Of the list as it is kept. Numbers may have 20 octets (RFC 5280 §5.2.3): those that do not fit are counted on instead.
 * @returns undefined where the very list is here already
 * @throws {CertError} listNumberBack
 */
async function nextNumber(
  list: Crl,
  before: { readonly number: number; readonly head: Uint8Array; readonly isWhole: boolean } | undefined,
): Promise<number | undefined> {
  const wanted = BigInt(`0x${list.numberHex ?? '0'}`);
  // Of our own lists the number is what is kept; of one from outside it is read again, since it may be larger.
  const newest =
    before === undefined
      ? -1n
      : before.isWhole
        ? BigInt(`0x${parseCrl(before.head).numberHex ?? '0'}`)
        : BigInt(before.number);
  if (before?.isWhole === true && list.der.equals(before.head)) return undefined;
  if (wanted <= newest) throw refuse('listNumberBack', { number: `${wanted}`, newest: `${newest}` });
  const kept = before?.number ?? 0;
  return wanted <= BigInt(Number.MAX_SAFE_INTEGER) && Number(wanted) > kept ? Number(wanted) : kept + 1;
}
