/** What a CA has issued, read from its files: the index of `openssl ca`, and a folder of certificates. */
import { createReadStream } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { IssuedFiles, IssuedPart, IssuedSerial } from '../cli/local.ts';
import { CertError, refuse, renderReason } from '../domain/errors.ts';
import { serialsAtOnce } from '../domain/ports/authority-import.ts';
import { type Certificate, parseCertificate, parseCertificatePem } from '../pki/certificate.ts';
import { isIssuedBy } from '../pki/chain.ts';
import { createIndexReader } from '../pki/issued-index.ts';
import { decodePemBundle } from '../pki/pem.ts';

const label = 'CERTIFICATE';

/** Part by part, so that it may be any number. @throws {CertError} caIndexLine with file and line; issuedUnreadable */
export async function* readIssued({ index, folder, issuer }: IssuedFiles): AsyncGenerator<IssuedPart> {
  let part: IssuedSerial[] = [];
  let others = 0;
  const ca = parseCertificatePem(issuer);
  for await (const found of allOf({ index, folder, ca })) {
    if (found === 'other') others += 1;
    else part.push(found);
    if (part.length < serialsAtOnce) continue;
    yield { serials: part, others };
    [part, others] = [[], 0];
  }
  yield { serials: part, others };
}

async function* allOf(from: {
  readonly index: string | undefined;
  readonly folder: string | undefined;
  readonly ca: Certificate;
}): AsyncGenerator<IssuedSerial | 'other'> {
  if (from.index !== undefined) yield* serialsOfIndex(from.index);
  if (from.folder !== undefined) yield* serialsOfFolder(from.folder, from.ca);
}

async function* serialsOfIndex(file: string): AsyncGenerator<IssuedSerial> {
  const reader = createIndexReader(file);
  const lines = createInterface({ input: createReadStream(file, 'utf8'), crlfDelay: Number.POSITIVE_INFINITY });
  for await (const line of namingFile(lines, file)) {
    const entry = reader.read(line);
    if (entry === undefined) continue;
    const { serial, notAfter, revoked } = entry;
    yield {
      serial,
      notAfter: notAfter.toISOString(),
      certificate: null,
      revokedAt: revoked?.at.toISOString() ?? null,
      reason: revoked?.reason ?? 'unspecified',
    };
  }
}

/** Of a folder only opening it says the path; reading it does not. */
async function* namingFile(lines: AsyncIterable<string>, path: string): AsyncGenerator<string> {
  try {
    yield* lines;
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown && !('path' in thrown)) Object.assign(thrown, { path });
    throw thrown;
  }
}

/** Certificates of others may lie there, such as that of the CA itself: they are counted. Files without a certificate are not. */
async function* serialsOfFolder(folder: string, ca: Certificate): AsyncGenerator<IssuedSerial | 'other'> {
  const names = (await readdir(folder, { withFileTypes: true, recursive: true })).filter((entry) => entry.isFile());
  for (const { parentPath, name } of names.toSorted((a, b) => a.name.localeCompare(b.name))) {
    const file = join(parentPath, name);
    for (const certificate of certificatesOf(file, await readFile(file))) {
      if (!(await isIssuedBy(certificate, ca))) {
        yield 'other';
        continue;
      }
      yield {
        serial: certificate.serialHex,
        notAfter: certificate.notAfter.toISOString(),
        certificate: certificate.der.toString('base64'),
        revokedAt: null,
        reason: 'unspecified',
      };
    }
  }
}

function certificatesOf(file: string, bytes: Buffer): readonly Certificate[] {
  const text = bytes.toString('latin1');
  const isPem = text.includes(`-----BEGIN ${label}-----`);
  if (!isPem && bytes[0] !== 0x30) return [];
  try {
    if (!isPem) return [parseCertificate(bytes)];
    return decodePemBundle(text, file).flatMap((block) => (block.label === label ? [parseCertificate(block.der)] : []));
  } catch (thrown) {
    // DER of something else, such as a request or a list.
    if (!isPem) return [];
    if (!(thrown instanceof CertError)) throw thrown;
    throw refuse('issuedUnreadable', { file, detail: renderReason(thrown.reason, 'en') }, { cause: thrown });
  }
}
