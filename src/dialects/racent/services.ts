/** What the operations of this dialect work with. */
import type { Platform } from '../../domain/ports/platform.ts';
import type { Clock, PublicSuffixes, Randomness } from '../../domain/ports/system.ts';
import type { CallerSession } from '../kit/operation.ts';
import type { RacentConfig } from './config.ts';
import type { ProofContext } from './proofs.ts';

export interface Services {
  readonly platform: Platform;
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
