/** The kinds of issuer that configuration may name, and the ACME CAs that it may name without their directory. */
import { type AcmeCaId, acmeCas } from './acme/presets.ts';

/** `embedded` is always there; the others are sections of the configuration. */
export const issuerKinds = ['embedded', 'acme', 'pool'] as const;

export type IssuerKind = (typeof issuerKinds)[number];

const everyCa: Readonly<Record<string, unknown>> = acmeCas;

export const acmeCaIds: readonly AcmeCaId[] = Object.keys(everyCa).filter(isAcmeCaId);

function isAcmeCaId(id: string): id is AcmeCaId {
  return Object.hasOwn(everyCa, id);
}

export { type AcmeCa, type AcmeCaId, acmeCa } from './acme/presets.ts';

export { findingsInSample, lintDemandOf } from './embedded/sample-certificate.ts';
