/**
 * Every way to be an authority of certmux, for what judges certificates from outside: made here, a successor, under a root of OpenSSL, taken
 * over from OpenSSL, and certified by the file of an exported root. Real keys of the real sizes, and time that is moved by hand.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { signCaList, signCaRequest } from '../src/boot/offline-ca.ts';
import type { Authority, OwnKeyKind } from '../src/domain/authority.ts';
import type { RevocationReason } from '../src/domain/certificate.ts';
import { keyRemovalText } from '../src/domain/ports/authorities.ts';
import type { SerialInput } from '../src/domain/ports/authority-import.ts';
import { createSealedKeyStore, keysInDatabase, type SealedPlace } from '../src/issuers/embedded/sealed-key-store.ts';
import { openKeyPem } from '../src/pki/encrypted-key.ts';
import { createLocalSigner } from '../src/pki/key.ts';
import { encodePem } from '../src/pki/pem.ts';
import { sealerOf } from '../test/issuers/embedded/support.ts';
import { openTestApp, type TestApp } from '../test/support/app.ts';
import { crlDerOf } from '../test/support/crl.ts';
import { type OutsideCa, type OutsideCaOptions, type Subordinate, startOutsideCa } from '../test/support/outside-ca.ts';

export const pkiUrl = 'http://pki.example/pki';

const seconds = 1000;

/** The app at the time of this machine, by which OpenSSL signs. @param works false: no job runs, so that time can be moved by decades */
export async function openCaApp({ works }: { readonly works: boolean }): Promise<TestApp & AsyncDisposable> {
  const folder = mkdtempSync(join(tmpdir(), 'certmux-ca-'));
  // The first keys are made before the app has opened the database in which keys lie.
  const early = new Map<string, Uint8Array>();
  let late: SealedPlace | undefined;
  const place: SealedPlace = {
    read: async (id) => early.get(id) ?? late?.read(id),
    async write(id, seal) {
      if (late === undefined) early.set(id, seal());
      else await late.write(id, seal);
    },
  };
  const keyStore = createSealedKeyStore({ place, keySealer: sealerOf() });
  const startsAt = new Date(Math.floor(Date.now() / seconds) * seconds).toISOString();
  const app = await openTestApp(join(folder, 'certmux.db'), keyStore, { seed: 1, startsAt, works, upkeep: works });
  late = keysInDatabase(app);
  for (const [id, sealed] of early) await late.write(id, () => sealed);
  return {
    ...app,
    async [Symbol.asyncDispose]() {
      await app.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export const certificatePem = (der: Uint8Array) => encodePem('CERTIFICATE', der);
export const listPem = (der: Uint8Array) => encodePem('X509 CRL', der);

export async function authoritiesOf(app: TestApp): Promise<readonly Authority[]> {
  return app.ports.operation.authorities(app.operator);
}

export async function authorityNamed(app: TestApp, commonName: string): Promise<Authority> {
  const found = (await authoritiesOf(app)).find(({ subject }) => subject.endsWith(`CN=${commonName}`));
  if (found === undefined) throw new Error(`there is no authority ${commonName}`);
  return found;
}

/** A successor that signs at once, made later than what there is: the newer root is the one for new CAs. */
export async function succeed(app: TestApp, { id }: Authority): Promise<Authority> {
  await app.clock.advance(60 * seconds);
  return (await app.ports.server.rollAuthority(app.operator, id, { publishDays: 0 })).authority;
}

export interface UnderOutside extends Subordinate {
  readonly commonName: string;
  readonly keyKind?: OwnKeyKind;
  /** Instead of a new CA: another certificate for the key of this one. */
  readonly renews?: Authority;
  /** It may end before the longest certificate would. */
  readonly allowsShorter?: true;
}

/** A CA of certmux under the root of somebody else. */
export async function installUnder(
  app: TestApp,
  ca: OutsideCa,
  { commonName, keyKind = 'P-256', renews, allowsShorter, ...signing }: UnderOutside,
): Promise<Authority> {
  const wanted =
    renews === undefined ? { keyKind, subject: { commonName } } : { renews: renews.id, keepsKey: true as const };
  const { csr } = await app.ports.authorities.request(app.operator, wanted);
  const certificate = await ca.sign(encodePem('CERTIFICATE REQUEST', csr), signing);
  return installed(app, [certificate, ca.certificate], allowsShorter);
}

/** OpenSSL signs by the clock of this machine, which goes on meanwhile. */
async function catchUp({ clock }: TestApp): Promise<void> {
  await clock.advance(Math.max(0, Date.now() + seconds - clock.now().getTime()));
}

async function installed(app: TestApp, certificates: readonly string[], allowsShorter?: true): Promise<Authority> {
  await catchUp(app);
  const files = certificates.map((pem, index) => ({ name: `${index}.pem`, pem }));
  const { authorities } = await app.ports.authorities.install(app.operator, {
    files,
    ...(allowsShorter === undefined ? {} : { allowsShorter }),
  });
  const [first] = authorities;
  if (first === undefined) throw new Error('nothing was installed');
  return first.authority;
}

/** An issuing CA of OpenSSL under its root. */
export async function openSslCaUnder(root: OutsideCa, options: OutsideCaOptions & { readonly name: string }) {
  const ca = await startOutsideCa(options);
  await ca.openssl('req', '-new', '-key', 'ca.key', '-subj', `/O=Outside/CN=${options.name}`, '-out', 'ca.csr');
  const certificate = await root.sign(await readFile(join(ca.folder, 'ca.csr'), 'utf8'));
  await writeFile(join(ca.folder, 'ca.pem'), certificate);
  return { ...ca, certificate };
}

/** Takes the CA of OpenSSL over, with what it had issued. */
export async function importFrom(
  app: TestApp,
  ca: OutsideCa,
  { root, serials }: { readonly root: OutsideCa; readonly serials: readonly SerialInput[] },
): Promise<Authority> {
  await catchUp(app);
  const { upload } = await app.ports.authorityImport.addSerials(app.operator, null, serials);
  const { authority } = await app.ports.authorityImport.take(app.operator, {
    key: await readFile(join(ca.folder, 'ca.key'), 'utf8'),
    password: null,
    certificates: [ca.certificate, root.certificate],
    list: await ca.list(),
    listNumber: null,
    upload,
  });
  if (authority === null) throw new Error('nothing was imported');
  return authority;
}

const passphrase = 'correct horse battery';

export interface OfflineRoot {
  /** Only the file has the key from then on. */
  removeFromServer(app: TestApp): Promise<void>;
  /** A CA of certmux, certified by the file. */
  install(app: TestApp, options: { readonly commonName: string; readonly keyKind: OwnKeyKind }): Promise<Authority>;
  /** A list that goes on from the one that is served, unless it is the first, and revokes these. PEM. */
  list(
    app: TestApp,
    revoked: readonly Authority[],
    options: { readonly reason: RevocationReason; readonly isFirst?: boolean },
  ): Promise<string>;
}

/** The root's key in a file: what `certmux ca root export` gives, and `ca sign-request` and `ca sign-list` take. */
export async function exportRoot(app: TestApp, root: Authority): Promise<OfflineRoot> {
  const pkcs8 = await app.ports.authorities.exportKey(app.operator, root.id, passphrase);
  const signing = {
    keyFile: 'root.key',
    key: encodePem('ENCRYPTED PRIVATE KEY', pkcs8),
    passphrase,
    certificate: certificatePem(root.certificate),
  };
  const world = { clock: app.clock, random: app.context.random };
  return {
    async removeFromServer(from) {
      const opened = openKeyPem(signing.key, passphrase);
      if (opened === undefined) throw new Error('the exported key cannot be opened');
      const signature = await createLocalSigner(opened).sign(Buffer.from(keyRemovalText(root.id)));
      await from.ports.authorities.removeKey(from.operator, root.id, signature);
    },
    async install(to, { commonName, keyKind }) {
      const { csr } = await to.ports.authorities.request(to.operator, { keyKind, subject: { commonName } });
      const wanted = { csr: encodePem('CERTIFICATE REQUEST', csr), days: 3650, pathLength: 0, pkiUrl };
      const certificate = await signCaRequest({ ...signing, ...wanted, authority: root.id }, world);
      return installed(to, [certificate, signing.certificate]);
    },
    async list(to, revoked, { reason, isFirst = false }) {
      const before = isFirst ? undefined : await crlDerOf(to.database.read, root.id);
      const { pem } = await signCaList(
        {
          ...signing,
          days: 90,
          previous: before === undefined ? undefined : listPem(before),
          number: undefined,
          revoked: revoked.map(({ certificate }) => certificatePem(certificate)),
          reason,
        },
        world,
      );
      return pem;
    },
  };
}
