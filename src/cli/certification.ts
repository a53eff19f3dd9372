/** The options of commands that ask for a certificate. */
import { type Command, Option } from 'commander';
import type { WireProof } from '../dialects/native/schema.ts';

export type PlacedMethod = Exclude<WireProof['method'], 'email' | 'tlsAlpn' | 'dnsPersist'>;

const placedMethods = ['httpFile', 'httpsFile', 'dnsCname', 'dnsTxt'] as const satisfies readonly PlacedMethod[];

/** Of a domain, for which mail is chosen afterwards. */
export function placedMethodOption(): Option {
  return new Option('--method <method>', 'the proof you mean to place; any offered one is accepted').choices([
    ...placedMethods,
  ]);
}

export function addProofOptions(command: Command): Command {
  return command
    .addOption(
      new Option(
        '--method <method>',
        'the proof you mean to place; any offered one is accepted; email sends mails',
      ).choices([...placedMethods, 'email']),
    )
    .option(
      '--address <address>',
      'with email: where the mails go; default: admin@ the registrable domain of each name',
    );
}

export interface CertificationOptions {
  readonly csr: string;
  readonly name?: string[];
  readonly method?: PlacedMethod | 'email';
  readonly address?: string;
}
