/** The option that says why a certificate is revoked. */
import { Option } from 'commander';
import { type RevocationReason, revocationReasons } from '../domain/certificate.ts';

export interface ReasonOptions {
  readonly reason: RevocationReason;
}

export function reasonOption(): Option {
  return new Option('--reason <reason>', 'why, as relying parties will read it')
    .choices(Object.keys(revocationReasons))
    .default('unspecified');
}
