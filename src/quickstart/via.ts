/** Ways out besides certmux's own CA, and which front doors they can be played with. */
import { everyDoor, type VendorWayOut, vendorWays } from '../config/ways-out.ts';
import { renderReason } from '../domain/errors.ts';
import { standingOf } from '../domain/pair-table.ts';
import type { IssuerOfPair } from '../domain/relay.ts';

export interface Via {
  /** The value of `--via`. */
  readonly name: string;
  /** For people. */
  readonly title: string;
  readonly side: IssuerOfPair;
  /** Undefined for an ACME CA. */
  readonly vendor: VendorWayOut | undefined;
}

/** The value of `--via` for the table of pairs. */
export const everyVia = 'all';

export const vias: readonly Via[] = [
  { name: 'acme', title: 'ACME', side: { id: 'acme', mode: 'alias' }, vendor: undefined },
  ...vendorWays.map((vendor) => ({ name: vendor.kind, title: vendor.title, side: vendor.side, vendor })),
];

/** @throws {Error} for people, naming the ways out there are */
export function viaOf(name: string): Via {
  const via = vias.find((one) => one.name === name);
  if (via !== undefined) return via;
  const known = vias.map((one) => one.name).join(', ');
  throw new Error(
    `the quickstart cannot get certificates via "${name}"; it knows ${known}, and ${everyVia} for the table`,
  );
}

/** Says why the front door cannot sell what comes from there, by the rule that `config check` has; undefined where it can. */
export function objectionTo(api: string, via: Via): string | undefined {
  const door = everyDoor.find(({ dialect }) => dialect === api);
  if (door === undefined) throw new Error(`there is no front door ${api}`);
  const standing = standingOf(door, via.side);
  if (standing.kind !== 'none') return undefined;
  return `--api ${api} --via ${via.name} cannot work: ${renderReason(standing.reason, 'en')}`;
}

/** Reports whether the vendor checks the names itself, by challenges that the front door shows. */
export function isRelay({ side }: Via): boolean {
  return side.mode === 'relay';
}
