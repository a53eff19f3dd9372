/**
 * Reads the index that `openssl ca` keeps of what it has issued (`index.txt`), line by line: six fields with tabs between them, that is
 * status, end, revocation, serial number, file and subject.
 */
import { type ImportedReason, importedReasons } from '../domain/authority.ts';
import { serialFromText } from '../domain/certificate.ts';
import { quoted, refuse } from '../domain/errors.ts';
import type { IndexFault } from '../domain/messages/faults.ts';

export interface IndexEntry {
  /** From 1. */
  readonly line: number;
  /** Lower-case hex, without superfluous zeros. */
  readonly serial: string;
  readonly notAfter: Date;
  /** Null: it is not revoked. */
  readonly revoked: { readonly at: Date; readonly reason: ImportedReason } | null;
}

export interface IndexReader {
  /** The entry of the next line; undefined for one that is empty or a comment. @throws {CertError} caIndexLine */
  read(text: string): IndexEntry | undefined;
}

interface Place {
  readonly file: string;
  readonly line: number;
}

const fieldCount = 6;

/** @param file its name, for messages */
export function createIndexReader(file: string): IndexReader {
  const lines = new Map<string, number>();
  let line = 0;
  return {
    read(text) {
      line += 1;
      const bare = text.replace(/\r$/, '').replace(/^\ufeff/, '');
      if (bare.trim() === '' || bare.startsWith('#')) return undefined;
      const entry = readEntry(bare, { file, line });
      const before = lines.get(entry.serial);
      if (before !== undefined)
        throw fault({ file, line }, { fault: 'serialTwice', serial: entry.serial, line: before });
      lines.set(entry.serial, line);
      return entry;
    },
  };
}

function readEntry(text: string, place: Place): IndexEntry {
  const { line } = place;
  const fields = fieldsOf(text);
  if (fields.length !== fieldCount) throw fault(place, { fault: 'fields', count: fields.length });
  const [status = '', end = '', revocation = '', serialText = ''] = fields;
  if (!['V', 'R', 'E'].includes(status)) throw fault(place, { fault: 'status', found: quoted(status) });
  const notAfter = timeOf(end);
  if (notAfter === undefined) throw fault(place, { fault: 'end', found: quoted(end) });
  const serial = serialText === '' ? undefined : serialFromText(serialText);
  if (serial === undefined) throw fault(place, { fault: 'serial', found: quoted(serialText) });
  if (status === 'R' && revocation === '') throw fault(place, { fault: 'revocationMissing' });
  if (status !== 'R' && revocation !== '') throw fault(place, { fault: 'revocationUnexpected', status });
  return { line, serial, notAfter, revoked: status === 'R' ? revocationOf(revocation, place) : null };
}

/** OpenSSL writes a tab inside of a field with a backslash before it. */
function fieldsOf(text: string): readonly string[] {
  const fields: string[] = [''];
  for (const part of text.split('\t')) {
    const last = fields.at(-1) ?? '';
    if (last.endsWith('\\')) fields[fields.length - 1] = `${last.slice(0, -1)}\t${part}`;
    else fields.push(part);
  }
  return fields.slice(1);
}

/**
 * `date`, `date,reason`, and three with something more to the reason (`openssl ca -crl_hold`, `-crl_compromise`, `-crl_CA_compromise`):
 * what the certificate is held by, and since when a key is compromised, which our lists do not say.
 */
function revocationOf(text: string, place: Place): IndexEntry['revoked'] {
  const [time = '', name] = text.split(',');
  const at = timeOf(time);
  if (at === undefined) throw fault(place, { fault: 'revokedAt', found: quoted(time) });
  const reason = name === undefined ? 'unspecified' : reasonOf(name.trim());
  if (reason === undefined) throw fault(place, { fault: 'reason', found: quoted(name ?? '') });
  return { at, reason };
}

const withMore: Readonly<Record<string, ImportedReason>> = {
  holdinstruction: 'certificateHold',
  keytime: 'keyCompromise',
  cakeytime: 'cACompromise',
};

function reasonOf(name: string): ImportedReason | undefined {
  const lower = name.toLowerCase();
  return importedReasons.find((one) => one.toLowerCase() === lower) ?? withMore[lower];
}

/** UTCTime and GeneralizedTime (RFC 5280 §4.1.2.5), and UTCTime without seconds, which X.680 allows and old tools write. */
function timeOf(text: string): Date | undefined {
  const yearDigits = text.length === 15 ? 4 : 2;
  const isForm = /^[0-9]+Z$/.test(text) && [11, 13, 15].includes(text.length);
  if (!isForm) return undefined;
  const rest = text.slice(yearDigits, -1);
  const [month = 0, day = 0, hour = 0, minute = 0, second = 0] = (rest.match(/../g) ?? []).map(Number);
  const shortYear = Number(text.slice(0, yearDigits));
  const year = yearDigits === 4 ? shortYear : shortYear + (shortYear >= 50 ? 1900 : 2000);
  const at = new Date(Date.UTC(2000, month - 1, day, hour, minute, second));
  at.setUTCFullYear(year, month - 1, day);
  // A day that does not exist would roll over into the next month.
  const isReal = at.getUTCMonth() === month - 1 && at.getUTCDate() === day && hour < 24 && minute < 60 && second < 60;
  return isReal ? at : undefined;
}

function fault({ file, line }: Place, detail: IndexFault) {
  return refuse('caIndexLine', { file, line, detail });
}
