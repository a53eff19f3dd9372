/** The key, the certificate and its chain: made, checked, and written where a person finds them. */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { join } from 'node:path';
import { parseIdentifier } from '../domain/identifier.ts';
import { certificateFaultText } from '../domain/messages/faults.ts';
import { type Certificate, parseCertificateBundle } from '../pki/certificate.ts';
import { findChainFlaw, isIssuedBy, orderChain } from '../pki/chain.ts';
import { createCsr } from '../pki/csr-writer.ts';
import { createLocalSigner, generateKey, privateKeyPem } from '../pki/key.ts';
import { encodePem } from '../pki/pem.ts';
import { writeFileAtomically } from '../system/index.ts';
import type { IssuedPem } from './customer.ts';

export interface KeyAndCsr {
  readonly keyPem: string;
  readonly csrPem: string;
}

export async function makeKeyAndCsr(names: readonly string[]): Promise<KeyAndCsr> {
  const { privateKeyPkcs8, spkiDer } = await generateKey({ type: 'ec', curve: 'P-256' });
  const identifiers = names.map((name) => parseIdentifier(name, 'names'));
  const subject = names[0] === undefined ? {} : { CN: names[0] };
  const csr = await createCsr({ subject, names: identifiers, spkiDer }, createLocalSigner(privateKeyPkcs8));
  return { keyPem: privateKeyPem(privateKeyPkcs8, 'pkcs8'), csrPem: encodePem('CERTIFICATE REQUEST', csr) };
}

/** Three PEM texts as servers and clients take them. */
export interface CertificateFiles {
  readonly rootPem: string;
  /** The certificate and what is between it and the root. */
  readonly fullchainPem: string;
  readonly keyPem: string;
}

export interface CheckedChain {
  /** Leaf first, root last. */
  readonly chain: readonly Certificate[];
  readonly files: CertificateFiles;
}

export interface ChainCheck {
  readonly issued: IssuedPem;
  /** PEM of every root that the CA publishes. */
  readonly rootsPem: string;
  readonly keyPem: string;
  /** Host names that the certificate must be good for. */
  readonly hosts: readonly string[];
  readonly now: Date;
}

/**
 * Checks with our own reader and with OpenSSL's, through Node, that the certificate is for the key and the hosts and leads to
 * one of the roots.
 * @throws {Error} naming the flaw
 */
export async function checkChain({ issued, rootsPem, keyPem, hosts, now }: ChainCheck): Promise<CheckedChain> {
  const fullchainPem = issued.certificate + issued.intermediates;
  const sent = orderChain(parseCertificateBundle(fullchainPem));
  const top = sent.at(-1);
  const root = await findIssuer(top, parseCertificateBundle(rootsPem));
  if (root === undefined) throw new Error(`none of the CA's roots has signed ${top?.keyName ?? 'the chain'}`);
  const chain = [...sent, root];
  const flaw = await findChainFlaw(chain, now);
  if (flaw !== undefined) throw new Error(certificateFaultText(flaw, 'en'));
  checkWithOpenssl(chain, { keyPem, hosts });
  return { chain, files: { rootPem: encodePem('CERTIFICATE', root.der), fullchainPem, keyPem } };
}

async function findIssuer(
  certificate: Certificate | undefined,
  roots: readonly Certificate[],
): Promise<Certificate | undefined> {
  if (certificate === undefined) return undefined;
  for (const root of roots) if (await isIssuedBy(certificate, root)) return root;
  return undefined;
}

function checkWithOpenssl(
  chain: readonly Certificate[],
  { keyPem, hosts }: { readonly keyPem: string; readonly hosts: readonly string[] },
): void {
  const certificates = chain.map(({ der }) => new X509Certificate(der));
  for (const [index, certificate] of certificates.entries()) {
    // The root signs itself.
    const issuer = certificates[index + 1] ?? certificate;
    const isGood = certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
    if (!isGood) throw new Error(`OpenSSL finds ${certificate.subject} not signed by ${issuer.subject}`);
  }
  const [leaf] = certificates;
  if (leaf?.checkPrivateKey(createPrivateKey(keyPem)) !== true) throw new Error('the certificate is for another key');
  for (const host of hosts) {
    if (leaf.checkHost(host) === undefined) throw new Error(`the certificate is not for ${host}`);
  }
}

export const fileNames = { rootPem: 'root.pem', fullchainPem: 'fullchain.pem', keyPem: 'privkey.pem' } as const;

export async function writeFiles(directory: string, files: CertificateFiles): Promise<void> {
  const write = (kind: keyof CertificateFiles, mode: number) =>
    writeFileAtomically(join(directory, fileNames[kind]), files[kind], { mode });
  await Promise.all([write('rootPem', 0o644), write('fullchainPem', 0o644), write('keyPem', 0o600)]);
}
