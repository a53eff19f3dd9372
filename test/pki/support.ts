/** A small CA, keys, and OpenSSL, for the tests of this folder. Every value is fixed but the keys. */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CertError } from '../../src/domain/errors.ts';
import { parseIdentifier } from '../../src/domain/identifier.ts';
import { intermediateTbs, rootTbs } from '../../src/pki/ca-certificate.ts';
import { bitString, derNull, oid, sequence, unsignedInteger } from '../../src/pki/der-writer.ts';
import { createLocalSigner, generateKey, type LocalSigner } from '../../src/pki/key.ts';
import { createLeafTemplate, type LeafProfile, serialFrom } from '../../src/pki/leaf-template.ts';
import { encodeName } from '../../src/pki/name.ts';
import { oids } from '../../src/pki/oid.ts';
import { type KeyAlgorithm, keyIdentifier } from '../../src/pki/public-key.ts';
import { signAndAssemble } from '../../src/pki/signature.ts';

export const p256 = { type: 'ec', curve: 'P-256' } as const satisfies KeyAlgorithm;

export const keyAlgorithms: readonly KeyAlgorithm[] = [
  p256,
  { type: 'ec', curve: 'P-384' },
  { type: 'ec', curve: 'P-521' },
  { type: 'ed25519' },
  { type: 'rsa', bits: 2048 },
];

export const notBefore = new Date('2026-11-21T00:00:00Z');
/** 199 days, both ends included. */
export const notAfter = new Date('2027-06-07T23:59:59Z');

export const names = (...texts: string[]) => texts.map((text) => parseIdentifier(text, 'names'));

/** Serial numbers that differ and stay the same from run to run. */
export const serial = (n: number) => serialFrom(Buffer.alloc(16, n));

export const fixture = (name: string) => readFileSync(new URL(`fixtures/${name}`, import.meta.url), 'utf8');

export async function newSigner(algorithm: KeyAlgorithm = p256): Promise<LocalSigner> {
  return createLocalSigner((await generateKey(algorithm)).privateKeyPkcs8);
}

export interface Authority {
  readonly rootSigner: LocalSigner;
  readonly root: Buffer;
  readonly signer: LocalSigner;
  readonly intermediate: Buffer;
  readonly profile: LeafProfile;
}

export async function createAuthority(algorithm: KeyAlgorithm = p256): Promise<Authority> {
  const rootSigner = await newSigner(algorithm);
  const signer = await newSigner(algorithm);
  const rootName = encodeName({ C: 'CN', O: 'certmux', CN: 'certmux test root' });
  const issuerName = encodeName({ C: 'CN', O: 'certmux', CN: 'certmux test issuer' });
  const common = { notBefore, signatureAlgorithm: rootSigner.algorithm };
  const root = await signAndAssemble(
    rootTbs({
      ...common,
      subjectName: rootName,
      spkiDer: rootSigner.publicKey.spkiDer,
      serial: serial(1),
      notAfter: new Date('2056-11-20T23:59:59Z'), // past 2049: GeneralizedTime
    }),
    rootSigner,
  );
  const intermediate = await signAndAssemble(
    intermediateTbs({
      ...common,
      subjectName: issuerName,
      spkiDer: signer.publicKey.spkiDer,
      serial: serial(2),
      notAfter: new Date('2036-11-20T23:59:59Z'),
      issuerName: rootName,
      issuerKeyId: keyIdentifier(rootSigner.publicKey.spkiDer),
      caIssuersUrl: 'http://pki.example.com/root.der',
      crlUrl: 'http://pki.example.com/root.crl',
    }),
    rootSigner,
  );
  const profile: LeafProfile = {
    issuerName,
    issuerKeyId: keyIdentifier(signer.publicKey.spkiDer),
    signatureAlgorithm: signer.algorithm,
    validationLevel: 'dv',
    policies: [oids.domainValidated],
    crlUrl: 'http://pki.example.com/1.crl',
    caIssuersUrl: 'http://pki.example.com/issuer.der',
  };
  return { rootSigner, root, signer, intermediate, profile };
}

/** A DV certificate of this authority for a fresh key. */
export async function issueLeaf(authority: Authority, algorithm: KeyAlgorithm = p256): Promise<Buffer> {
  const { spkiDer } = await generateKey(algorithm);
  const input = {
    serial: serial(3),
    notBefore,
    notAfter,
    spkiDer,
    names: names('example.com', '*.example.com', '192.0.2.7'),
  };
  return signAndAssemble(createLeafTemplate(authority.profile).tbs(input), authority.signer);
}

/** The SubjectPublicKeyInfo of any RSA numbers, weak ones too. */
export function rsaSpki(modulus: bigint, exponent = 65537n): Buffer {
  const key = sequence([unsignedInteger(magnitude(modulus)), unsignedInteger(magnitude(exponent))]);
  return sequence([sequence([oid(oids.rsaEncryption), derNull]), bitString(key)]);
}

function magnitude(value: bigint): Buffer {
  const hex = value.toString(16);
  return Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex');
}

export interface OpenSsl {
  /** Writes a file into the directory that `run` works in. */
  write(name: string, content: string | Uint8Array): void;
  read(name: string): Buffer;
  /** Standard output; throws when the exit status is not 0. */
  run(...args: string[]): string;
  /** Standard output and error: some commands say "verify OK" or "verify failure" there and exit with 0 either way. */
  runAll(...args: string[]): string;
}

/** OpenSSL in a directory of its own, which is gone afterwards. */
export function withOpenSsl<T>(work: (openssl: OpenSsl) => T): T {
  const directory = mkdtempSync(join(tmpdir(), 'certmux-pki-'));
  const options = { cwd: directory, encoding: 'utf8', stdio: 'pipe', maxBuffer: 64 * 1024 * 1024 } as const;
  try {
    return work({
      write: (name, content) => writeFileSync(join(directory, name), content),
      read: (name) => readFileSync(join(directory, name)),
      run: (...args) => execFileSync('openssl', args, options),
      runAll: (...args) => {
        const { status, stdout, stderr } = spawnSync('openssl', args, options);
        assert.equal(status, 0, stderr);
        return stdout + stderr;
      },
    });
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** For assert.throws: a CertError with exactly this text. */
export function certError(code: string, message: string | RegExp): (thrown: unknown) => true {
  return (thrown) => {
    assert.ok(thrown instanceof CertError, `not a CertError: ${String(thrown)}`);
    if (typeof message === 'string') assert.equal(thrown.message, message);
    else assert.match(thrown.message, message);
    assert.equal(thrown.code, code);
    return true;
  };
}
