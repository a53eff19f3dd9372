/** The option that says why a certificate is revoked. */
import { InvalidArgumentError, Option } from 'commander';
import { type RevocationReason, revocationReasons } from '../domain/certificate.ts';
import { revocationReasonOf } from '../domain/revocation-reason.ts';

export interface ReasonOptions {
  readonly reason: RevocationReason;
}

export function reasonOption(): Option {
  const known = Object.keys(revocationReasons);
  return new Option('--reason <reason>', 'why, as relying parties will read it')
    .choices(known)
    .argParser((text): RevocationReason => {
      const reason = revocationReasonOf(text);
      if (reason !== undefined) return reason;
      throw new InvalidArgumentError(`Allowed choices are ${known.join(', ')}.`);
    })
    .default('unspecified');
}
