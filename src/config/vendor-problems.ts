/** What is wrong with an issuer that buys from a vendor, although each of its settings by itself is right. */
import { dialects, vendorOf } from '../dialects/registry.ts';
import { quoted } from '../domain/errors.ts';
import type { Phrase } from '../domain/messages/expectations.ts';
import { nearestWord } from '../domain/nearest-word.ts';
import type { VendorMode, VendorWordKind } from '../domain/ports/upstream.ts';
import { parseProductCode } from '../domain/product-code.ts';
import { type AccountSharers, accountElsewhere, accountSettingDiffers } from './account-problems.ts';
import type { ConfigProblem } from './problem.ts';
import type { BoughtProductSection, VendorIssuerSection } from './vendor-section.ts';

export function vendorProblems(id: string, section: VendorIssuerSection): readonly ConfigProblem[] {
  const { kind, mode, products, otherProducts, organizations, balanceWarning } = section;
  const { manners } = vendorOf(kind);
  const path = (...settings: readonly string[]) => ['issuers', id, ...settings];
  const found: ConfigProblem[] = [...credentialProblems(id, section)];
  if (vendorUrlOf(section) === undefined) found.push({ path: path('url'), message: missingUrl(manners.title) });
  if (mode !== undefined && !manners.modes.includes(mode)) {
    found.push({ path: path('mode'), message: unknownMode(mode, manners) });
  }
  if (otherProducts === undefined && Object.keys(products).length === 0) {
    found.push({ path: path('products'), message: nothingBought });
  }
  for (const [code, bought] of Object.entries(products)) {
    const objection = objectionToCode(code) ?? objectionToCoverage(bought);
    if (objection !== undefined) found.push({ path: path('products', code), message: objection });
  }
  const coverage = otherProducts === undefined ? undefined : objectionToCoverage(otherProducts);
  if (coverage !== undefined) found.push({ path: path('otherProducts'), message: coverage });
  for (const number of Object.keys(organizations)) {
    if (!/^[1-9]\d{0,9}$/.test(number)) {
      found.push({ path: path('organizations', number), message: wrongNumber(number) });
    }
  }
  if (balanceWarning !== undefined && manners.showsBalance !== true) {
    found.push({ path: path('balanceWarning'), message: noBalance(manners.title) });
  }
  return [...found, ...wordProblems(id, section)];
}

/** What the vendor cannot have: else each order would be refused there, and paid back. */
function wordProblems(id: string, section: VendorIssuerSection): readonly ConfigProblem[] {
  const { kind, products, otherProducts, organizations, container } = section;
  const maker = vendorOf(kind);
  const problem = (what: VendorWordKind, value: string | number | undefined, ...settings: readonly string[]) => {
    const objection = value === undefined ? undefined : maker.objectionTo?.(what, String(value));
    if (value === undefined || objection === undefined) return [];
    return [{ path: ['issuers', id, ...settings], message: wrongWord(maker.manners.title, String(value), objection) }];
  };
  return [
    ...Object.entries(products).flatMap(([code, bought]) => problem('product', codeOf(bought), 'products', code)),
    ...(otherProducts === undefined ? [] : problem('product', codeOf(otherProducts), 'otherProducts')),
    ...Object.entries(organizations).flatMap(([number, word]) =>
      problem('organization', word, 'organizations', number),
    ),
    ...problem('container', container, 'container'),
  ];
}

function codeOf(bought: BoughtProductSection): string | number {
  return typeof bought === 'object' ? bought.code : bought;
}

/** Where the vendor is (`vendorBaseOf`); undefined where neither the configuration nor the vendor says it. */
export function vendorUrlOf({ kind, url }: Pick<VendorIssuerSection, 'kind' | 'url'>): string | undefined {
  const found = url ?? vendorOf(kind).usualUrl;
  return found === null ? undefined : vendorBaseOf(kind, found);
}

/** An address as calls take it: without the path that all of them begin with, which vendors' documents give as part of it. */
export function vendorBaseOf(kind: string, url: string): string {
  const { callsPath } = vendorOf(kind);
  const plain = url.replace(/(?<!\/)\/+$/, '');
  return callsPath !== '' && plain.endsWith(callsPath) ? plain.slice(0, -callsPath.length) : plain;
}

export function vendorModeOf({ kind, mode }: Pick<VendorIssuerSection, 'kind' | 'mode'>): VendorMode {
  const { modes } = vendorOf(kind).manners;
  // Another one is a problem of its own.
  return modes.find((one) => one === mode) ?? modes[0];
}

/** The setting by which a file with the credential is named. */
export function fileSetting(credential: string): string {
  return `${credential}File`;
}

export function vendorAccountProblems(
  sharers: AccountSharers,
  id: string,
  section: VendorIssuerSection,
): readonly ConfigProblem[] {
  const { account = id } = section;
  const other = sharers.get(account);
  if (other === undefined) {
    sharers.set(account, { id, section });
    return [];
  }
  const path = ['issuers', id, 'account'];
  const theirs = other.section;
  if (!('credentials' in theirs)) return [{ path, message: accountElsewhere(account, other.id, theirs.directory) }];
  const theirUrl = vendorUrlOf(theirs);
  if (theirs.kind !== section.kind || theirUrl !== vendorUrlOf(section)) {
    return [{ path, message: accountElsewhere(account, other.id, theirUrl) }];
  }
  const isSame = textOf(theirs.credentials) === textOf(section.credentials);
  return isSame ? [] : [{ path, message: accountSettingDiffers(account, other.id, 'credentials') }];
}

/** Whatever order they are written in. */
function textOf(credentials: Readonly<Record<string, string>>): string {
  return JSON.stringify(Object.entries(credentials).toSorted(([one], [other]) => (one < other ? -1 : 1)));
}

function credentialProblems(id: string, { kind, credentials }: VendorIssuerSection): readonly ConfigProblem[] {
  const { credentials: known, manners } = vendorOf(kind);
  const path = (name: string) => ['issuers', id, 'credentials', name];
  const taken = known.flatMap(({ name, isSecret }) => (isSecret ? [name, fileSetting(name)] : [name]));
  const unknown = Object.keys(credentials).filter((name) => !taken.includes(name));
  return [
    ...unknown.map((name) => ({ path: path(name), message: unknownCredential(manners.title, name, taken) })),
    ...known.flatMap(({ name, isSecret }) => {
      const file = fileSetting(name);
      const isGiven = Object.hasOwn(credentials, name);
      const isFileGiven = isSecret && Object.hasOwn(credentials, file);
      if (isGiven && isFileGiven) return [{ path: path(name), message: bothGiven(file) }];
      if (isGiven && isSecret && !isKeyText(credentials[name] ?? '')) {
        return [{ path: path(name), message: strangeCharacters }];
      }
      if (isGiven || isFileGiven) return [];
      return [
        { path: path(isSecret ? file : name), message: missingCredential(manners.title, isSecret ? name : undefined) },
      ];
    }),
  ];
}

function unknownCredential(title: string, name: string, taken: readonly string[]): Phrase {
  const nearest = nearestWord(name, taken);
  return {
    en: `${title} has no such credential${nearest === undefined ? `; there is ${taken.join(', ')}` : `; did you mean ${nearest}?`}`,
    zh: `${title} 没有这一凭证${nearest === undefined ? `，可用的有 ${taken.join('、')}` : `，是否为 ${nearest}？`}`,
  };
}

function bothGiven(file: string): Phrase {
  return { en: `${file} is set as well; one of them must go`, zh: `同时设置了 ${file}，只能保留其中一项` };
}

/** What may stand in a header, where some vendors want their key: a quote of a word processor would fail each call. */
export function isKeyText(text: string): boolean {
  return /^[\x20-\x7e]+$/.test(text);
}

const strangeCharacters: Phrase = {
  en: 'holds characters that no key has, such as typographic quotes; copy it again from the console of the vendor',
  zh: '含有密钥中不会出现的字符（例如中文引号），请从厂商的控制台重新复制',
};

/** @param secret its name, where it can also be written down itself */
function missingCredential(title: string, secret: string | undefined): Phrase {
  return {
    en: `is missing${secret === undefined ? '' : `, or ${secret}`}: ${title} knows us by it`,
    zh: `缺失${secret === undefined ? '' : `（也可填写 ${secret}）`}：${title} 凭它识别我们的账户`,
  };
}

function missingUrl(title: string): Phrase {
  return {
    en: `is missing: ${title} has no address of its own any more; name the server that speaks its API`,
    zh: `缺失：${title} 已没有自己的地址，请填写提供该接口的服务器`,
  };
}

function unknownMode(
  mode: VendorMode,
  { title, modes }: { readonly title: string; readonly modes: readonly VendorMode[] },
): Phrase {
  return {
    en: `${quoted(mode)} is no mode of ${title}; it has ${modes.join(' and ')}`,
    zh: `${title} 没有 ${quoted(mode)} 模式，可用的有 ${modes.join('、')}`,
  };
}

function wrongWord(title: string, word: string, objection: Phrase): Phrase {
  return {
    en: `${quoted(word)} is nothing of ${title}: ${objection.en}`,
    zh: `${title} 没有 ${quoted(word)}：${objection.zh}`,
  };
}

function noBalance(title: string): Phrase {
  return {
    en: `${title} does not tell a balance, so that nothing would ever be warned of; remove it`,
    zh: `${title} 不提供余额，永远不会告警，请删除此项`,
  };
}

const nothingBought: Phrase = {
  en: 'is missing, and so is otherProducts: nothing could be bought there; name at least one product of ours with the code that the vendor has for it',
  zh: '缺失，也没有 otherProducts：无法在那里购买任何产品；请至少写明一个本地产品及其在上游的代码',
};

function objectionToCode(code: string): Phrase | undefined {
  const { dialect, code: own } = parseProductCode(code);
  const known = dialects.map(({ name }) => name);
  if (/^\S+$/.test(own) && known.includes(dialect)) return undefined;
  const nearest = known.includes(dialect) ? undefined : nearestWord(dialect, known);
  return {
    en: `${quoted(code)} is not the code of a product, like tls-dv or encryption365:100${nearest === undefined ? '' : `; did you mean ${nearest}:${own}?`}`,
    zh: `${quoted(code)} 不是产品代码（例如 tls-dv 或 encryption365:100）${nearest === undefined ? '' : `，是否为 ${nearest}:${own}？`}`,
  };
}

function objectionToCoverage(bought: BoughtProductSection): Phrase | undefined {
  if (typeof bought !== 'object') return undefined;
  const units = (['years', 'months', 'days'] as const).filter((unit) => bought[unit] !== undefined);
  if (units.length < 2) return undefined;
  return {
    en: `${units.join(' and ')} are both set; one of them must go`,
    zh: `同时设置了 ${units.join(' 和 ')}，只能保留其中一项`,
  };
}

function wrongNumber(number: string): Phrase {
  return {
    en: `${quoted(number)} is not the number of an organization, like 12 (certmux organization list)`,
    zh: `${quoted(number)} 不是组织编号（例如 12，见 certmux organization list）`,
  };
}
