/** Services of this dialect's operations. */
import type { PortName, Ports } from '../../domain/ports/index.ts';
import type { PublicSuffixes, Randomness } from '../../domain/ports/system.ts';
import type { CallerSession, Session } from '../kit/operation.ts';
import type { Encryption365Config } from './config.ts';

/** The ports it uses. */
export const ports = [
  'accounts',
  'catalogue',
  'issuances',
  'orders',
  'proving',
  'revocations',
  'signIn',
] as const satisfies readonly PortName[];

export type UsedPort = (typeof ports)[number];

export interface Services extends Pick<Ports, UsedPort> {
  readonly random: Randomness;
  readonly publicSuffixes: PublicSuffixes;
  /** Version of certmux. */
  readonly version: string;
  readonly config: Encryption365Config;
}

export type Stranger = Session<Services>;
export type Client = CallerSession<Services>;
