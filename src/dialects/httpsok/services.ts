/** What the operations of this dialect work with. */
import type { Platform } from '../../domain/ports/platform.ts';
import type { Log, PublicSuffixes, Randomness } from '../../domain/ports/system.ts';
import type { CallerSession } from '../kit/operation.ts';
import type { Agent } from './agent.ts';
import type { HttpsokConfig } from './config.ts';
import type { Delegations } from './proofs.ts';

export interface Services {
  readonly platform: Platform;
  readonly random: Randomness;
  readonly publicSuffixes: PublicSuffixes;
  readonly delegations: Delegations;
  readonly agent: Agent;
  readonly log: Log;
  readonly config: HttpsokConfig;
}

export type Client = CallerSession<Services>;
