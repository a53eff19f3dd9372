/** The servers of both comparisons. */
import { certmuxAcme, certmuxSigning } from './certmux.ts';
import { cfssl, cfsslWithoutStorage } from './cfssl.ts';
import { openBao } from './openbao.ts';
import { pebble } from './pebble.ts';
import type { AcmePeer, SigningPeer } from './peer.ts';
import { stepCa, stepCaSign } from './step-ca.ts';

export const acmePeers: readonly AcmePeer[] = [...certmuxAcme, pebble, stepCa];

/** Without Pebble, which speaks ACME only. */
export const signingPeers: readonly SigningPeer[] = [
  ...certmuxSigning,
  stepCaSign,
  openBao,
  cfssl,
  cfsslWithoutStorage,
];
