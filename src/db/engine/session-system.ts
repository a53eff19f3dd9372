/** What the sessions of every engine hand to the stores. */
import type { Clock, Randomness } from '../../domain/ports/system.ts';

export interface SessionSystem {
  readonly clock: Clock;
  readonly random: Randomness;
}
