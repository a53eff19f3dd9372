/** A root that was run elsewhere, and is to be taken over. */
import { rootTbs } from '../../src/pki/ca-certificate.ts';
import { createLocalSigner, generateKey, privateKeyPem } from '../../src/pki/key.ts';
import { serialFrom } from '../../src/pki/leaf-template.ts';
import { encodeName } from '../../src/pki/name.ts';
import { encodePem } from '../../src/pki/pem.ts';
import { signAndAssemble } from '../../src/pki/signature.ts';

export interface OldCa {
  /** PKCS#8. */
  readonly key: Buffer;
  readonly certificate: Buffer;
  readonly keyPem: string;
  readonly pem: string;
}

/** @param since ten years later it ends */
export async function createOldCa(since: Date, commonName = 'Old Root CA'): Promise<OldCa> {
  const { privateKeyPkcs8: key, spkiDer } = await generateKey({ type: 'ec', curve: 'P-256' });
  const signer = createLocalSigner(key);
  const notBefore = new Date(Math.floor(since.getTime() / 1000) * 1000);
  const tbs = rootTbs({
    subjectName: encodeName({ O: 'Example', CN: commonName }),
    spkiDer,
    serial: serialFrom(Buffer.alloc(16, 0x2b)),
    notBefore,
    notAfter: new Date(notBefore.getTime() + 3650 * 86_400_000),
    signatureAlgorithm: signer.algorithm,
  });
  const certificate = await signAndAssemble(tbs, signer);
  return { key, certificate, keyPem: privateKeyPem(key, 'pkcs8'), pem: encodePem('CERTIFICATE', certificate) };
}
