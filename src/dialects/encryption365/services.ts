/** What the operations of this dialect work with. */
import type { Platform } from '../../domain/ports/platform.ts';
import type { PublicSuffixes, Randomness } from '../../domain/ports/system.ts';
import type { CallerSession, Session } from '../kit/operation.ts';
import type { Encryption365Config } from './config.ts';

export interface Services {
  readonly platform: Platform;
  readonly random: Randomness;
  readonly publicSuffixes: PublicSuffixes;
  /** Of certmux. */
  readonly version: string;
  readonly config: Encryption365Config;
}

export type Stranger = Session<Services>;
export type Client = CallerSession<Services>;
