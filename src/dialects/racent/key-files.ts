/** A key that was made for the customer, in every form in which the API hands one out. */
import { createHmac } from 'node:crypto';
import type { Caller } from '../../domain/caller.ts';
import type { OrderView } from '../../domain/ports/orders.ts';
import { createJks } from '../../pki/jks.ts';
import { privateKeyPem, publicKeyOf, traditionalFormat } from '../../pki/key.ts';
import type { KeystoreEntry } from '../../pki/keystore.ts';
import { createPkcs12 } from '../../pki/pkcs12.ts';
import type { Services } from './services.ts';
import { statusOf } from './status.ts';

export interface KeyFiles {
  /** PKCS #8. */
  readonly privateKey: string;
  /** PKCS #1 of an RSA key, SEC 1 of another: what `openssl genrsa` writes and old servers read. */
  readonly rsaPrivateKey: string;
  /** Base64. */
  readonly jks: string;
  readonly pkcs12: string;
  /** Password of both files. */
  readonly password: string;
}

/** Null where the customer has the key, before there is a certificate, and once it is over. Every delivery is an event. */
export async function keyFilesOf(view: OrderView, caller: Caller, services: Services): Promise<KeyFiles | null> {
  const { issuance, certificate, chain } = view;
  if (issuance.sealedKey === null || certificate === null || statusOf(view, false) !== 'COMPLETE') return null;
  const { issuances, random, passwordSecret, config } = services;
  const pkcs8 = await issuances.privateKey(caller, { proofReference: issuance.proofReference });
  const password = passwordOf(passwordSecret, issuance.proofReference);
  const entry: KeystoreEntry = {
    name: issuance.names[0]?.identifier.value ?? 'certificate',
    privateKeyPkcs8: pkcs8,
    chain: [certificate.der, ...chain],
  };
  return {
    privateKey: privateKeyPem(pkcs8, 'pkcs8'),
    rsaPrivateKey: privateKeyPem(pkcs8, traditionalFormat(publicKeyOf(pkcs8).algorithm)),
    jks: createJks(entry, { password, random, now: certificate.createdAt }).toString('base64'),
    pkcs12: createPkcs12(entry, { password, random, form: config.pkcs12 }).toString('base64'),
    password,
  };
}

/** 16 letters and digits like the vendor's, 95 bits; the same at each poll, so that a stored password stays valid. */
function passwordOf(secret: Uint8Array, certId: string): string {
  return createHmac('sha256', secret).update(certId).digest('base64').replaceAll(/[+/=]/g, '').slice(0, 16);
}
