/** Looks for the proofs of challenges (RFC 8555 §8.3, §8.4; draft-ietf-acme-dns-persist-02) and for CAA (RFC 8659, RFC 8657). */
import { createHash, X509Certificate } from 'node:crypto';
import { ipBytes, parseIdentifier } from '../../../src/domain/identifier.ts';
import type { CaAuthorization, CaChallenge } from './books.ts';
import type { Ca } from './context.ts';
import type { CaaRecord } from './network.ts';
import { AcmeProblem, problem } from './problem.ts';

export interface Claim {
  readonly authorization: CaAuthorization;
  readonly challenge: CaChallenge;
}

/** @returns what is wrong; undefined: it is proved */
export async function findFault(ca: Ca, claim: Claim): Promise<AcmeProblem | undefined> {
  try {
    await requireProof(ca, claim);
    if (ca.settings.checksCaa) await requireCaa(ca, claim);
    return undefined;
  } catch (error) {
    if (error instanceof AcmeProblem) return error;
    throw error;
  }
}

function requireProof(ca: Ca, claim: Claim): Promise<void> {
  const { type } = claim.challenge;
  if (type === 'http-01') return requirePage(ca, claim);
  if (type === 'dns-01') return requireText(ca, claim);
  if (type === 'dns-persist-01') return requireRecord(ca, claim);
  if (type === 'tls-alpn-01') return requireHandshake(ca, claim);
  throw problem('malformed', `${type} is not looked at`);
}

function keyAuthorization({ authorization, challenge }: Claim): string {
  return `${challenge.token}.${authorization.account.thumbprint}`;
}

async function requirePage({ network, settings }: Ca, claim: Claim): Promise<void> {
  const { value } = claim.authorization.identifier;
  const path = `/.well-known/acme-challenge/${claim.challenge.token}`;
  const host = value.includes(':') ? `[${value}]` : value;
  const { status, body } = await reached('connection', () => network.fetchHttp(host, path));
  // Some CAs take the body to the letter.
  const found = settings.isStrict ? body : body.trimEnd();
  if (status === 200 && found === keyAuthorization(claim)) return;
  throw problem('unauthorized', `http://${host}${path} answered ${status} with ${JSON.stringify(body.slice(0, 80))}`);
}

async function requireText({ network }: Ca, claim: Claim): Promise<void> {
  const name = `_acme-challenge.${claim.authorization.identifier.value}`;
  const wanted = createHash('sha256').update(keyAuthorization(claim)).digest('base64url');
  const { texts, viaCname } = await reached('dns', () => network.resolveTxt(name));
  if (texts.includes(wanted)) return;
  const at = viaCname.length === 0 ? name : `${name} (by CNAME ${viaCname.join(', ')})`;
  throw problem('unauthorized', `${texts.length} TXT records at ${at}, none with ${wanted}`);
}

/** id-pe-acmeIdentifier, critical, and the headers of the two OCTET STRINGs around a SHA-256 (RFC 8737 §3). */
const acmeIdentifier = Buffer.from('06082b0601050507011f0101ff04220420', 'hex');

/** RFC 8737, RFC 8738 §6: one name, self-signed, and the hash of the key authorization. */
async function requireHandshake({ network }: Ca, claim: Claim): Promise<void> {
  const { type, value } = claim.authorization.identifier;
  const { handshake } = network;
  if (handshake === undefined) throw problem('connection', `nobody listens at ${value}:443`);
  const serverName = type === 'ip' ? reverseName(value) : value;
  const { protocol, certificate } = await reached('connection', () => handshake(value, serverName, 'acme-tls/1'));
  if (protocol !== 'acme-tls/1') throw problem('unauthorized', `the protocol is ${protocol ?? 'none'}`);
  const leaf = new X509Certificate(certificate);
  const { subjectAltName = '' } = leaf;
  const isOnly =
    type === 'ip'
      ? leaf.checkIP(value) !== undefined && !subjectAltName.includes(',')
      : subjectAltName === `DNS:${value}`;
  const hash = createHash('sha256').update(keyAuthorization(claim)).digest();
  const hasHash = leaf.raw.includes(Buffer.concat([acmeIdentifier, hash]));
  if (isOnly && hasHash && leaf.verify(leaf.publicKey)) return;
  throw problem('unauthorized', `the certificate is for ${subjectAltName}, ${hasHash ? 'with' : 'without'} the hash`);
}

/** RFC 8738 §6: the name that the address has in the reverse tree. */
function reverseName(address: string): string {
  const bytes = Buffer.from(ipBytes(parseIdentifier(address, 'address')));
  const isShort = bytes.length === 4;
  const labels = isShort ? [...bytes] : [...bytes.toString('hex')];
  return `${labels.toReversed().join('.')}.${isShort ? 'in-addr' : 'ip6'}.arpa`;
}

/** At the name itself, or with `policy=wildcard` at a parent. */
async function requireRecord(ca: Ca, { authorization }: Claim): Promise<void> {
  const { identifier, isWildcard, account } = authorization;
  const accountUri = ca.urlOf(`/account/${account.id}`);
  const labels = identifier.value.split('.');
  for (let cut = 0; labels.length - cut >= 2; cut++) {
    const base = labels.slice(cut).join('.');
    const { texts } = await reached('dns', () => ca.network.resolveTxt(`_validation-persist.${base}`));
    const needsPolicy = isWildcard || cut > 0;
    if (texts.some((text) => isRecordFor(ca, text, { accountUri, needsPolicy }))) return;
  }
  throw problem('unauthorized', `no record at _validation-persist.${identifier.value} is for ${accountUri}`);
}

function isRecordFor(
  ca: Ca,
  text: string,
  { accountUri, needsPolicy }: { readonly accountUri: string; readonly needsPolicy: boolean },
): boolean {
  const { issuer, parameters } = issueValue(text);
  if (!ca.settings.caaIdentities.includes(issuer)) return false;
  const until = parameters.get('persistuntil');
  return (
    parameters.get('accounturi') === accountUri &&
    (!needsPolicy || parameters.get('policy')?.toLowerCase() === 'wildcard') &&
    (until === undefined || Number(until) * 1000 > ca.now().getTime())
  );
}

/** The nearest records up the tree count. Addresses have none. */
async function requireCaa(ca: Ca, { authorization, challenge }: Claim): Promise<void> {
  const { identifier, isWildcard, account } = authorization;
  if (identifier.type !== 'dns') return;
  const labels = identifier.value.split('.');
  for (let cut = 0; cut < labels.length; cut++) {
    const name = labels.slice(cut).join('.');
    const records = await reached('dns', () => ca.network.resolveCaa(name));
    if (records.length === 0) continue;
    if (allows(ca, records, { isWildcard, type: challenge.type, accountUri: ca.urlOf(`/account/${account.id}`) }))
      return;
    throw problem('caa', `the CAA records of ${name} do not allow this CA`);
  }
}

function allows(
  { settings }: Ca,
  records: readonly CaaRecord[],
  wanted: { readonly isWildcard: boolean; readonly type: string; readonly accountUri: string },
): boolean {
  const tagged = (tag: string) => records.filter((record) => record.tag.toLowerCase() === tag);
  const known = ['issue', 'issuewild', 'iodef'];
  if (records.some(({ isCritical, tag }) => isCritical && !known.includes(tag.toLowerCase()))) return false;
  const wild = wanted.isWildcard ? tagged('issuewild') : [];
  const counting = wild.length > 0 ? wild : tagged('issue');
  if (counting.length === 0) return true;
  return counting.some(({ value }) => {
    const { issuer, parameters } = issueValue(value);
    const methods = parameters.get('validationmethods');
    const uri = parameters.get('accounturi');
    return (
      settings.caaIdentities.includes(issuer) &&
      (uri === undefined || uri === wanted.accountUri) &&
      (methods === undefined || methods.split(',').some((one) => one.trim() === wanted.type))
    );
  });
}

/** `issuer; tag=value; …` (RFC 8659 §4.2). */
function issueValue(text: string): { readonly issuer: string; readonly parameters: ReadonlyMap<string, string> } {
  const [issuer = '', ...rest] = text.split(';').map((part) => part.trim());
  const pairs = rest.map((part): readonly [string, string] => {
    const at = part.indexOf('=');
    return [part.slice(0, Math.max(at, 0)).trim().toLowerCase(), part.slice(at + 1).trim()];
  });
  return { issuer: issuer.toLowerCase(), parameters: new Map(pairs) };
}

/** What the network throws is the type that the CA reports. */
async function reached<T>(type: 'dns' | 'connection', look: () => Promise<T>): Promise<T> {
  try {
    return await look();
  } catch (error) {
    throw problem(type, error instanceof Error ? error.message : String(error));
  }
}
