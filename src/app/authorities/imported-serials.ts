/** What a CA had issued before it came here: handed in before it is taken over, and revoked afterwards. */
import type { ImportedSerial } from '../../domain/authority.ts';
import type { BlockedKey } from '../../domain/blocked-key.ts';
import type { Caller } from '../../domain/caller.ts';
import { type RevocationReason, serialFromText } from '../../domain/certificate.ts';
import { quoted, refuse } from '../../domain/errors.ts';
import { type AuthorityId, isId, newId } from '../../domain/ids.ts';
import { expectedOf } from '../../domain/messages/expectations.ts';
import { type AuthorityImport, type SerialInput, serialsAtOnce } from '../../domain/ports/authority-import.ts';
import type { NewImportedSerial } from '../../domain/ports/stores/imported-serials.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import { parseCertificate } from '../../pki/certificate.ts';
import { keyOfCertificate } from '../../pki/key-list.ts';
import type { AppContext } from '../context.ts';
import { alarm, blockKey } from '../revoking/block-key.ts';
import { onFullDiskToo } from '../revoking/revoke-certificate.ts';

export function createImportedSerials(context: AppContext): Pick<AuthorityImport, 'addSerials' | 'revokeSerial'> {
  const { database, clock, queue } = context;

  return {
    async addSerials(_caller, upload, serials) {
      if (serials.length > serialsAtOnce) {
        const expected = expectedOf.itemsAtMost(serialsAtOnce);
        throw refuse('fieldInvalid', { field: 'serials', value: `${serials.length}`, expected });
      }
      const id = upload === null ? newId('authority', context) : idOf(upload);
      const rows = serials.map((serial, index) => rowOf(id, serial, `serials[${index}]`));
      await database.write(async (tx) => {
        if (upload === null) await tx.importedSerials.insertUpload(id, clock.now());
        else if (!(await tx.importedSerials.hasUpload(id))) throw refuse('uploadUnknown', { upload });
        await tx.importedSerials.put(rows);
      });
      return { upload: id, ...(await database.read.importedSerials.count(id)) };
    },

    async revokeSerial(caller, { authority: authorityId, serial: text, reason }) {
      const serial = serialFromText(text);
      if (serial === undefined) {
        const expected = { en: 'hex of at most 20 bytes', zh: '最多 20 字节的十六进制数' };
        throw refuse('fieldInvalid', { field: 'serial', value: quoted(text), expected });
      }
      const { revoked, compromised } = await database.write(async (tx) => {
        const before = await requireSerial(tx, { authorityId, serial });
        return revoke(context, tx, caller, { before, reason });
      }, onFullDiskToo);
      queue.wake();
      alarm(context, compromised);
      return revoked;
    },
  };
}

function idOf(upload: string): AuthorityId {
  if (isId('authority', upload)) return upload;
  throw refuse('uploadUnknown', { upload });
}

/** A certificate says more reliably what its serial and its end are than whoever copied them. */
function rowOf(authorityId: AuthorityId, input: SerialInput, field: string): NewImportedSerial {
  const { certificate, notAfter, revoked } = input;
  const parsed = certificate === null ? undefined : parseCertificate(certificate);
  const serial = serialFromText(input.serial);
  if (serial === undefined || (parsed !== undefined && serialFromText(parsed.serialHex) !== serial)) {
    const expected = {
      en: 'the serial number of the certificate as hex, at most 20 bytes',
      zh: '证书序列号的十六进制数，最多 20 字节',
    };
    throw refuse('fieldInvalid', { field: `${field}.serial`, value: quoted(input.serial), expected });
  }
  return {
    authorityId,
    serial,
    certificate,
    notAfter: parsed?.notAfter ?? notAfter,
    revokedAt: revoked?.at ?? null,
    revocationReason: revoked?.reason ?? null,
  };
}

async function requireSerial(
  tx: Stores,
  { authorityId, serial }: { readonly authorityId: string; readonly serial: string },
): Promise<ImportedSerial> {
  const authority = isId('authority', authorityId) ? await tx.authorities.get(authorityId) : undefined;
  if (authority === undefined) throw refuse('notFound', { what: 'authority', value: quoted(authorityId) });
  const imported = await tx.importedSerials.get(authority.id, serial);
  if (imported !== undefined) {
    if (authority.keyPlace === 'here') return imported;
    throw refuse('authorityKeyOutside', { authority: authority.subject });
  }
  const ours = (await tx.certificates.listBySerial(serial)).find((one) => one.authorityId === authority.id);
  if (ours !== undefined) throw refuse('serialOfCertificate', { serial, certificate: `${ours.number}` });
  throw refuse('serialUnknown', { serial, authority: authority.subject });
}

/** As of our own: the date of a revocation stays, and its reason may only become worse, or take the place of a hold (RFC 5280 §5.3.1). */
async function revoke(
  { clock }: AppContext,
  tx: Stores,
  by: Caller,
  { before, reason }: { readonly before: ImportedSerial; readonly reason: RevocationReason },
): Promise<{ readonly revoked: ImportedSerial; readonly compromised: readonly BlockedKey[] }> {
  const { authorityId, serial } = before;
  const now = clock.now();
  const mayRaise = reason === 'keyCompromise' || before.revocationReason === 'certificateHold';
  const isDone =
    (await tx.importedSerials.moveToRevoked(authorityId, serial, now, reason)) ||
    (mayRaise && (await tx.importedSerials.raiseReason(authorityId, serial, reason)));
  if (!isDone) {
    const at = before.revokedAt?.toISOString() ?? '';
    throw refuse('serialRevoked', { serial, at, reason: before.revocationReason ?? 'unspecified' });
  }
  await tx.events.append({
    kind: 'authority.serialRevoked',
    accountId: null,
    actor: by.actor,
    subject: authorityId,
    data: { serial, reason },
    requestId: by.requestId,
    at: now,
  });
  await tx.jobs.enqueue({ kind: 'publishCrl', subject: authorityId, runAt: now });
  const revoked = { ...before, revokedAt: before.revokedAt ?? now, revocationReason: reason };
  return { revoked, compromised: reason === 'keyCompromise' ? await blockKeyOf(tx, by, before, now) : [] };
}

/** BR §6.1.1.3: it must not be certified again. Of a serial without its certificate no key is known. */
async function blockKeyOf(tx: Stores, by: Caller, { certificate, serial }: ImportedSerial, createdAt: Date) {
  if (certificate === null) return [];
  const blocked = await blockKey(tx, by, {
    ...keyOfCertificate(certificate),
    accountId: null,
    source: 'revocation',
    note: `serial ${serial}`,
    certificateId: null,
    createdAt,
  });
  return blocked === undefined ? [] : [blocked];
}
