/** Services of this dialect's operation. */
import type { PortName, Ports } from '../../domain/ports/index.ts';
import type { Randomness } from '../../domain/ports/system.ts';
import type { CallerSession } from '../kit/operation.ts';
import type { WosignConfig } from './config.ts';

/** The ports it uses. */
export const ports = ['orders', 'signIn'] as const satisfies readonly PortName[];

export type UsedPort = (typeof ports)[number];

export interface Services extends Pick<Ports, UsedPort> {
  readonly random: Randomness;
  readonly config: WosignConfig;
}

export type Client = CallerSession<Services>;
