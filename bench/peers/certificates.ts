/** Certificates that the servers of the comparisons are started with. All keys are on P-256. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import 'reflect-metadata';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  type X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

export interface Issued {
  readonly certificate: X509Certificate;
  readonly keys: { readonly publicKey: CryptoKey; readonly privateKey: CryptoKey };
  readonly certificatePem: string;
  readonly keyPem: string;
}

export interface CertificateRequest {
  readonly name: string;
  /** Undefined: signed by itself. */
  readonly issuer?: Issued;
  /** For a CA: how many may follow below it. */
  readonly pathLength?: number;
}

export async function makeCertificate({ name, issuer, pathLength }: CertificateRequest): Promise<Issued> {
  const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const isCa = pathLength !== undefined;
  const usages = isCa ? KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign : KeyUsageFlags.digitalSignature;
  const certificate = await X509CertificateGenerator.create({
    subject: `CN=${name}`,
    issuer: issuer?.certificate.subject ?? `CN=${name}`,
    publicKey: keys.publicKey,
    signingKey: (issuer?.keys ?? keys).privateKey,
    signingAlgorithm: algorithm,
    extensions: [
      new BasicConstraintsExtension(isCa, pathLength, true),
      new KeyUsagesExtension(usages, true),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
      await AuthorityKeyIdentifierExtension.create((issuer?.keys ?? keys).publicKey),
      ...(isCa ? [] : [new SubjectAlternativeNameExtension([{ type: 'dns', value: name }])]),
    ],
  });
  const pkcs8 = Buffer.from(await crypto.subtle.exportKey('pkcs8', keys.privateKey)).toString('base64');
  return {
    certificate,
    keys,
    certificatePem: certificate.toString('pem'),
    keyPem: `-----BEGIN PRIVATE KEY-----\n${pkcs8.replaceAll(/.{64}/g, '$&\n')}\n-----END PRIVATE KEY-----\n`,
  };
}

export interface OwnCertificate {
  readonly certificateFile: string;
  readonly keyFile: string;
  /** PEM, which clients trust. */
  readonly tlsRoots: string;
}

/** The certificate by which a server answers for `localhost`, in two files of the folder. */
export async function writeOwnCertificate(folder: string): Promise<OwnCertificate> {
  const { certificatePem, keyPem } = await makeCertificate({ name: 'localhost' });
  const files = { certificateFile: join(folder, 'cert.pem'), keyFile: join(folder, 'key.pem') };
  await writeFile(files.certificateFile, certificatePem);
  await writeFile(files.keyFile, keyPem);
  return { ...files, tlsRoots: certificatePem };
}

export interface OwnAuthority {
  readonly root: Issued;
  readonly intermediate: Issued;
  readonly rootFile: string;
  readonly intermediateFile: string;
  readonly intermediateKeyFile: string;
}

/** A root and the intermediate that signs, in files of the folder. */
export async function writeOwnAuthority(folder: string): Promise<OwnAuthority> {
  const root = await makeCertificate({ name: 'Bench Root', pathLength: 1 });
  const intermediate = await makeCertificate({ name: 'Bench Intermediate', issuer: root, pathLength: 0 });
  const files = {
    rootFile: join(folder, 'root.pem'),
    intermediateFile: join(folder, 'intermediate.pem'),
    intermediateKeyFile: join(folder, 'intermediate.key'),
  };
  await writeFile(files.rootFile, root.certificatePem);
  await writeFile(files.intermediateFile, intermediate.certificatePem);
  await writeFile(files.intermediateKeyFile, intermediate.keyPem);
  return { root, intermediate, ...files };
}
