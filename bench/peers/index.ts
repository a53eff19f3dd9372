/** The servers of the comparison. */
import { certmux } from './certmux.ts';
import { pebble } from './pebble.ts';
import type { Peer } from './peer.ts';
import { stepCa } from './step-ca.ts';

export const peers: readonly Peer[] = [certmux, pebble, stepCa];
