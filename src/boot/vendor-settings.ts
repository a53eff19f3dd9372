/** An issuer of the configuration that buys from a vendor, with what its files contain. Nothing is called. */
import { fileSetting, isKeyText, vendorBaseOf, vendorModeOf, vendorUrlOf } from '../config/vendor-problems.ts';
import type { BoughtProductSection, VendorIssuerSection } from '../config/vendor-section.ts';
import { vendorOf } from '../dialects/registry.ts';
import type { Phrase } from '../domain/messages/expectations.ts';
import { currencyDecimals, type Money } from '../domain/money.ts';
import type { Coverage } from '../domain/product.ts';
import { parseProductCode, productCodeOf } from '../domain/product-code.ts';
import { withDefined } from '../domain/with-defined.ts';
import type { BoughtProduct } from '../issuers/vendor/context.ts';
import type { VendorIssuerSettings } from '../issuers/vendor/index.ts';
import { fileRefusal, privateText, readText } from './configured-files.ts';

export interface VendorSettings extends VendorIssuerSettings {
  readonly kind: 'vendor';
  /** PEM; undefined: the public roots. */
  readonly caPem: string | undefined;
  readonly proxyUrl: string | undefined;
  /** Below it the balance at the vendor raises an alarm; null: it is not watched. */
  readonly balanceWarning: Money | null;
}

/** @throws {CertError} for a secret that others can read, and for a file that is missing or empty */
export async function vendorSettings(id: string, section: VendorIssuerSection): Promise<VendorSettings> {
  const { kind: dialect, account = id, organizations, contact, container, caFile, proxy, currency } = section;
  const { deadlineHours, afterDeadline, concurrency, budgets, relayWaitSeconds, balanceWarning } = section;
  const { products, otherProducts, formerUrls } = section;
  const baseUrl = vendorUrlOf(section);
  if (baseUrl === undefined) throw new Error(`the settings of the issuer ${id} were not checked`);
  return {
    kind: 'vendor',
    id,
    dialect,
    mode: vendorModeOf(section),
    baseUrl,
    formerUrls: otherFormsOf(dialect, baseUrl, formerUrls),
    credentials: await credentialsOf(id, section),
    currency,
    terms: {
      account,
      deadlineHours,
      afterDeadline,
      concurrency,
      budgets: budgets.map(({ windowHours, ...rest }) => ({ ...rest, windowSeconds: windowHours * 3600 })),
      relayWaitMs: relayWaitSeconds * 1000,
    },
    mapping: {
      products: new Map(
        Object.entries(products).map(([code, bought]) => [
          productCodeOf(parseProductCode(code)),
          boughtProduct(bought),
        ]),
      ),
      otherProducts: otherProducts === undefined ? null : boughtProduct(otherProducts),
      organizations: new Map(Object.entries(organizations).map(([number, word]) => [Number(number), String(word)])),
      contact: withDefined(contact),
      container: container === undefined ? null : String(container),
    },
    caPem: caFile === undefined ? undefined : await readText(`issuers.${id}.caFile`, caFile),
    proxyUrl: proxy,
    balanceWarning: balanceWarning === undefined ? null : amountOf(balanceWarning),
  };
}

/** Orders keep the address at which they were placed, as an earlier version read it: with the path that all calls begin with, or without. */
function otherFormsOf(kind: string, baseUrl: string, formerUrls: readonly string[]): readonly string[] {
  const { callsPath } = vendorOf(kind);
  const bases = [baseUrl, ...formerUrls.map((url) => vendorBaseOf(kind, url))];
  const forms = new Set(bases.flatMap((base) => [base, base + callsPath]));
  forms.delete(baseUrl);
  return [...forms];
}

async function credentialsOf(
  id: string,
  { kind, credentials }: VendorIssuerSection,
): Promise<Readonly<Record<string, string>>> {
  const read = vendorOf(kind).credentials.map(async ({ name, isSecret }): Promise<readonly [string, string]> => {
    const setting = fileSetting(name);
    const file = isSecret ? credentials[setting] : undefined;
    const text =
      file === undefined ? credentials[name] : await credentialText(`issuers.${id}.credentials.${setting}`, file);
    if (text === undefined) throw new Error(`the credentials of the issuer ${id} were not checked`);
    return [name, text];
  });
  return Object.fromEntries(await Promise.all(read));
}

/** A credential as it stands in a file. @throws {CertError} */
export async function credentialText(setting: string, path: string): Promise<string> {
  const text = await privateText(setting, path);
  if (!isKeyText(text)) throw fileRefusal(setting, path, strangeText);
  return text;
}

const strangeText: Phrase = {
  en: 'holds characters that no key has, or several lines; copy the key again from the console of the vendor',
  zh: '含有密钥中不会出现的字符，或包含多行；请从厂商的控制台重新复制',
};

function boughtProduct(bought: BoughtProductSection): BoughtProduct {
  if (typeof bought !== 'object') return { code: String(bought), coverage: null };
  return { code: String(bought.code), coverage: coverageOf(bought) };
}

function coverageOf({ years, months, days }: Extract<BoughtProductSection, object>): Coverage | null {
  if (years !== undefined) return { unit: 'years', count: years };
  if (months !== undefined) return { unit: 'months', count: months };
  return days === undefined ? null : { unit: 'days', count: days };
}

/** `100.00 CNY`, by its digits: a float would lose some. */
function amountOf(text: string): Money {
  const [, whole = '', fraction = '', currency = ''] = /^(\d+)(?:\.(\d+))? ([A-Z]{3})$/.exec(text) ?? [];
  const decimals = currencyDecimals(currency);
  return { minor: Number(whole + fraction.padEnd(decimals, '0').slice(0, decimals)), currency };
}
