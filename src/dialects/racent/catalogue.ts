/**
 * Products of this front door. Codes, names, levels and kinds of names are those of the vendor's own module for WHMCS; prices
 * are ours, in CNY for a year. Codes whose name says `-san` are the vendor's too.
 */
import { z } from 'zod';
import { toMajor } from '../../domain/money.ts';
import type { CatalogueEntry, Product } from '../../domain/product.ts';
import type { ValidationLevel } from '../../domain/profile.ts';
import type { WirePrice, WireProduct } from './schema.ts';

/** The most that Sectigo, whose products most of these are, puts into one certificate. */
export const maxNames = 250;

/** The longest coverage that the vendor's document names. */
export const maxYears = 6;

const displaySchema = z.object({ vendor: z.string().default('certmux') });

interface Kind {
  readonly maxNames: number;
  readonly allowsWildcard: boolean;
}

/** A wildcard may have one plain name beside it: `*.example.com` and `example.com`. */
const kinds = {
  single: { maxNames: 1, allowsWildcard: false },
  wildcard: { maxNames: 2, allowsWildcard: true },
  multi: { maxNames, allowsWildcard: false },
  multiWildcard: { maxNames, allowsWildcard: true },
} as const satisfies Record<string, Kind>;

type Row = readonly [
  code: string,
  name: string,
  level: ValidationLevel,
  kind: keyof typeof kinds,
  /** Prices of a plain name and of a wildcard, for a year. */
  yuan: number,
  wildcardYuan?: number | undefined,
  takes?: 'addresses',
];

const vendors: Readonly<Record<string, readonly Row[]>> = {
  Sectigo: [
    ['comodo-positivessl', 'PositiveSSL', 'dv', 'single', 60, undefined, 'addresses'],
    ['comodo-positivessl-wildcard', 'PositiveSSL Wildcard', 'dv', 'wildcard', 60, 480],
    ['comodo-positive-multi-domain', 'PositiveSSL Multi Domain', 'dv', 'multi', 60, undefined, 'addresses'],
    [
      'comodo-positive-multi-domain-wildcard',
      'PositiveSSL Multi Domain Wildcard',
      'dv',
      'multiWildcard',
      60,
      480,
      'addresses',
    ],
    ['comodo-positive-ev-ssl-certificate', 'PositiveSSL EV', 'ev', 'single', 980],
    ['comodo-positive-ev-multi-domain', 'PositiveSSL EV Multi Domain', 'ev', 'multi', 980],
    ['comodo-ssl', 'Sectigo SSL', 'dv', 'single', 280],
    ['comodo-wildcard-ssl-certificate', 'Sectigo Wildcard', 'dv', 'wildcard', 280, 980],
    ['sectigo-multi-domain', 'Sectigo DV Multi Domain', 'dv', 'multi', 280],
    ['sectigo-ov', 'Sectigo OV SSL', 'ov', 'single', 580, undefined, 'addresses'],
    ['sectigo-ov-wildcard', 'Sectigo OV Wildcard', 'ov', 'wildcard', 580, 1980],
    ['sectigo-ov-multi-san', 'Sectigo OV Multi Domain', 'ov', 'multi', 580, undefined, 'addresses'],
    ['comodo-ev-ssl-certificate', 'Sectigo EV SSL', 'ev', 'single', 1280],
    ['comodo-ev-multi-domain-ssl', 'Sectigo EV Multi Domain', 'ev', 'multi', 1280],
  ],
  sslTrus: [
    ['ssltrus-dv-ssl', 'sslTrus DV', 'dv', 'single', 98],
    ['ssltrus-wildcard-dv', 'sslTrus DV Wildcard', 'dv', 'wildcard', 98, 580],
    ['ssltrus-multi-domain-dv', 'sslTrus DV Multi Domain', 'dv', 'multi', 98],
    ['ssltrus-ov-ssl', 'sslTrus OV', 'ov', 'single', 480, undefined, 'addresses'],
    ['ssltrus-wildcard-ov', 'sslTrus OV Wildcard', 'ov', 'wildcard', 480, 1680],
    ['ssltrus-multi-domain-ov', 'sslTrus OV Multi Domain', 'ov', 'multi', 480],
    ['ssltrus-ev-ssl', 'sslTrus EV', 'ev', 'single', 1080],
    ['ssltrus-ev-multi-domain-san', 'sslTrus EV Multi Domain', 'ev', 'multi', 1080],
  ],
  Digicert: [
    ['rapidssl', 'RapidSSL DV', 'dv', 'single', 120],
    ['rapidssl-wildcard', 'RapidSSL DV Wildcard', 'dv', 'wildcard', 120, 780],
    ['digicert-basic-ov-flex', 'DigiCert Basic OV', 'ov', 'multiWildcard', 1280, 4980],
    ['digicert-basic-ev-flex', 'DigiCert Basic EV', 'ev', 'multi', 2280],
  ],
  Globalsign: [
    ['globalsign-domain-wildcard-ssl', 'GlobalSign DV Wildcard', 'dv', 'wildcard', 880, 3280],
    ['globalsign-organization-ssl', 'GlobalSign OV', 'ov', 'multi', 1280],
    ['globalsign-organization-wildcard-ssl', 'GlobalSign OV Wildcard', 'ov', 'multiWildcard', 1280, 4280],
    ['globalsign-ev-ssl', 'GlobalSign EV', 'ev', 'multi', 2580],
  ],
  // No source names a code of Certum's: these two are ours, made like the others.
  Certum: [
    ['certum-commercial-ssl', 'Certum Commercial SSL', 'dv', 'multi', 88],
    ['certum-commercial-wildcard', 'Certum Commercial Wildcard', 'dv', 'multiWildcard', 88, 520],
  ],
};

export const vendorNames: readonly string[] = Object.keys(vendors);

export const catalogue: readonly CatalogueEntry[] = Object.entries(vendors).flatMap(([vendor, rows]) =>
  rows.map((row) => entryOf(vendor, row)),
);

function entryOf(vendor: string, [code, name, level, kind, yuan, wildcardYuan = yuan, takes]: Row): CatalogueEntry {
  const prices = { fqdnMinor: yuan * 100, wildcardMinor: wildcardYuan * 100, ipMinor: yuan * 100 };
  return {
    code,
    name,
    level,
    profileId: `private-${level}`,
    issuerId: 'embedded',
    coverage: { unit: 'years', count: 1 },
    maxPeriods: maxYears,
    currency: 'CNY',
    prices,
    listPrices: prices,
    ...kinds[kind],
    allowsIpv4: takes === 'addresses',
    allowsIpv6: takes === 'addresses',
    isForSale: true,
    display: { vendor },
  };
}

/** The level of a product by its code; undefined for one that is not ours, which the core then refuses. */
export function levelOf(code: string): ValidationLevel | undefined {
  return catalogue.find((entry) => entry.code === code)?.level;
}

export function vendorOf({ display }: Pick<Product, 'display'>): string {
  return displaySchema.parse(display).vendor;
}

export function productToWire(product: Product): WireProduct {
  const { allowsWildcard, allowsIpv4, allowsIpv6 } = product;
  const isMulti = product.maxNames > 1;
  const price = (minor: number) => pricesToWire(product, minor);
  const { fqdnMinor, wildcardMinor } = product.prices;
  return {
    code: product.code,
    productName: product.name,
    supportWildcard: yesOrNo(allowsWildcard),
    supportStandard: 'Y',
    supportIp: yesOrNo(allowsIpv4 || allowsIpv6),
    supportSan: yesOrNo(isMulti),
    validationType: product.level,
    maxDomain: product.maxNames,
    maxYear: product.maxPeriods,
    // Every name is paid for: none comes with the base price but the one that it is the price of.
    defaultProtectDomain: 1,
    price: {
      basePrice: price(allowsWildcard && product.maxNames <= kinds.wildcard.maxNames ? wildcardMinor : fqdnMinor),
      // PHP SDK: a block that does not apply must be absent, never null.
      ...(isMulti
        ? {
            sanPrice: {
              ...(allowsWildcard ? { wildPrice: price(wildcardMinor) } : {}),
              normalPrice: price(fqdnMinor),
            },
          }
        : {}),
    },
    vendor: vendorOf(product),
  };
}

/** `price012`, `price024`, …: the months, in three digits. */
function pricesToWire({ maxPeriods, currency }: Product, minorPerYear: number): WirePrice {
  const years = Array.from({ length: maxPeriods }, (_, index) => index + 1);
  return Object.fromEntries(
    years.map((year) => [`price${String(year * 12).padStart(3, '0')}`, toMajor(minorPerYear * year, currency)]),
  );
}

function yesOrNo(value: boolean): 'Y' | 'N' {
  return value ? 'Y' : 'N';
}
