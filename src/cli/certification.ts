/** The options of commands that ask for a certificate. */
import { Option } from 'commander';
import type { WireProof } from '../dialects/native/schema.ts';

export type PlacedMethod = Exclude<WireProof['method'], 'email' | 'tlsAlpn' | 'dnsPersist'>;

export function methodOption(): Option {
  return new Option('--method <method>', 'the proof you mean to place; any offered one is accepted').choices([
    'httpFile',
    'httpsFile',
    'dnsCname',
    'dnsTxt',
  ] satisfies PlacedMethod[]);
}

export interface CertificationOptions {
  readonly csr: string;
  readonly name?: string[];
  readonly method?: PlacedMethod;
}
