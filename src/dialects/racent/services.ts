/** Services of this dialect's operations. */
import type { PortName, Ports } from '../../domain/ports/index.ts';
import type { Clock, PublicSuffixes, Randomness } from '../../domain/ports/system.ts';
import type { CallerSession } from '../kit/operation.ts';
import type { RacentConfig } from './config.ts';
import type { ProofContext } from './proofs.ts';

/** The ports it uses. */
export const ports = [
  'catalogue',
  'issuances',
  'orders',
  'proving',
  'revocations',
  'signIn',
] as const satisfies readonly PortName[];

export type UsedPort = (typeof ports)[number];

export interface Services extends Pick<Ports, UsedPort> {
  readonly clock: Clock;
  readonly random: Randomness;
  readonly publicSuffixes: PublicSuffixes;
  readonly sendsMail: boolean;
  /** 32 bytes from which the passwords of key stores are made. */
  readonly passwordSecret: Uint8Array;
  /** `secret`: 32 bytes from which the unique values of who sends none are made. */
  readonly proofContext: ProofContext & { readonly secret: Uint8Array };
  readonly config: RacentConfig;
}

export type Client = CallerSession<Services>;
