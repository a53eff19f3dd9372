/** An embedded issuer for tests: its database and keys in a folder of their own, its CSRs, and OpenSSL to judge it. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '../../../src/db/open.ts';
import type { Authority } from '../../../src/domain/authority.ts';
import { parseIdentifier } from '../../../src/domain/identifier.ts';
import { type AuthorityId, newNumberedId } from '../../../src/domain/ids.ts';
import type { CrlIssuer, SignRequest } from '../../../src/domain/ports/issuer.ts';
import type { Database } from '../../../src/domain/ports/stores/index.ts';
import { defaultProfiles, type Profile } from '../../../src/domain/profile.ts';
import { createEmbeddedIssuer } from '../../../src/issuers/embedded/index.ts';
import { createSealedKeyStore, type SealedPlace } from '../../../src/issuers/embedded/sealed-key-store.ts';
import { createCsr } from '../../../src/pki/csr-writer.ts';
import { createLocalSigner, generateKey } from '../../../src/pki/key.ts';
import { createKeyring } from '../../../src/pki/key-sealer.ts';
import { encodePem } from '../../../src/pki/pem.ts';
import type { KeyAlgorithm } from '../../../src/pki/public-key.ts';
import { ensureDirectory, readFileIfPresent, writeFileAtomically } from '../../../src/system/index.ts';
import { createFakeClock, createFakeLog, createFakeRandomness, type FakeClock } from '../../support/system.ts';

/** @param key another one opens nothing of the scenes */
export function sealerOf(key: Uint8Array = Buffer.alloc(32, 7)) {
  return createKeyring([key], createFakeRandomness(5));
}

export const pkiUrl = 'http://ca.example/pki';
export const p256: KeyAlgorithm = { type: 'ec', curve: 'P-256' };

export interface Scene {
  readonly database: Database;
  readonly keyDirectory: string;
  readonly files: SealedPlace;
  readonly clock: FakeClock;
  readonly random: ReturnType<typeof createFakeRandomness>;
  readonly log: ReturnType<typeof createFakeLog>;
  /** The issuer as a start of the server makes it. */
  start(): Promise<CrlIssuer>;
  authorities(): Promise<readonly Authority[]>;
  remove(): Promise<void>;
}

/** @param seed another one makes other ids */
export async function createScene(seed = 1): Promise<Scene> {
  const folder = mkdtempSync(join(tmpdir(), 'certmux-issuer-'));
  const keyDirectory = join(folder, 'keys');
  await ensureDirectory(keyDirectory);
  const clock = createFakeClock('2026-06-01T00:00:00.123Z');
  const random = createFakeRandomness(seed);
  const log = createFakeLog();
  const database = await openDatabase({ path: join(folder, 'certmux.db'), clock, random, log });
  const files: SealedPlace = {
    read: (name) => readFileIfPresent(join(keyDirectory, name)),
    write: (name, seal) => writeFileAtomically(join(keyDirectory, name), seal()),
  };
  return {
    database,
    keyDirectory,
    files,
    clock,
    random,
    log,
    start: () => {
      const keyStore = createSealedKeyStore({ place: files, keySealer: sealerOf() });
      return createEmbeddedIssuer({
        issuerId: 'embedded',
        organization: 'Example',
        caaDomains: [],
        keyStore,
        database,
        clock,
        log,
        random,
        pkiUrl,
      });
    },
    authorities: () => database.read.authorities.list(),
    async remove() {
      await database.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export function profileNamed(id: string): Profile {
  const found = defaultProfiles.find((profile) => profile.id === id);
  if (found === undefined) throw new Error(`there is no profile ${id}`);
  return found;
}

export const names = (...texts: string[]) => texts.map((text) => parseIdentifier(text, 'names'));

export async function newCsr(algorithm: KeyAlgorithm = p256): Promise<Uint8Array> {
  const { privateKeyPkcs8, spkiDer } = await generateKey(algorithm);
  return createCsr({ subject: {}, names: names('example.com'), spkiDer }, createLocalSigner(privateKeyPkcs8));
}

let serials = 0;

/** A request as the core makes it after it has committed the plan. */
export function requestFor(
  { clock, random }: Pick<Scene, 'clock' | 'random'>,
  issuer: CrlIssuer,
  csr: Uint8Array,
  change: Partial<SignRequest> = {},
): SignRequest {
  const profile = change.profile ?? profileNamed('private-dv');
  const notBefore = new Date(Math.floor(clock.now().getTime() / 1000) * 1000 - 60_000);
  serials += 1;
  return {
    issuanceId: newNumberedId('issuance', 1, { clock, random }),
    profile,
    csr,
    names: names('example.com', '*.example.com', '192.0.2.7', '2001:db8::7'),
    organization: null,
    plan: {
      serial: `4${serials.toString(16).padStart(31, '0')}`,
      notBefore,
      notAfter: new Date(notBefore.getTime() + 90 * 86_400_000 - 1000),
      authorityId: issuer.chooseAuthority(csr, profile) ?? null,
    },
    ...change,
  };
}

/** The DER of a certificate that must have been issued. */
export async function issued(issuer: CrlIssuer, request: SignRequest): Promise<Uint8Array> {
  const outcome = await issuer.sign(request, new AbortController().signal);
  if (outcome.kind !== 'issued') throw new Error(`not issued: ${JSON.stringify(outcome)}`);
  return outcome.der;
}

export const certificatePem = (der: Uint8Array) => encodePem('CERTIFICATE', der);

export function byId(authorities: readonly Authority[], id: AuthorityId | string | null): Authority {
  const found = authorities.find((authority) => authority.id === id);
  if (found === undefined) throw new Error(`there is no authority ${id}`);
  return found;
}
