/** What relying parties are shown: certificates of every kind of authority, with chain, lists and moment. */
import type { SituationId } from './expected.ts';
import { makeImported } from './made/imported.ts';
import { makeLast } from './made/last.ts';
import { makeOffline } from './made/offline.ts';
import { makeOutside } from './made/outside.ts';
import { makeOwn } from './made/own.ts';

export interface Situation {
  /** What the client wanted to reach. */
  readonly name: string;
  readonly at: Date;
  /** PEM, as all of them. */
  readonly leaf: string;
  /** What the server sends besides: between the leaf and the anchors. */
  readonly chain: readonly string[];
  readonly anchors: readonly string[];
  readonly lists: readonly string[];
}

export async function makeSituations(): Promise<Readonly<Record<SituationId, Situation>>> {
  return {
    ...(await makeOwn()),
    ...(await makeOutside()),
    ...(await makeImported()),
    ...(await makeOffline()),
    ...(await makeLast()),
  };
}
