/** The certificate of the customer's web server before there is a better one: nobody who looks for a file there checks it. */
import { rootTbs } from '../pki/ca-certificate.ts';
import { createLocalSigner, generateKey, privateKeyPem } from '../pki/key.ts';
import { serialFrom } from '../pki/leaf-template.ts';
import { encodeName } from '../pki/name.ts';
import { encodePem } from '../pki/pem.ts';
import { signAndAssemble } from '../pki/signature.ts';
import { createClock, createRandomness } from '../system/index.ts';

const dayMs = 86_400_000;

/** PEM, good for a day. */
export async function selfSigned(commonName: string): Promise<{ readonly key: string; readonly cert: string }> {
  const { privateKeyPkcs8, spkiDer } = await generateKey({ type: 'ec', curve: 'P-256' });
  const signer = createLocalSigner(privateKeyPkcs8);
  const notBefore = createClock().now();
  const tbs = rootTbs({
    subjectName: encodeName({ CN: commonName }),
    spkiDer,
    serial: serialFrom(createRandomness().bytes(16)),
    notBefore,
    notAfter: new Date(notBefore.getTime() + dayMs),
    signatureAlgorithm: signer.algorithm,
  });
  const cert = encodePem('CERTIFICATE', await signAndAssemble(tbs, signer));
  return { key: privateKeyPem(privateKeyPkcs8, 'pkcs8'), cert };
}
