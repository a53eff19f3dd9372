/** Certificates that the servers of the comparison are started with. All keys are on P-256. */
import 'reflect-metadata';
import {
  BasicConstraintsExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
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
