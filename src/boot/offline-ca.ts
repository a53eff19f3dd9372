/**
 * What is done with the key of a root that is in a file: on a machine without a server, and perhaps without a network. The key is read,
 * used and forgotten; it goes nowhere.
 */
import { open, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type {
  HeldRootKey,
  KeptRootKey,
  OfflineCaRequest,
  OfflineList,
  OfflineListRequest,
  OfflineSigning,
  RootKeyFile,
} from '../cli/local.ts';
import { refuse } from '../domain/errors.ts';
import type { Clock, Randomness } from '../domain/ports/system.ts';
import { createLintedSigner, type LintedSigner, LintRefusal } from '../issuers/embedded/linted-signer.ts';
import { intermediateTbs } from '../pki/ca-certificate.ts';
import { type CaChain, examineCa, examineChain } from '../pki/ca-examination.ts';
import { type Certificate, parseCertificate, parseCertificatePem } from '../pki/certificate.ts';
import { type CrlEntry, crlFrame, encodeCrlEntries, signedCrlFrame } from '../pki/crl.ts';
import { type Crl, parseCrl } from '../pki/crl-reader.ts';
import { csrDerOf, parseCsr, verifyCsr } from '../pki/csr.ts';
import { openKeyPem } from '../pki/encrypted-key.ts';
import { createLocalSigner, type LocalSigner } from '../pki/key.ts';
import { serialFrom } from '../pki/leaf-template.ts';
import { createCertificateLint, lintedIssuerOf } from '../pki/lint/index.ts';
import { formatName } from '../pki/name.ts';
import { oidName, oids } from '../pki/oid.ts';
import { decodePem, encodePem } from '../pki/pem.ts';
import { isSignedBy } from '../pki/signature.ts';
import { syncDirectory } from '../system/index.ts';

const dayMs = 86_400_000;
/** As lists of a server are numbered. */
const largestNumber = 2n ** 48n - 1n;

interface World {
  readonly clock: Clock;
  readonly random: Randomness;
}

/**
 * Writes the key, has it on the disk, reads it back and opens it: only then is there a signature by which the server removes its own.
 * An existing file is left alone: where it holds this very key under this passphrase, as that of a call whose answer was lost, it is the one.
 */
export async function keepRootKey({ file, pem, passphrase, toSign }: RootKeyFile): Promise<KeptRootKey> {
  const handle = await open(file, 'wx', 0o600).catch(async (cause: NodeJS.ErrnoException) => {
    if (cause.code !== 'EEXIST') throw cause;
    const { publicKey } = await signerOf(pem, { file, passphrase });
    if (!(await holdsKey({ file, passphrase, spkiDer: publicKey.spkiDer })))
      throw refuse('keyFileExists', { file }, { cause });
    return undefined;
  });
  if (handle !== undefined) {
    try {
      await handle.writeFile(pem);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await syncDirectory(dirname(file));
  }
  const signer = await signerOf(await readFile(file, 'utf8'), { file, passphrase });
  return {
    signature: (await signer.sign(Buffer.from(toSign))).toString('base64'),
    isNew: handle !== undefined,
  };
}

/** Reports whether the file holds the key of the certificate: the answer to its removal was lost then, and all is done. */
export async function holdsRootKey({ file, passphrase, certificate }: HeldRootKey): Promise<boolean> {
  return holdsKey({ file, passphrase, spkiDer: parseCertificatePem(certificate).spkiDer });
}

async function holdsKey({
  file,
  passphrase,
  spkiDer,
}: Pick<RootKeyFile, 'file' | 'passphrase'> & { readonly spkiDer: Buffer }): Promise<boolean> {
  try {
    const { publicKey } = await signerOf(await readFile(file, 'utf8'), { file, passphrase });
    return publicKey.spkiDer.equals(spkiDer);
  } catch {
    // Nothing there, half of a file, something else, or another passphrase.
    return false;
  }
}

async function signerOf(
  pem: string,
  { file, passphrase }: { readonly file: string; readonly passphrase: string | undefined },
): Promise<LocalSigner> {
  const pkcs8 = openKeyPem(pem, passphrase);
  if (pkcs8 === undefined) throw refuse('keyFileNotOpened', { file });
  try {
    return createLocalSigner(pkcs8);
  } finally {
    pkcs8.fill(0);
  }
}

/** The key and the certificate that it belongs to. @throws {CertError} */
async function openCa({ key, certificate, passphrase, keyFile }: OfflineSigning) {
  const ca = parseCertificatePem(certificate);
  examineCa(ca);
  const signer = await signerOf(key, { file: keyFile, passphrase });
  if (!signer.publicKey.spkiDer.equals(ca.spkiDer))
    throw refuse('keyOfOtherCertificate', { file: keyFile, subject: formatName(ca.subject) });
  return { ca, signer };
}

/** The certificate of a subordinate CA, for its request. PEM. @throws {CertError} */
export async function signCaRequest(input: OfflineCaRequest, { clock, random }: World): Promise<string> {
  const { ca, signer } = await openCa(input);
  const csr = parseCsr(csrDerOf(input.csr));
  await verifyCsr(csr);
  const begin = Math.floor(clock.now().getTime() / 1000) * 1000 - 60_000;
  // A chain is valid for no longer than its shortest certificate.
  const end = Math.min(begin + input.days * dayMs - 1000, ca.notAfter.getTime());
  const below =
    input.pkiUrl === undefined || input.authority === undefined ? undefined : `${input.pkiUrl}/${input.authority}`;
  const tbs = intermediateTbs({
    serial: serialFrom(random.bytes(16)),
    notBefore: new Date(Math.max(begin, ca.notBefore.getTime())),
    notAfter: new Date(end),
    subjectName: csr.subject.der,
    spkiDer: csr.publicKey.spkiDer,
    signatureAlgorithm: signer.algorithm,
    issuerName: ca.subject.der,
    issuerKeyId: keyIdOf(ca),
    pathLength: input.pathLength,
    purposes: [oids.serverAuth],
    ...(below === undefined ? {} : { caIssuersUrl: `${below}.cer`, crlUrl: `${below}.crl` }),
    ...(input.crlUrl === undefined ? {} : { crlUrl: input.crlUrl }),
  });
  const issuer = lintedIssuerOf(ca, { from: ca.notBefore, until: ca.notAfter });
  const lint = createCertificateLint({ kind: 'intermediate', issuer, profile: null });
  const subject = formatName(csr.subject);
  const der = await linted(clock, (gate) =>
    gate.certificate(tbs, { signer, lint, authority: formatName(ca.subject), kind: 'intermediate', subject }),
  );
  // What is handed out is what would be taken.
  const chain: CaChain = [parseCertificate(der), ca];
  await examineChain(chain, clock.now());
  return encodePem('CERTIFICATE', der);
}

/** A list of the CA: what the list before had, and what is revoked now. PEM. @throws {CertError} */
export async function signCaList(input: OfflineListRequest, { clock }: World): Promise<OfflineList> {
  const { ca, signer } = await openCa(input);
  const before =
    input.previous === undefined
      ? undefined
      : parseCrl(decodePem(input.previous, { what: 'the former list', labels: ['X509 CRL'] }));
  if (before !== undefined && !before.issuer.der.equals(ca.subject.der))
    throw refuse('listOfOther', { issuer: formatName(before.issuer), authority: formatName(ca.subject) });
  if (before !== undefined) await requireWholeOf(before, ca);
  const now = new Date(Math.floor(clock.now().getTime() / 1000) * 1000);
  const kept = (before?.entries ?? []).map(({ serialHex, revokedAt, reason }) => ({
    serial: Buffer.from(serialHex, 'hex'),
    revokedAt,
    reason,
  }));
  const added = input.revoked
    .map(parseCertificatePem)
    .filter((one) => !kept.some(({ serial }) => serial.equals(one.serial)));
  for (const one of added) {
    if (!one.issuer.der.equals(ca.subject.der))
      throw refuse('revokesOfOther', { subject: formatName(one.subject), authority: formatName(ca.subject) });
  }
  const entries: readonly CrlEntry[] = [
    ...kept,
    ...added.map((one) => ({ serial: one.serial, revokedAt: now, reason: listedReason(one, input.reason) })),
  ];
  const numberBefore = before?.numberHex === undefined ? undefined : BigInt(`0x${before.numberHex}`);
  const next = BigInt(input.number ?? (numberBefore ?? 0n) + 1n);
  if (next > largestNumber) throw refuse('listNumberTooLarge', { number: `${next}` });
  const number = Number(next);
  const nextUpdate = new Date(Math.min(now.getTime() + input.days * dayMs, ca.notAfter.getTime()));
  const piece = encodeCrlEntries(entries);
  const entriesSize = piece.length;
  const { algorithm } = signer;
  const names = { issuerName: ca.subject.der, issuerKeyId: keyIdOf(ca), signatureAlgorithm: algorithm };
  const frame = crlFrame({ ...names, number, thisUpdate: now, nextUpdate }, entriesSize);
  const subject = formatName(ca.subject);
  const facts = {
    issuer: lintedIssuerOf(ca, { from: ca.notBefore, until: ca.notAfter }),
    // A CA with no room below it signs nothing else.
    isOfLeaves: ca.pathLength === 0,
    numberBefore: numberBefore === undefined ? undefined : Number(numberBefore),
  };
  const signature = await linted(clock, (gate) => {
    gate.entries(piece);
    const list = { frame, pieces: [piece], entriesSize };
    return gate.list(list, { signer, facts, authority: subject, kind: 'list', subject });
  });
  const { head, tail } = signedCrlFrame(frame, { algorithm, signature, entriesSize });
  const pem = encodePem('X509 CRL', Buffer.concat([head, piece, tail]));
  return { pem, number, entries: entries.length, nextUpdate: nextUpdate.toISOString() };
}

/** What is not the whole list of this key would take entries out of the next one. @throws {CertError} */
async function requireWholeOf(list: Crl, { subject, publicKey }: Certificate): Promise<void> {
  if (list.isPartial) throw refuse('listPartial', {});
  if (list.unknownCritical !== undefined)
    throw refuse('listUnknownCritical', { extension: oidName(list.unknownCritical) });
  const { signatureAlgorithm: algorithm, tbs: data, signature } = list;
  const isSigned =
    algorithm !== undefined && publicKey !== undefined && (await isSignedBy({ algorithm, publicKey, data, signature }));
  if (!isSigned) throw refuse('listNotSigned', { authority: formatName(subject) });
}

/** As on a server, lint comes before the signature. @throws {CertError} offlineLintFound */
async function linted<T>(clock: Clock, sign: (gate: LintedSigner) => Promise<T>): Promise<T> {
  try {
    return await sign(createLintedSigner({ database: null, clock }));
  } catch (thrown) {
    if (!(thrown instanceof LintRefusal)) throw thrown;
    const { rule, source, found } = thrown.finding;
    throw refuse('offlineLintFound', { rule, source, found }, { cause: thrown });
  }
}

/** RFC 5280 §5.3.1 has a reason of its own for the key of a CA. */
function listedReason({ isCa }: Certificate, reason: OfflineListRequest['reason']): CrlEntry['reason'] {
  return isCa && reason === 'keyCompromise' ? 'cACompromise' : reason;
}

function keyIdOf({ subjectKeyId }: Certificate): Buffer {
  return Buffer.from(subjectKeyId ?? '', 'hex');
}
