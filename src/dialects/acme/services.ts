/** Services of this dialect's operations. */
import type { PortName, Ports } from '../../domain/ports/index.ts';
import type { Clock, PublicSuffixes, Randomness } from '../../domain/ports/system.ts';
import type { CallerSession, Session } from '../kit/operation.ts';
import type { AcmeConfig } from './config.ts';
import { type Limits, noLimits } from './limits.ts';
import type { Nonces } from './nonces.ts';
import type { OwnPathOf } from './own-urls.ts';

/** The ports it uses. */
export const ports = [
  'acmeOrders',
  'attempts',
  'authorizations',
  'certificates',
  'credentials',
  'keyRegister',
  'revocations',
  'signIn',
] as const satisfies readonly PortName[];

export type UsedPort = (typeof ports)[number];

export interface Services extends Pick<Ports, UsedPort> {
  readonly config: AcmeConfig;
  readonly nonces: Nonces;
  readonly limits: ReadonlyMap<string, Limits>;
  readonly clock: Clock;
  readonly random: Randomness;
  readonly publicSuffixes: PublicSuffixes;
  readonly publicUrl: string;
  readonly ownPathOf: OwnPathOf;
}

/** The limits of a directory, by its name. */
export function limitsOf({ limits }: Pick<Services, 'limits'>, directory: string): Limits {
  return limits.get(directory) ?? noLimits;
}

export type Anybody = Session<Services>;
export type Client = CallerSession<Services>;
