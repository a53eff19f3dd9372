/** What the operation of this dialect works with. */
import type { Platform } from '../../domain/ports/platform.ts';
import type { Randomness } from '../../domain/ports/system.ts';
import type { CallerSession } from '../kit/operation.ts';
import type { WosignConfig } from './config.ts';

export interface Services {
  readonly platform: Platform;
  readonly random: Randomness;
  readonly config: WosignConfig;
}

export type Client = CallerSession<Services>;
