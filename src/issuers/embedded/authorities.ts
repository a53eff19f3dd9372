/**
 * The embedded issuer's own certificates: for each key type a self-signed root and an intermediate under it, made at the
 * first start. Two hierarchies, because a client that cannot verify ECDSA needs a chain without any.
 */
import { type Authority, type AuthoritySigner, fromTheStart, type KeyStore } from '../../domain/authority.ts';
import { awaitedCa } from '../../domain/awaited-ca.ts';
import type { ListSettings } from '../../domain/crl-times.ts';
import { refuse, renderReason } from '../../domain/errors.ts';
import { type AuthorityId, newId } from '../../domain/ids.ts';
import { pkiUrlProblem } from '../../domain/pki-url.ts';
import type { EventAuthor } from '../../domain/ports/issuer.ts';
import type { Database, Stores } from '../../domain/ports/stores/index.ts';
import type { Clock, Log, Randomness } from '../../domain/ports/system.ts';
import { intermediateDays, type RolloverSettings } from '../../domain/rollover.ts';
import { intermediateTbs, rootTbs } from '../../pki/ca-certificate.ts';
import { parseCertificate } from '../../pki/certificate.ts';
import { serialFrom } from '../../pki/leaf-template.ts';
import { type CertificateFacts, createCertificateLint, keyKindOfSpki, lintedIssuerOf } from '../../pki/lint/index.ts';
import { encodeName, formatName, type NameFields } from '../../pki/name.ts';
import { oids } from '../../pki/oid.ts';
import { keyIdentifier } from '../../pki/public-key.ts';
import { createLintedSigner, LintRefusal, type SignedFor } from './linted-signer.ts';
import { newSerial } from './new-serial.ts';

export interface AuthoritiesOptions {
  readonly issuerId: string;
  /** The O of the authorities' names. */
  readonly organization: string;
  /** By which CAA records name the CA. */
  readonly caaDomains: readonly string[];
  readonly keyStore: KeyStore;
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Log;
  readonly random: Randomness;
  /** Where `/pki/…` is reached by whoever checks a certificate, without a trailing slash. */
  readonly pkiUrl: string;
  /** A CA is made whatever the URL is: for trying out. */
  readonly allowLocalPkiUrl?: boolean;
  /** `outside`: none is made here. Each key waits for the certificate of another CA (`app/authorities/`). Default: `here`. */
  readonly root?: 'here' | 'outside';
  readonly lists?: ListSettings;
  readonly rollover?: RolloverSettings;
}

export type Hierarchy = Extract<Authority['keyKind'], 'rsa' | 'P-256'>;
export const hierarchies: readonly Hierarchy[] = ['P-256', 'rsa'];

// As public roots are named: E for elliptic curves, R for RSA, numbered by generation.
const letterOf: Readonly<Record<Hierarchy, string>> = { 'P-256': 'E', rsa: 'R' };

const dayMs = 86_400_000;
// Chrome Root Program 1.8 phases roots out after 15 years; twice as long as anything below it is enough for a private one.
const rootDays = 2 * intermediateDays;

/** The authorities of the issuer, made where they are missing. Safe to repeat after a crash at any point. */
export async function ensureAuthorities(options: AuthoritiesOptions): Promise<readonly Authority[]> {
  const { database, issuerId } = options;
  const known = (await database.read.authorities.list()).filter((authority) => authority.issuerId === issuerId);
  if (options.root === 'outside') {
    const requests = await database.read.authorities.listRequests();
    const awaited = awaitedCa(issuerId, { authorities: known, requests });
    if (awaited !== undefined) {
      requirePkiUrl(options);
      options.log.warn({}, renderReason(awaited, 'en'));
    }
    return known;
  }
  requireGoodUrl(options, known);
  // Settled, not `all`: when one fails, nothing of the other may still be under way behind the caller's back.
  const made = await Promise.allSettled(
    hierarchies.map(async (keyKind) => {
      const mine = known.filter((authority) => authority.keyKind === keyKind);
      const root = mine.find(({ role }) => role === 'root') ?? (await makeRoot(options, keyKind, first));
      const intermediates = mine.filter(({ role }) => role === 'intermediate');
      return [root, ...(intermediates.length > 0 ? intermediates : [await makeIntermediate(options, root, first)])];
    }),
  );
  return made.flatMap((hierarchy) => {
    if (hierarchy.status === 'rejected') throw hierarchy.reason;
    return hierarchy.value;
  });
}

/** Before any key is made. What is there already stays as it is. @throws {CertError} for the operator */
function requireGoodUrl(options: AuthoritiesOptions, known: readonly Authority[]): void {
  const isComplete = hierarchies.every((kind) =>
    known.some(({ role, keyKind }) => role === 'intermediate' && keyKind === kind),
  );
  if (!isComplete) requirePkiUrl(options);
}

/** @throws {CertError} authorityNotMade */
export function requirePkiUrl({ pkiUrl, allowLocalPkiUrl }: AuthoritiesOptions): void {
  const problem = allowLocalPkiUrl === true ? undefined : pkiUrlProblem(pkiUrl);
  if (problem !== undefined) throw refuse('authorityNotMade', { problem });
}

/** How one is made that stands in a line of others. */
export interface Making {
  /** Those of the line when this was decided: where the table has another one by then, somebody was faster. */
  readonly line: readonly Authority[];
  /** Null: since it is made. */
  readonly signsFrom: Date | null;
  readonly by: EventAuthor;
}

const first: Making = { line: [], signsFrom: null, by: { actor: 'system', requestId: null } };

export async function makeRoot(options: AuthoritiesOptions, keyKind: Hierarchy, making: Making): Promise<Authority> {
  const { keyStore, organization } = options;
  const id = newId('authority', options);
  const { spki } = await keyStore.create(id, keyKind);
  const signer = await keyStore.signer(id);
  const subjectName = nextName(making.line, (number) => ({
    O: organization,
    CN: `${organization} Root CA ${letterOf[keyKind]}${number}`,
  }));
  const tbs = rootTbs({
    ...validity(options, rootDays),
    serial: serialFrom(options.random.bytes(16)),
    subjectName,
    spkiDer: spki,
    signatureAlgorithm: signer.algorithm,
  });
  const issuer = {
    name: subjectName,
    keyId: keyIdentifier(spki),
    keyKind: keyKindOfSpki(spki),
    period: null,
    pathLength: undefined,
  };
  const certificate = await signLinted(options, { tbs, signer, issuer, kind: 'root', authority: id });
  return store(options, { id, role: 'root', keyKind, parentId: null, certificate }, making);
}

/** It does not outlast its root. */
export async function makeIntermediate(
  options: AuthoritiesOptions,
  root: Authority,
  making: Making,
): Promise<Authority> {
  const { keyStore, organization, pkiUrl } = options;
  const keyKind = root.keyKind === 'rsa' ? 'rsa' : 'P-256';
  const id = newId('authority', options);
  const { spki } = await keyStore.create(id, keyKind);
  const signer = await keyStore.signer(root.id);
  const issuer = parseCertificate(root.certificate);
  const { notAfter, notBefore } = validity(options, intermediateDays);
  // Of a root that came from another CA, none that it had used there.
  const serial = await newSerial({ random: options.random, stores: options.database.read }, root);
  const tbs = intermediateTbs({
    serial: Buffer.from(serial, 'hex'),
    notBefore,
    notAfter: notAfter < root.notAfter ? notAfter : root.notAfter,
    subjectName: nextName(making.line, (number) => ({
      O: organization,
      CN: `${organization} TLS CA ${letterOf[keyKind]}${number}`,
    })),
    spkiDer: spki,
    signatureAlgorithm: signer.algorithm,
    issuerName: issuer.subject.der,
    issuerKeyId: Buffer.from(issuer.subjectKeyId ?? '', 'hex'),
    purposes: [oids.serverAuth],
    caIssuersUrl: authorityUrls(pkiUrl, root.id).certificate,
    crlUrl: authorityUrls(pkiUrl, root.id).crl,
  });
  const linted = lintedIssuerOf(issuer, { from: issuer.notBefore, until: issuer.notAfter });
  const certificate = await signLinted(options, {
    tbs,
    signer,
    issuer: linted,
    kind: 'intermediate',
    authority: root.id,
  });
  return store(options, { id, role: 'intermediate', keyKind, parentId: root.id, certificate }, making);
}

/** The name of the next generation, which nobody of the line has: two CAs of one name and different keys confuse whoever builds chains. */
function nextName(line: readonly Authority[], fieldsOf: (number: number) => NameFields): Uint8Array {
  const taken = new Set(
    line.map(({ certificate }) => Buffer.from(parseCertificate(certificate).subject.der).toString('hex')),
  );
  for (let number = line.length + 1; ; number++) {
    const name = encodeName(fieldsOf(number));
    if (!taken.has(Buffer.from(name).toString('hex'))) return name;
  }
}

interface CaToSign extends Pick<SignedFor, 'authority'>, Pick<CertificateFacts, 'issuer'> {
  readonly tbs: Buffer;
  readonly signer: AuthoritySigner;
  readonly kind: 'root' | 'intermediate';
}

/** @throws {CertError} authorityLintFound, for the operator */
async function signLinted(options: AuthoritiesOptions, { tbs, issuer, kind, ...rest }: CaToSign): Promise<Buffer> {
  const lint = createCertificateLint({ kind, issuer, profile: null });
  const subject = options.organization;
  try {
    return await createLintedSigner(options).certificate(tbs, { ...rest, lint, kind, subject });
  } catch (thrown) {
    if (!(thrown instanceof LintRefusal)) throw thrown;
    const { rule, source, found } = thrown.finding;
    throw refuse('authorityLintFound', { rule, source, found }, { cause: thrown });
  }
}

/**
 * The key is durable before the row that names it: a crash in between leaves a key that nothing uses.
 * @returns that of another node, where one was faster
 */
async function store(
  options: AuthoritiesOptions,
  parts: Pick<Authority, 'id' | 'role' | 'keyKind' | 'parentId' | 'certificate'>,
  { line, signsFrom, by }: Making,
): Promise<Authority> {
  const { database, clock, issuerId } = options;
  const parsed = parseCertificate(parts.certificate);
  const subject = formatName(parsed.subject);
  const authority: Authority = {
    ...parts,
    issuerId,
    subject,
    notAfter: parsed.notAfter,
    createdAt: clock.now(),
    ...fromTheStart,
    signsFrom,
  };
  const known = new Set(line.map(({ id }) => id));
  return database.write(async (tx) => {
    const rival = (await tx.authorities.list()).find(
      ({ id, role, keyKind, issuerId }) =>
        role === authority.role && keyKind === authority.keyKind && issuerId === authority.issuerId && !known.has(id),
    );
    if (rival !== undefined) return rival;
    await tx.authorities.insert(authority);
    await tx.events.append({
      kind: 'authority.created',
      accountId: null,
      ...by,
      subject: authority.id,
      data: {
        role: authority.role,
        subject,
        notAfter: authority.notAfter,
        ...(signsFrom === null ? {} : { signsFrom }),
      },
      at: authority.createdAt,
    });
    if (signsFrom !== null) await queueWork(tx, authority, signsFrom);
    return authority;
  });
}

/** Its first list, and the look at whom it follows. */
async function queueWork(tx: Stores, { id, createdAt }: Authority, signsFrom: Date): Promise<void> {
  await tx.jobs.enqueue({ kind: 'publishCrl', subject: id, runAt: createdAt });
  await tx.jobs.enqueue({ kind: 'watchAuthorities', subject: 'all', runAt: signsFrom });
}

function validity({ clock }: AuthoritiesOptions, days: number) {
  const begin = Math.floor(clock.now().getTime() / 1000) * 1000 - 60_000;
  return {
    notBefore: new Date(begin),
    notAfter: new Date(begin + Math.floor((days * dayMs) / 1000) * 1000 - 1000),
  };
}

/** Where an authority's certificate and CRL are served; the listener serves the same paths. */
export function authorityUrls(pkiUrl: string, id: AuthorityId): { readonly certificate: string; readonly crl: string } {
  return { certificate: `${pkiUrl}/${id}.cer`, crl: `${pkiUrl}/${id}.crl` };
}
