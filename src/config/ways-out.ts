/** Every front door and every way out, as the rules for pairs see them: for docs/pairs.md, and for what the quickstart can play. */
import { dialects, vendors } from '../dialects/registry.ts';
import { acmeModes, type DoorOfPair, type IssuerOfPair, vendorSide } from '../domain/relay.ts';

export const everyDoor: readonly DoorOfPair[] = dialects.map(({ name, relayDoor }) => ({
  dialect: name,
  door: relayDoor,
}));

export interface WayOut {
  /** The CA, or the vendor by the kind of its issuers. */
  readonly name: string;
  readonly side: IssuerOfPair;
}

/** The CA of our own, an ACME CA in each mode, each vendor in each of its modes. */
export const waysOut: readonly WayOut[] = [
  { name: 'embedded', side: { id: 'embedded', mode: 'own' } },
  ...acmeModes.map((mode) => ({ name: 'ACME CA', side: { id: 'acme', mode } })),
  ...vendors.flatMap(({ kind, maker: { manners } }) =>
    manners.modes.map((mode) => ({ name: kind, side: vendorSide(kind, mode, manners) })),
  ),
];

/** A vendor as the configuration names it, with what its own documents call it. */
export interface VendorWayOut {
  readonly kind: string;
  readonly title: string;
  /** In its usual mode. */
  readonly side: IssuerOfPair;
  readonly takesCsr: boolean;
  readonly takesWildcards: boolean;
}

export const vendorWays: readonly VendorWayOut[] = vendors.map(({ kind, maker: { manners } }) => {
  const { title, modes, takesCsr, takesWildcards } = manners;
  return { kind, title, side: vendorSide(kind, modes[0], manners), takesCsr, takesWildcards };
});
