/** Products of this front door. Titles, prices and flags of 100 and 108 are those of the vendor's document, section 5. */
import { z } from 'zod';
import { toMajor } from '../../domain/money.ts';
import type { CatalogueEntry, Prices, Product } from '../../domain/product.ts';
import type { ValidationLevel } from '../../domain/profile.ts';
import { logoPath } from './logo.ts';
import type { WireProduct } from './schema.ts';

/** The vendor's reseller API refuses more. */
export const maxNames = 250;

/** Presentation of a product in panels, besides the core's data. */
const displaySchema = z.object({
  useage: z.string().default(''),
  term: z.string().default(''),
  brand: z.string().default('certmux'),
  logo: z.string().default(logoPath),
  support: z.boolean().default(false),
  businessDefault: z.boolean().default(false),
  default: z.boolean().default(false),
  promote: z.boolean().default(false),
  promoText: z.string().default(''),
  recommended: z.boolean().default(false),
  period: z.string().default('annually'),
  periodText: z.string().default('年'),
});

const common = {
  issuerId: 'embedded',
  currency: 'CNY',
  maxNames,
  allowsWildcard: true,
  allowsIpv4: true,
  // The Baota plugin filters IPv6 addresses out; no client orders them.
  allowsIpv6: false,
  isForSale: true,
} as const;

const display = {
  brand: '环智中诚',
  logo: logoPath,
  businessDefault: false,
  default: false,
  promote: false,
  promoText: '促销',
  recommended: false,
} as const;

const yearly = { term: '1年', period: 'annually', periodText: '年', support: true } as const;

/** An address costs what a name costs. */
function yuan(fqdn: number, wildcard: number): Prices {
  return { fqdnMinor: fqdn * 100, wildcardMinor: wildcard * 100, ipMinor: fqdn * 100 };
}

export const catalogue: readonly CatalogueEntry[] = [
  {
    ...common,
    code: '100',
    // The PHP CLI orders the first product whose title contains 免费.
    name: '免费版 SSL 证书',
    level: 'dv',
    profileId: 'private-dv',
    coverage: { unit: 'days', count: 90 },
    prices: yuan(0, 0),
    listPrices: yuan(0, 0),
    display: {
      ...display,
      useage: '试用',
      term: '90天',
      support: false,
      default: true,
      period: 'quarterly',
      periodText: '季度',
    },
  },
  {
    ...common,
    code: '108',
    name: '正式版 SSL 证书',
    level: 'dv',
    profileId: 'private-dv',
    coverage: { unit: 'years', count: 1 },
    prices: yuan(256, 750),
    listPrices: yuan(529, 1668),
    display: {
      ...display,
      ...yearly,
      useage: '个人/企业',
      businessDefault: true,
      promote: true,
      promoText: '超实惠',
      recommended: true,
    },
  },
  {
    ...common,
    code: '118',
    name: '企业版 SSL 证书',
    level: 'ov',
    profileId: 'private-ov',
    coverage: { unit: 'years', count: 1 },
    prices: yuan(980, 2980),
    listPrices: yuan(1880, 5680),
    display: { ...display, ...yearly, useage: '企业' },
  },
  {
    ...common,
    code: '128',
    name: '增强版 SSL 证书',
    level: 'ev',
    profileId: 'private-ev',
    coverage: { unit: 'years', count: 1 },
    // EV certificates carry neither wildcards nor addresses (EV Guidelines §7.1.4.2.1, §9.8.1 of the older numbering).
    allowsWildcard: false,
    allowsIpv4: false,
    prices: yuan(2680, 2680),
    listPrices: yuan(4880, 4880),
    display: { ...display, ...yearly, useage: '企业/金融' },
  },
];

/** The level of a product by its `pid`; undefined for one that is not ours, which the core then refuses. */
export function levelOf(pid: string): ValidationLevel | undefined {
  return catalogue.find((entry) => entry.code === pid)?.level;
}

export function productToWire(product: Product): WireProduct {
  const shown = displaySchema.parse(product.display);
  return {
    title: product.name,
    useage: shown.useage,
    class: product.level.toUpperCase(),
    term: shown.term,
    brand: shown.brand,
    logo: shown.logo,
    support: shown.support,
    isFree: product.prices.fqdnMinor === 0 && product.prices.wildcardMinor === 0,
    level: product.level,
    businessDefault: shown.businessDefault,
    default: shown.default,
    promote: shown.promote,
    promoText: shown.promoText,
    recommended: shown.recommended,
    period: shown.period,
    periodText: shown.periodText,
    price: pricesToWire(product.prices, product.currency),
    normal_price: pricesToWire(product.listPrices, product.currency),
  };
}

function pricesToWire(prices: Prices, currency: string): WireProduct['price'] {
  return { fqdn: toMajor(prices.fqdnMinor, currency), wildcard: toMajor(prices.wildcardMinor, currency) };
}
