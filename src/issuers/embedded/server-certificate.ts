/** The certificate that certmux serves itself with: from its own CA, for the configured host names, renewed in time. */
import type { Identifier } from '../../domain/identifier.ts';
import { parseIdentifier } from '../../domain/identifier.ts';
import { newId } from '../../domain/ids.ts';
import type { Issuer } from '../../domain/issuer.ts';
import type { Profile } from '../../domain/profile.ts';
import type { Database } from '../../domain/stores.ts';
import type { Clock, Randomness } from '../../domain/system.ts';
import { createCsr } from '../../pki/csr-writer.ts';
import { createLocalSigner, generateKey, privateKeyPem } from '../../pki/key.ts';
import { serialFrom } from '../../pki/leaf-template.ts';
import { encodePem } from '../../pki/pem.ts';
import { seal, unseal } from '../../pki/seal.ts';
import type { KeyFiles } from './sealed-key-store.ts';

export interface ServerCertificateOptions {
  readonly names: readonly string[];
  readonly issuer: Issuer;
  readonly profile: Profile;
  readonly files: KeyFiles;
  readonly masterKey: Uint8Array;
  readonly database: Database;
  readonly clock: Clock;
  readonly random: Randomness;
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
const fileName = 'server-certificate';
const sealContext = 'server-certificate';

/** The certificate kept from the last start if it still serves, else a new one. */
export async function serverCertificate(options: ServerCertificateOptions): Promise<ServerCertificate> {
  const kept = await readKept(options);
  if (kept !== undefined && serves(kept, options)) return kept;
  return issue(options);
}

interface Kept {
  readonly certificate: string;
  readonly key: string;
  readonly renewAt: string;
  readonly names: readonly string[];
}

async function readKept({
  files,
  masterKey,
}: ServerCertificateOptions): Promise<(ServerCertificate & { names: readonly string[] }) | undefined> {
  const sealed = await files.read(fileName);
  if (sealed === undefined) return undefined;
  const kept: Kept = JSON.parse(unseal(sealed, { masterKey, context: sealContext }).toString('utf8'));
  return { ...kept, renewAt: new Date(kept.renewAt) };
}

function serves(
  kept: { renewAt: Date; names: readonly string[] },
  { names, clock }: ServerCertificateOptions,
): boolean {
  return kept.renewAt > clock.now() && kept.names.join() === names.join();
}

/** Store before sign, as for every certificate: the event with the serial is committed before the key signs. */
async function issue(options: ServerCertificateOptions): Promise<ServerCertificate> {
  const { issuer, profile, files, masterKey, database, clock, random } = options;
  const names: readonly Identifier[] = options.names.map((name) => parseIdentifier(name, 'tls.selfServed'));
  const { privateKeyPkcs8, spkiDer } = await generateKey({ type: 'ec', curve: 'P-256' });
  const csr = await createCsr({ subject: {}, names, spkiDer }, createLocalSigner(privateKeyPkcs8));
  const authorityId = issuer.chooseAuthority(csr, profile);
  const notBefore = new Date(Math.floor(clock.now().getTime() / 1000) * 1000 - profile.backdateSeconds * 1000);
  const notAfter = new Date(notBefore.getTime() + validityDays * dayMs - 1000);
  const plan = { serial: serialFrom(random.bytes(16)).toString('hex'), notBefore, notAfter, authorityId };
  const issuanceId = newId('issuance', options);
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
  const outcome = await issuer.begin(
    { issuanceId, profile, csr, names, organization: null, plan },
    new AbortController().signal,
  );
  if (outcome.kind !== 'issued') throw new Error(`the server's own certificate was not issued: ${outcome.kind}`);
  const authorities = await database.read.authorities.list();
  const intermediate = authorities.find((authority) => authority.id === authorityId);
  const kept: Kept = {
    certificate: [outcome.der, ...(intermediate === undefined ? [] : [intermediate.certificate])]
      .map((der) => encodePem('CERTIFICATE', der))
      .join(''),
    key: privateKeyPem(privateKeyPkcs8, 'pkcs8'),
    renewAt: new Date(notBefore.getTime() + (validityDays * dayMs * 2) / 3).toISOString(),
    names: options.names,
  };
  const bytes = Buffer.from(JSON.stringify(kept));
  await files.write(fileName, seal(bytes, { masterKey, context: sealContext, nonce: random.bytes(12) }));
  return { ...kept, renewAt: new Date(kept.renewAt) };
}
