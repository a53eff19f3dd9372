/** Where an order stands, as far as it matters to whoever waits for its certificate. */
import type { WireOrder } from '../dialects/native/schema.ts';

type Name = WireOrder['names'][number];

export type Standing =
  | { readonly kind: 'issued'; readonly certificate: number }
  | { readonly kind: 'unproved'; readonly names: readonly Name[] }
  /** For an approver, or for whoever verifies an organization. */
  | { readonly kind: 'waits' }
  /** It goes on by itself. */
  | { readonly kind: 'working' }
  | { readonly kind: 'over'; readonly why: string };

export function standingOf(order: WireOrder): Standing {
  const { issuance, certificate, names, state, summary } = order;
  if (state === 'revoked' || state === 'ended') return { kind: 'over', why: summary };
  switch (issuance.state) {
    case 'issued':
      return certificate === null ? { kind: 'working' } : { kind: 'issued', certificate: certificate.number };
    case 'failed':
    case 'cancelled':
      return { kind: 'over', why: issuance.failure ?? summary };
    case 'awaitingApproval':
      return { kind: 'waits' };
    case 'awaitingValidation': {
      const unproved = names.filter((name) => name.state !== 'valid');
      if (unproved.length > 0) return { kind: 'unproved', names: unproved };
      return order.organization === null ? { kind: 'working' } : { kind: 'waits' };
    }
    case 'ready':
    case 'issuing':
      return { kind: 'working' };
  }
}

/** The newest look at the proof by this method; null: nobody has looked. */
export function lastCheckOf(name: Name, method: 'httpFile' | 'dnsTxt') {
  return name.proofs.find((proof) => proof.method === method)?.lastCheck ?? null;
}
