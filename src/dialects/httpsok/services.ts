/** Services of this dialect's operations. */
import type { PortName, Ports } from '../../domain/ports/index.ts';
import type { Log, PublicSuffixes, Randomness } from '../../domain/ports/system.ts';
import type { CallerSession } from '../kit/operation.ts';
import type { Agent } from './agent.ts';
import type { HttpsokConfig } from './config.ts';
import type { Delegations } from './proofs.ts';

/** The ports it uses. */
export const ports = ['expiring', 'issuances', 'orders', 'proving', 'signIn'] as const satisfies readonly PortName[];

export type UsedPort = (typeof ports)[number];

export interface Services extends Pick<Ports, UsedPort> {
  readonly random: Randomness;
  readonly publicSuffixes: PublicSuffixes;
  readonly delegations: Delegations;
  readonly agent: Agent;
  readonly log: Log;
  readonly config: HttpsokConfig;
}

export type Client = CallerSession<Services>;
