/** The keys of subscribers: every kind that a profile takes, RSA in each size. */
import type { Profile } from '../../src/domain/profile.ts';
import type { KeyAlgorithm } from '../../src/pki/public-key.ts';
import { newCsr } from '../../test/issuers/embedded/support.ts';

const keys: Readonly<Record<string, KeyAlgorithm>> = {
  'RSA 2048': { type: 'rsa', bits: 2048 },
  'RSA 3072': { type: 'rsa', bits: 3072 },
  'RSA 4096': { type: 'rsa', bits: 4096 },
  'P-256': { type: 'ec', curve: 'P-256' },
  'P-384': { type: 'ec', curve: 'P-384' },
  'P-521': { type: 'ec', curve: 'P-521' },
  Ed25519: { type: 'ed25519' },
};

export type Csrs = ReadonlyMap<string, Uint8Array>;

export async function newCsrs(): Promise<Csrs> {
  const csrs = new Map<string, Uint8Array>();
  for (const [name, algorithm] of Object.entries(keys)) csrs.set(name, await newCsr(algorithm));
  return csrs;
}

/** Those that certificates of the profile may have. */
export function csrsFor(csrs: Csrs, { keyKinds }: Profile): readonly (readonly [string, Uint8Array])[] {
  return [...csrs].filter(([name]) =>
    keyKinds.some((kind) => (kind === 'rsa' ? name.startsWith('RSA') : kind === name)),
  );
}
