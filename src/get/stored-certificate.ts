/** The certificate that came, as files; and the one that is there, looked at. */

import { CommandFailure } from '../cli/failure.ts';
import type { Cause, Wanted } from '../cli/get-request.ts';
import type { Words } from '../cli/get-words.ts';
import type { WireCertificateDetails } from '../dialects/native/schema.ts';
import { identifierOf } from '../domain/identifier.ts';
import { type Certificate, parseCertificate } from '../pki/certificate.ts';
import { findChainFlaw, withoutRoot } from '../pki/chain.ts';
import { parsePrivateKeyPem, publicKeyOf } from '../pki/key.ts';
import { decodePem, encodePem } from '../pki/pem.ts';
import type { PemFiles, Version } from './certificate-folder.ts';

const label = 'CERTIFICATE';
const dayMs = 86_400_000;
/** As certbot and lego do with certificates of 90 days. */
const renewWithinDays = 30;

export function readCertificate(pem: string): Certificate {
  return parseCertificate(decodePem(pem, { what: 'the certificate', labels: [label] }));
}

/**
 * The files of a certificate that is for this key and these names, and whose chain leads to its root.
 * @throws {CommandFailure}
 */
export async function filesOf(
  { pem, chain }: Pick<WireCertificateDetails, 'pem' | 'chain'>,
  { keyPem, names, now, words }: { keyPem: string; names: readonly string[]; now: Date; words: Words },
): Promise<PemFiles> {
  const flawed = (what: string) => new CommandFailure('issuerRefused', words.wrongCertificate(what));
  const certificate = readCertificate(pem);
  const issuers = chain.map(readCertificate);
  const { spkiDer } = publicKeyOf(parsePrivateKeyPem(keyPem));
  if (!certificate.spkiDer.equals(spkiDer)) throw flawed('its key');
  if (!areSame(certificate.names, names)) throw flawed(certificate.names.join(', '));
  const flaw = await findChainFlaw([certificate, ...issuers], now);
  if (flaw !== undefined) throw flawed(JSON.stringify(flaw));
  const sent = withoutRoot(issuers.map(({ der }) => der)).map((der) => encodePem(label, der));
  const leaf = encodePem(label, certificate.der);
  return { 'key.pem': keyPem, 'cert.pem': leaf, 'chain.pem': sent.join(''), 'fullchain.pem': leaf + sent.join('') };
}

export function areSame(one: readonly string[], other: readonly string[]): boolean {
  const canonical = (names: readonly string[]) =>
    [...new Set(names.map((name) => identifierOf(name).value))].toSorted().join(' ');
  return canonical(one) === canonical(other);
}

/**
 * When the next one is ordered: a third of its life is left then, or the days that were named. At least a third of the life is used:
 * more days than a certificate has would order one at every run.
 */
export function renewAtOf(
  { notBefore, notAfter }: Pick<Certificate, 'notBefore' | 'notAfter'>,
  withinDays: number | undefined,
): Date {
  const lifeMs = notAfter.getTime() - notBefore.getTime();
  const withinMs =
    withinDays === undefined
      ? Math.min(renewWithinDays * dayMs, lifeMs / 3)
      : Math.min(withinDays * dayMs, (lifeMs * 2) / 3);
  return new Date(notAfter.getTime() - withinMs);
}

export interface Held {
  readonly version: Version;
  readonly certificate: Certificate;
}

/** Why the one that is there does not do; undefined: it does. What the server knows of it is the next question. */
export function causeToReplace(
  { version, certificate }: Held,
  wanted: Wanted & { readonly force: boolean; readonly renewWithinDays: number | undefined },
  now: Date,
): Cause | undefined {
  const { about } = version;
  if (wanted.force) return 'forced';
  if (!areSame(certificate.names, wanted.names)) return 'names';
  if (about.product !== wanted.product) return 'product';
  if (about.keyType !== wanted.keyType) return 'keyType';
  return now >= renewAtOf(certificate, wanted.renewWithinDays) ? 'due' : undefined;
}

/** @throws what is there is no certificate with its key */
export function held(version: Version): Held {
  const certificate = readCertificate(version.certificatePem);
  const { spkiDer } = publicKeyOf(parsePrivateKeyPem(version.keyPem));
  if (!certificate.spkiDer.equals(spkiDer)) throw new Error('the key is of another certificate');
  return { version, certificate };
}
