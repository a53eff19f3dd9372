/** Profiles: what a directory lets its clients order by name (draft-ietf-acme-profiles). */
import { quoted, refuse } from '../../domain/errors.ts';
import type { AcmeProduct } from '../../domain/ports/acme-orders.ts';
import type { Product } from '../../domain/product.ts';
import type { Directory } from './config.ts';

/**
 * What is ordered; null: what the external account key names.
 * @throws {CertError} profileUnknown
 */
export function productOf(
  { profiles, open }: Directory,
  { profile, isBound }: { readonly profile: string | undefined; readonly isBound: boolean },
): AcmeProduct | null {
  if (profile === undefined) return isBound || open === undefined ? null : { code: open.product, isForEveryKey: false };
  requireProfile({ profiles }, profile);
  const { product, isForEveryKey } = profiles[profile] ?? refuseProfile(profiles, profile);
  return { code: product, isForEveryKey };
}

/** @throws {CertError} profileUnknown */
export function requireProfile({ profiles }: Pick<Directory, 'profiles'>, profile: string): void {
  if (!Object.hasOwn(profiles, profile)) refuseProfile(profiles, profile);
}

function refuseProfile(profiles: Directory['profiles'], profile: string): never {
  throw refuse('profileUnknown', { profile: quoted(profile), offered: Object.keys(profiles).join(', ') });
}

/** The name by which the directory offers what was ordered without one. */
export function profileOf({ profiles }: Directory, { dialect, code }: Product): string | undefined {
  return Object.entries(profiles).find(([, { product }]) => product === `${dialect}:${code}`)?.[0];
}
