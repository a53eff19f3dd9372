/**
 * The products of this front door: every TLS product of CertCentral under its own `name_id`. Default prices are ours, in US
 * dollars a name and year; the operator changes them.
 */
import { refuse } from '../../domain/errors.ts';
import { type Identifier, isIp } from '../../domain/identifier.ts';
import type { CatalogueEntry, Prices, Product } from '../../domain/product.ts';
import type { ValidationLevel } from '../../domain/profile.ts';

/** The longest order: three years (the vendor ended four to six in 2020). */
export const maxYears = 3;

/** Data of a product that only this front door knows. */
export interface ProductDisplay {
  readonly groupName: string;
  readonly validationType: 'dv' | 'ov' | 'ev' | 'private_ssl';
}

export function displayOf({ display, level }: Pick<Product, 'display' | 'level'>): ProductDisplay {
  const { groupName, validationType } = display as Partial<ProductDisplay>;
  return { groupName: groupName ?? 'ssl_certificate', validationType: validationType ?? level };
}

/** Secure Site and Basic products take wildcards among their names; these take nothing else than what their title says. */
type Names = 'plain' | 'wildcards';

function product(
  code: string,
  name: string,
  kind: {
    readonly level: ValidationLevel;
    readonly names: Names;
    readonly usd: number;
    readonly display: ProductDisplay;
  },
): CatalogueEntry {
  const { level, names, usd, display } = kind;
  const allowsWildcard = names === 'wildcards' && level !== 'ev';
  return {
    code,
    name,
    level,
    profileId: `private-${level}`,
    issuerId: 'embedded',
    coverage: { unit: 'years', count: 1 },
    maxPeriods: maxYears,
    // An OV or EV order waits for its organization anyway; its CSR may come meanwhile (`needs_csr`).
    csrMayFollow: level !== 'dv',
    currency: 'USD',
    prices: dollars(usd),
    listPrices: dollars(usd),
    maxNames: 250,
    allowsWildcard,
    // EV certificates hold no addresses; the vendor's DV products take none.
    allowsIpv4: level === 'ov',
    allowsIpv6: level === 'ov',
    isForSale: true,
    display: { ...display },
  };
}

/** A wildcard counts as four names. */
function dollars(usd: number): Prices {
  return { fqdnMinor: usd * 100, wildcardMinor: usd * 400, ipMinor: usd * 100 };
}

const group = (groupName: string, validationType: ProductDisplay['validationType']): ProductDisplay => ({
  groupName,
  validationType,
});

const ov = group('ssl_certificate', 'ov');
const ev = group('ev_ssl_certificate', 'ev');
const dv = group('dv_ssl_certificate', 'dv');
const secureSite = group('securesite_ssl_certificate', 'ov');
const secureSiteEv = group('securesite_ssl_certificate', 'ev');
const hidden = group('private_ssl_certificate', 'private_ssl');

export const catalogue: readonly CatalogueEntry[] = [
  product('ssl_basic', 'Basic OV', { level: 'ov', names: 'wildcards', usd: 238, display: ov }),
  product('ssl_plus', 'Standard SSL', { level: 'ov', names: 'plain', usd: 218, display: ov }),
  product('ssl_multi_domain', 'Multi-Domain SSL', { level: 'ov', names: 'plain', usd: 299, display: ov }),
  product('ssl_wildcard', 'Wildcard', { level: 'ov', names: 'wildcards', usd: 188, display: ov }),
  product('ssl_cloud_wildcard', 'Cloud Wildcard', { level: 'ov', names: 'wildcards', usd: 268, display: ov }),
  product('ssl_securesite_flex', 'Secure Site OV', { level: 'ov', names: 'wildcards', usd: 399, display: secureSite }),
  product('ssl_securesite_pro', 'Secure Site Pro SSL', {
    level: 'ov',
    names: 'wildcards',
    usd: 995,
    display: secureSite,
  }),
  product('ssl_geotrust_truebizid', 'GeoTrust TrueBusiness ID OV', {
    level: 'ov',
    names: 'wildcards',
    usd: 199,
    display: ov,
  }),
  product('ssl_geotrust_truebizid_flex', 'GeoTrust TrueBusiness ID Flex', {
    level: 'ov',
    names: 'wildcards',
    usd: 209,
    display: ov,
  }),
  product('ssl_ev_basic', 'Basic EV', { level: 'ev', names: 'plain', usd: 344, display: ev }),
  product('ssl_ev_plus', 'Extended Validation SSL', { level: 'ev', names: 'plain', usd: 295, display: ev }),
  product('ssl_ev_multi_domain', 'EV Multi-Domain', { level: 'ev', names: 'plain', usd: 489, display: ev }),
  product('ssl_ev_securesite_flex', 'Secure Site EV', { level: 'ev', names: 'plain', usd: 995, display: secureSiteEv }),
  product('ssl_ev_securesite_pro', 'Secure Site Pro EV SSL', {
    level: 'ev',
    names: 'plain',
    usd: 1499,
    display: secureSiteEv,
  }),
  product('ssl_dv_geotrust', 'GeoTrust Standard DV', { level: 'dv', names: 'plain', usd: 149, display: dv }),
  product('ssl_dv_geotrust_flex', 'GeoTrust DV SSL', { level: 'dv', names: 'wildcards', usd: 159, display: dv }),
  product('ssl_dv_rapidssl', 'RapidSSL Standard DV', { level: 'dv', names: 'plain', usd: 59, display: dv }),
  product('wildcard_dv_geotrust', 'GeoTrust Wildcard DV', { level: 'dv', names: 'wildcards', usd: 148, display: dv }),
  product('wildcard_dv_rapidssl', 'RapidSSL Wildcard DV', { level: 'dv', names: 'wildcards', usd: 62, display: dv }),
  product('cloud_dv_geotrust', 'GeoTrust Cloud DV', { level: 'dv', names: 'wildcards', usd: 169, display: dv }),
  product('private_ssl_plus', 'Private SSL', { level: 'ov', names: 'plain', usd: 98, display: hidden }),
  product('private_ssl_wildcard', 'Private SSL Wildcard', {
    level: 'ov',
    names: 'wildcards',
    usd: 99,
    display: hidden,
  }),
  product('private_ssl_multi_domain', 'Private Multi-Domain SSL', {
    level: 'ov',
    names: 'plain',
    usd: 129,
    display: hidden,
  }),
];

/** Products of the vendor that certify no TLS server. */
const otherProducts = new Set([
  'client_premium',
  'client_premium_sha2',
  'client_email_security_plus',
  'client_digital_signature_plus',
  'code_signing',
  'code_signing_ev',
  'document_signing_org_1',
  'document_signing_org_2',
  'grid_host_ssl',
  'secure_email_mailbox',
  'secure_email_sponsor',
  'secure_email_organization',
]);

/** @throws {CertError} unsupported for a product of the vendor that is not one for TLS servers */
export function checkIsTls(code: string): void {
  if (otherProducts.has(code)) throw refuse('productNotTls', { value: code });
}

/** The product name behind which the service chooses one. */
export const determinator = 'ssl';

/**
 * One of the account's products for these names: those that the hint fits, of them those that cover the names, of them the
 * cheapest. Without a hint, OV for an organization and DV for none; private ones and EV only when they are asked for, or are all there is.
 * @throws {CertError} unknownProduct when none is left, or several that cost the same
 */
export function determineProduct(
  products: readonly Product[],
  {
    hint,
    names,
    hasOrganization = false,
  }: {
    readonly hint: string | undefined;
    readonly names: readonly Identifier[];
    readonly hasOrganization?: boolean;
  },
): string {
  const candidates = products
    .filter((candidate) => candidate.isForSale && (hint === undefined || fitsHint(candidate, hint.toLowerCase())))
    .filter((candidate) => coversAll(candidate, names));
  const fitting = hint === undefined ? fittingWithoutHint(candidates, hasOrganization) : candidates;
  const costs = fitting.map(({ prices }) => costOf(prices, names));
  const least = Math.min(...costs);
  const cheapest = fitting.filter((_, index) => costs[index] === least);
  const [only] = cheapest;
  if (only !== undefined && cheapest.length === 1) return only.code;
  if (fitting.length === 0) throw refuse('unknownProduct', { field: 'product.type_hint', value: hint ?? '(none)' });
  const listed = cheapest.map(({ code }) => code);
  throw refuse('productAmbiguous', { field: 'product.type_hint', products: listed.slice(0, 5).join(', ') });
}

/** An organization is not put into a DV certificate: then DV serves where no OV product covers the names. */
function fittingWithoutHint(candidates: readonly Product[], hasOrganization: boolean): readonly Product[] {
  if (candidates.length === 1) return candidates;
  const ofLevel = (level: string) => candidates.filter((one) => displayOf(one).validationType === level);
  const [ov, dv] = [ofLevel('ov'), ofLevel('dv')];
  return hasOrganization && ov.length > 0 ? ov : dv;
}

/** A `name_id`, a kind of validation, or a word of the `name_id`: `private`, `wildcard`, `rapidssl`. */
function fitsHint(product: Product, hint: string): boolean {
  const { validationType, groupName } = displayOf(product);
  if (hint === product.code || hint === validationType || hint === groupName) return true;
  // Nobody who asks for OV means the private products, although they are validated so.
  if (hint === product.level) return validationType === product.level;
  return product.code.split('_').includes(hint);
}

function coversAll(product: Product, names: readonly Identifier[]): boolean {
  return (
    names.length <= product.maxNames &&
    names.every((name) => {
      if (name.kind === 'wildcard') return product.allowsWildcard;
      if (isIp(name)) return name.kind === 'ipv4' ? product.allowsIpv4 : product.allowsIpv6;
      return true;
    })
  );
}

function costOf(prices: Prices, names: readonly Identifier[]): number {
  const cost = (name: Identifier) =>
    name.kind === 'wildcard' ? prices.wildcardMinor : isIp(name) ? prices.ipMinor : prices.fqdnMinor;
  return names.reduce((sum, name) => sum + cost(name), 0);
}
