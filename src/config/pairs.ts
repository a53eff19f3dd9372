/** What a configuration sells through which front door: the rules for pairs, applied to its issuers and open front doors (docs/pairs.md). */
import { dialects, vendorOf } from '../dialects/registry.ts';
import { pairTable, type Standing } from '../domain/pair-table.ts';
import { parseProductCode } from '../domain/product-code.ts';
import { type DoorOfPair, type IssuerOfPair, vendorSide } from '../domain/relay.ts';
import { isVendorSection } from './issuers.ts';
import { type ConfigFile, readDialectSection } from './schema.ts';
import { vendorModeOf } from './vendor-problems.ts';

/** Every issuer, as the rules for pairs see it. The members of a pool stand for it. */
export function sidesOf({ issuers }: Pick<ConfigFile, 'issuers'>): readonly IssuerOfPair[] {
  const single = Object.entries(issuers).flatMap(([id, issuer]): IssuerOfPair[] => {
    if (isVendorSection(issuer)) return [vendorSide(id, vendorModeOf(issuer), vendorOf(issuer.kind).manners)];
    return issuer.kind === 'pool' ? [] : [{ id, mode: issuer.mode }];
  });
  return [{ id: 'embedded', mode: 'own' }, ...single];
}

/** The front doors that answer. */
export function openDoors(config: ConfigFile): readonly DoorOfPair[] {
  return dialects.flatMap((dialect) => {
    const { name, relayDoor } = dialect;
    const read = readDialectSection(config.dialects[name], dialect);
    return 'settings' in read && read.settings.isEnabled ? [{ dialect: name, door: relayDoor }] : [];
  });
}

/** Of one issuer, each open front door with what it means to sell its products there. */
export interface SoldThrough {
  readonly issuer: string;
  readonly mode: IssuerOfPair['mode'];
  readonly doors: readonly { readonly dialect: string; readonly standing: Standing['kind'] }[];
}

/** The issuers of the section `issuers`, in its order; the embedded CA is sold everywhere. */
export function soldThrough(config: ConfigFile): readonly SoldThrough[] {
  const open = openDoors(config);
  return sidesOf(config)
    .filter(({ mode }) => mode !== 'own')
    .map((side) => ({
      issuer: side.id,
      mode: side.mode,
      doors: pairTable(open, [side]).map(({ pair, standing }) => ({ dialect: pair.dialect, standing: standing.kind })),
    }));
}

/** A product that an issuer names and no front door has of itself. An operator may have made it, so that it is no error. */
export interface UnknownProduct {
  readonly issuer: string;
  readonly code: string;
}

export function unknownProducts({ issuers }: Pick<ConfigFile, 'issuers'>): readonly UnknownProduct[] {
  return Object.entries(issuers).flatMap(([issuer, section]) => {
    if (!isVendorSection(section)) return [];
    return Object.keys(section.products).flatMap((code) => (isInCatalogue(code) ? [] : [{ issuer, code }]));
  });
}

function isInCatalogue(text: string): boolean {
  const { dialect, code } = parseProductCode(text);
  const catalogue = dialects.find(({ name }) => name === dialect)?.catalogue ?? [];
  return catalogue.some((entry) => entry.code === code);
}
