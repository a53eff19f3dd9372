/** The certificate that certmux serves itself with: from its own CA, for the configured host names, renewed in time. */
import type { Period } from '../../domain/authority.ts';
import { CertError, refuse } from '../../domain/errors.ts';
import { type Identifier, parseHostName } from '../../domain/identifier.ts';
import { nextId } from '../../domain/ids.ts';
import type { IssuancePlan } from '../../domain/issuance.ts';
import { reasonOutside } from '../../domain/may-be-issued.ts';
import type { ClockGuard } from '../../domain/ports/clock-guard.ts';
import type { LocalIssuer } from '../../domain/ports/issuer.ts';
import { type KeySealer, serverCertificateFile } from '../../domain/ports/key-sealer.ts';
import type { Database } from '../../domain/ports/stores/index.ts';
import type { Clock, Log, Randomness } from '../../domain/ports/system.ts';
import type { Profile } from '../../domain/profile.ts';
import { createCsr } from '../../pki/csr-writer.ts';
import { createLocalSigner, generateKey, privateKeyPem } from '../../pki/key.ts';
import { encodePem } from '../../pki/pem.ts';
import type { SealedPlace } from './sealed-key-store.ts';

export interface ServerCertificateOptions {
  /** Host names, single labels such as `localhost` too, and addresses. */
  readonly names: readonly string[];
  readonly issuer: LocalIssuer;
  readonly profile: Profile;
  readonly files: SealedPlace;
  readonly keySealer: KeySealer;
  readonly database: Database;
  readonly clock: Clock;
  readonly clockGuard: ClockGuard;
  readonly random: Randomness;
  readonly log: Log;
}

export interface ServerCertificate {
  /** PEM: leaf and intermediate. */
  readonly certificate: string;
  readonly key: string;
  /** When to call again for a new one: two thirds of its life. */
  readonly renewAt: Date;
}

const validityDays = 90;
const dayMs = 86_400_000;
const sealedObject = { kind: 'serverCertificate', id: '' } as const;

/** The certificate kept from an earlier call if it still serves, else a new one. */
export async function serverCertificate(options: ServerCertificateOptions): Promise<ServerCertificate> {
  const kept = await readKept(options);
  if (kept !== undefined && (await serves(kept, options))) return asServed(kept);
  const fault = options.clockGuard.fault();
  if (fault === undefined) return issue(options);
  // By a clock that is wrong nothing is signed. A certificate that may be too old is better than no server.
  if (kept !== undefined && (await isOurs(kept, options))) return asServed(kept);
  throw new CertError(fault);
}

function asServed({ certificate, key, renewAt }: Kept): ServerCertificate {
  return { certificate, key, renewAt: new Date(renewAt) };
}

interface Kept {
  readonly certificate: string;
  readonly key: string;
  readonly renewAt: string;
  readonly names: readonly string[];
  readonly authorityId: string | null;
}

async function readKept({ files, keySealer, log }: ServerCertificateOptions): Promise<Kept | undefined> {
  const sealed = await files.read(serverCertificateFile);
  if (sealed === undefined) return undefined;
  try {
    return JSON.parse(Buffer.from(keySealer.open(sealed, sealedObject)).toString('utf8'));
  } catch (thrown) {
    // The CA's own keys opened under this master key, so nothing but this file is lost, and it can be made again.
    log.warn({ err: thrown }, 'the kept server certificate cannot be read: a new one is made');
    return undefined;
  }
}

async function serves(kept: Kept, options: ServerCertificateOptions): Promise<boolean> {
  return new Date(kept.renewAt) > options.clock.now() && isOurs(kept, options);
}

async function isOurs(kept: Kept, { names, database }: ServerCertificateOptions): Promise<boolean> {
  if (kept.names.join() !== names.join()) return false;
  // Clients trust the CA of today, not one whose database was thrown away.
  return (await database.read.authorities.list()).some(({ id }) => id === kept.authorityId);
}

/** Canonical, each once: two ways to write a name are one name in a certificate. */
function identifiersOf(names: readonly string[]): readonly Identifier[] {
  const identifiers = names.map((name) => parseHostName(name, 'tls.selfServed'));
  return [...new Map(identifiers.map((identifier) => [identifier.value, identifier])).values()];
}

/**
 * Inside the authority's validity. Near its end the certificate is shorter, and the log says so: a server without one could
 * not even receive the command for a new CA.
 */
function validityUnder(
  period: Period | null,
  { clock, profile, log }: ServerCertificateOptions,
): Pick<IssuancePlan, 'notBefore' | 'notAfter'> {
  const now = clock.now();
  const outside = period === null ? undefined : reasonOutside(period, now);
  if (outside !== undefined) throw new CertError(outside);
  const backdatedMs = Math.floor(now.getTime() / 1000) * 1000 - profile.backdateSeconds * 1000;
  const beginMs = Math.max(backdatedMs, period?.from.getTime() ?? backdatedMs);
  const endMs = beginMs + validityDays * dayMs - 1000;
  const notAfter = new Date(Math.min(endMs, period?.until.getTime() ?? endMs));
  if (notAfter.getTime() < endMs)
    log.warn({ notAfter }, 'the server certificate is shorter than usual: the CA ends soon');
  return { notBefore: new Date(beginMs), notAfter };
}

/** Store before sign, as for every certificate: the event with the serial is committed before the key signs. */
async function issue(options: ServerCertificateOptions): Promise<ServerCertificate> {
  const { issuer, profile, files, keySealer, database, clock } = options;
  const names = identifiersOf(options.names);
  const { privateKeyPkcs8, spkiDer } = await generateKey({ type: 'ec', curve: 'P-256' });
  const csr = await createCsr({ subject: {}, names, spkiDer }, createLocalSigner(privateKeyPkcs8));
  const until = new Date(clock.now().getTime() + validityDays * dayMs);
  const authorityId = issuer.chooseAuthority(csr, profile, { names, until });
  if (authorityId === undefined) throw refuse('serverCertificateAwaited', {});
  const { notBefore, notAfter } = validityUnder(issuer.validityOf(authorityId), options);
  const plan = { serial: await issuer.newSerial(database.read, authorityId), notBefore, notAfter, authorityId };
  const issuanceId = await nextId('issuance', options);
  await database.write((tx) =>
    tx.events.append({
      kind: 'server.certificatePlanned',
      accountId: null,
      actor: 'system',
      subject: issuanceId,
      data: { names: options.names, serial: plan.serial, authority: authorityId, notAfter },
      requestId: null,
      at: clock.now(),
    }),
  );
  const outcome = await issuer.sign(
    { issuanceId, profile, csr, names, organization: null, plan },
    new AbortController().signal,
  );
  if (outcome.kind === 'refused') throw new CertError(outcome.reason);
  const authorities = await database.read.authorities.list();
  const intermediate = authorities.find((authority) => authority.id === authorityId);
  const kept: Kept = {
    certificate: [outcome.der, ...(intermediate === undefined ? [] : [intermediate.certificate])]
      .map((der) => encodePem('CERTIFICATE', der))
      .join(''),
    key: privateKeyPem(privateKeyPkcs8, 'pkcs8'),
    renewAt: new Date(notBefore.getTime() + ((notAfter.getTime() - notBefore.getTime()) * 2) / 3).toISOString(),
    names: options.names,
    authorityId,
  };
  const bytes = Buffer.from(JSON.stringify(kept));
  await files.write(serverCertificateFile, () => keySealer.seal(bytes, sealedObject));
  return { certificate: kept.certificate, key: kept.key, renewAt: new Date(kept.renewAt) };
}
