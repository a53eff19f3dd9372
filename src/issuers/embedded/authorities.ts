/**
 * The embedded issuer's own certificates: for each key type a self-signed root and an intermediate under it, made at the
 * first start. Two hierarchies, because a client that cannot verify ECDSA needs a chain without any.
 */
import { type Authority, fromTheStart, type KeyStore } from '../../domain/authority.ts';
import { refuse } from '../../domain/errors.ts';
import { type AuthorityId, newId } from '../../domain/ids.ts';
import { pkiUrlProblem } from '../../domain/pki-url.ts';
import type { Database } from '../../domain/ports/stores/index.ts';
import type { Clock, Log, Randomness } from '../../domain/ports/system.ts';
import { intermediateTbs, rootTbs } from '../../pki/ca-certificate.ts';
import { parseCertificate } from '../../pki/certificate.ts';
import { serialFrom } from '../../pki/leaf-template.ts';
import { encodeName, formatName } from '../../pki/name.ts';
import { oids } from '../../pki/oid.ts';
import { signAndAssemble } from '../../pki/signature.ts';

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
}

type Hierarchy = Extract<Authority['keyKind'], 'rsa' | 'P-256'>;
const hierarchies: readonly Hierarchy[] = ['P-256', 'rsa'];

// As public roots are named: E for elliptic curves, R for RSA, numbered by generation.
const generation: Readonly<Record<Hierarchy, string>> = { 'P-256': 'E1', rsa: 'R1' };

// Chrome Root Program 1.8 phases roots out after 15 years; twice as long as anything below it is enough for a private one.
const rootYears = 20;
const intermediateYears = 10;
const yearMs = 365.25 * 86_400_000;

/** The authorities of the issuer, made where they are missing. Safe to repeat after a crash at any point. */
export async function ensureAuthorities(options: AuthoritiesOptions): Promise<readonly Authority[]> {
  const { database, issuerId } = options;
  const known = (await database.read.authorities.list()).filter((authority) => authority.issuerId === issuerId);
  if (options.root === 'outside') {
    const isAwaited = !known.some(({ role, keyPlace }) => role === 'intermediate' && keyPlace === 'here');
    if (isAwaited) requireUrl(options);
    if (isAwaited) sayWhatIsAwaited(options);
    return known;
  }
  requireGoodUrl(options, known);
  // Settled, not `all`: when one fails, nothing of the other may still be under way behind the caller's back.
  const made = await Promise.allSettled(
    hierarchies.map(async (keyKind) => {
      const mine = known.filter((authority) => authority.keyKind === keyKind);
      const root = mine.find(({ role }) => role === 'root') ?? (await makeRoot(options, keyKind));
      const intermediates = mine.filter(({ role }) => role === 'intermediate');
      return [root, ...(intermediates.length > 0 ? intermediates : [await makeIntermediate(options, root)])];
    }),
  );
  return made.flatMap((hierarchy) => {
    if (hierarchy.status === 'rejected') throw hierarchy.reason;
    return hierarchy.value;
  });
}

function sayWhatIsAwaited({ log }: AuthoritiesOptions): void {
  log.warn(
    {},
    'the CA has no certificate yet, and orders wait for it: certmux ca request makes a request for the CA outside, and certmux ca install takes its certificate',
  );
}

/** Before any key is made. What is there already stays as it is. @throws {CertError} for the operator */
function requireGoodUrl(options: AuthoritiesOptions, known: readonly Authority[]): void {
  const isComplete = hierarchies.every((kind) =>
    known.some(({ role, keyKind }) => role === 'intermediate' && keyKind === kind),
  );
  if (!isComplete) requireUrl(options);
}

function requireUrl({ pkiUrl, allowLocalPkiUrl }: AuthoritiesOptions): void {
  const problem = allowLocalPkiUrl === true ? undefined : pkiUrlProblem(pkiUrl);
  if (problem !== undefined) throw refuse('authorityNotMade', { problem });
}

async function makeRoot(options: AuthoritiesOptions, keyKind: Hierarchy): Promise<Authority> {
  const { keyStore, organization } = options;
  const id = newId('authority', options);
  const { spki } = await keyStore.create(id, keyKind);
  const signer = await keyStore.signer(id);
  const subjectName = encodeName({ O: organization, CN: `${organization} Root CA ${generation[keyKind]}` });
  const tbs = rootTbs({
    ...validity(options, rootYears),
    subjectName,
    spkiDer: spki,
    signatureAlgorithm: signer.algorithm,
  });
  const certificate = await signAndAssemble(tbs, signer);
  return store(options, { id, role: 'root', keyKind, parentId: null, certificate });
}

async function makeIntermediate(options: AuthoritiesOptions, root: Authority): Promise<Authority> {
  const { keyStore, organization, pkiUrl } = options;
  const keyKind = root.keyKind === 'rsa' ? 'rsa' : 'P-256';
  const id = newId('authority', options);
  const { spki } = await keyStore.create(id, keyKind);
  const signer = await keyStore.signer(root.id);
  const issuer = parseCertificate(root.certificate);
  const tbs = intermediateTbs({
    ...validity(options, intermediateYears),
    subjectName: encodeName({ O: organization, CN: `${organization} TLS CA ${generation[keyKind]}` }),
    spkiDer: spki,
    signatureAlgorithm: signer.algorithm,
    issuerName: issuer.subject.der,
    issuerKeyId: Buffer.from(issuer.subjectKeyId ?? '', 'hex'),
    purposes: [oids.serverAuth],
    caIssuersUrl: authorityUrls(pkiUrl, root.id).certificate,
    crlUrl: authorityUrls(pkiUrl, root.id).crl,
  });
  const certificate = await signAndAssemble(tbs, signer);
  return store(options, { id, role: 'intermediate', keyKind, parentId: root.id, certificate });
}

/**
 * The key is durable before the row that names it: a crash in between leaves a key that nothing uses.
 * @returns that of another node, where one was faster
 */
async function store(
  options: AuthoritiesOptions,
  parts: Pick<Authority, 'id' | 'role' | 'keyKind' | 'parentId' | 'certificate'>,
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
  };
  return database.write(async (tx) => {
    const rival = (await tx.authorities.list()).find(
      ({ role, keyKind, issuerId }) =>
        role === authority.role && keyKind === authority.keyKind && issuerId === authority.issuerId,
    );
    if (rival !== undefined) return rival;
    await tx.authorities.insert(authority);
    await tx.events.append({
      kind: 'authority.created',
      accountId: null,
      actor: 'system',
      subject: authority.id,
      data: { role: authority.role, subject, notAfter: authority.notAfter },
      requestId: null,
      at: authority.createdAt,
    });
    return authority;
  });
}

function validity({ clock, random }: AuthoritiesOptions, years: number) {
  const begin = Math.floor(clock.now().getTime() / 1000) * 1000 - 60_000;
  return {
    serial: serialFrom(random.bytes(16)),
    notBefore: new Date(begin),
    notAfter: new Date(begin + Math.floor((years * yearMs) / 1000) * 1000 - 1000),
  };
}

/** Where an authority's certificate and CRL are served; the listener serves the same paths. */
export function authorityUrls(pkiUrl: string, id: AuthorityId): { readonly certificate: string; readonly crl: string } {
  return { certificate: `${pkiUrl}/${id}.cer`, crl: `${pkiUrl}/${id}.crl` };
}
