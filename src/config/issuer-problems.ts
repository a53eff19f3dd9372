/** What is wrong with the section `issuers` as a whole: what one setting says that another one, or the CA, does not allow. */
import { quoted } from '../domain/errors.ts';
import type { Phrase } from '../domain/messages/expectations.ts';
import { nearestWord } from '../domain/nearest-word.ts';
import { acmeCa, acmeCaIds } from '../issuers/registry.ts';
import { type AccountSharers, accountElsewhere, accountSettingDiffers } from './account-problems.ts';
import { type AcmeIssuerSection, type IssuersSection, isVendorSection } from './issuers.ts';
import type { ConfigProblem } from './problem.ts';
import { vendorAccountProblems, vendorModeOf, vendorProblems, vendorUrlOf } from './vendor-problems.ts';

export interface IssuerSettingsFile {
  readonly issuers: IssuersSection;
  readonly aliasZone?: { readonly zone: string } | undefined;
}

/** The embedded CA has it, and needs no section here. */
const embeddedId = 'embedded';
/** What native paths, `/api/v1/upstreams/…`, and so `certmux upstream show`, have in the place of an account. */
const reservedAccounts: readonly string[] = ['orders', 'costs'];
const idForm = /^[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?$/;

export function issuerProblems(config: IssuerSettingsFile): readonly ConfigProblem[] {
  const sharers: AccountSharers = new Map();
  return Object.entries(config.issuers).flatMap(([id, section]) => {
    const path = ['issuers', id];
    const problems = at(path, objectionsToId(id));
    if (isVendorSection(section)) {
      return [
        ...problems,
        ...accountNameProblems(id, section),
        ...vendorProblems(id, section),
        ...vendorAccountProblems(sharers, id, section),
      ];
    }
    if (section.kind === 'pool')
      return [...problems, ...at([...path, 'members'], objectionsToMembers(config, section.members))];
    return [
      ...problems,
      ...accountNameProblems(id, section),
      ...acmeProblems(config, id, section),
      ...accountProblems(sharers, id, section),
    ];
  });
}

/** The directory of the CA; undefined where the configuration does not say it. */
export function directoryOf({ ca, directory }: Pick<AcmeIssuerSection, 'ca' | 'directory'>): string | undefined {
  return directory ?? acmeCa(ca).directory ?? undefined;
}

function at(path: readonly string[], messages: readonly Phrase[]): readonly ConfigProblem[] {
  return messages.map((message) => ({ path, message }));
}

function objectionsToId(id: string): readonly Phrase[] {
  if (id === embeddedId) {
    return [
      {
        en: `${quoted(id)} is the CA of certmux itself; choose another id`,
        zh: `${quoted(id)} 是 certmux 内置的签发机构，请改用其他 ID`,
      },
    ];
  }
  return idForm.test(id) ? [] : [wrongId('the id', 'ID', id)];
}

function accountNameProblems(
  id: string,
  { account }: { readonly account?: string | undefined },
): readonly ConfigProblem[] {
  const path = account === undefined ? ['issuers', id] : ['issuers', id, 'account'];
  if (reservedAccounts.includes(account ?? id)) return at(path, [reserved(account ?? id)]);
  if (account === undefined || idForm.test(account)) return [];
  return at(path, [wrongId('the name of the account', '账户名', account)]);
}

function wrongId(en: string, zh: string, value: string): Phrase {
  return {
    en: `${en} must be 1 to 32 lower-case letters, digits and hyphens, like letsencrypt-main, not ${quoted(value)}`,
    zh: `${zh}必须是 1 到 32 个小写字母、数字和连字符（例如 letsencrypt-main），不能是 ${quoted(value)}`,
  };
}

function reserved(account: string): Phrase {
  return {
    en: `the account cannot be called ${quoted(account)}, which the API has for what waits at all of them; set account to another name`,
    zh: `账户不能命名为 ${quoted(account)}（该名称在 API 中表示所有上游的待处理订单），请将 account 设为其他名称`,
  };
}

function objectionsToMembers({ issuers }: IssuerSettingsFile, members: readonly string[]): readonly Phrase[] {
  const modes = new Map<string, string>();
  const objections = members.flatMap((member, index): readonly Phrase[] => {
    if (members.indexOf(member) !== index) {
      return [{ en: `${quoted(member)} is listed twice`, zh: `${quoted(member)} 重复列出` }];
    }
    if (member === embeddedId) {
      return [
        {
          en: `${quoted(member)} cannot be in a pool: it relies on certmux's own checks of names, and never has to be replaced`,
          zh: `${quoted(member)} 不能放入签发机构池：它依据 certmux 自己的域名验证，也不需要备用`,
        },
      ];
    }
    const section = Object.hasOwn(issuers, member) ? issuers[member] : undefined;
    if (section === undefined) return [unknownMember(member, issuers)];
    if (isVendorSection(section)) {
      const mode = vendorModeOf(section);
      if (mode === 'relay') return [relayInPool(member)];
      modes.set(member, mode);
      return [];
    }
    if (section.kind === 'pool') {
      return [
        {
          en: `${quoted(member)} is a pool itself; list its members here`,
          zh: `${quoted(member)} 本身就是签发机构池，请在此直接列出其成员`,
        },
      ];
    }
    modes.set(member, section.mode);
    return [];
  });
  return new Set(modes.values()).size > 1 ? [...objections, differentModes(modes)] : objections;
}

/** Its order is bought before the names are proved: no other member could go on with the challenges that the customer has placed. */
function relayInPool(member: string): Phrase {
  return {
    en: `${quoted(member)} cannot be in a pool: in mode relay it is bought from before the names are proved, by challenges of its own, so that no other member could take over; let products name it`,
    zh: `${quoted(member)} 不能放入签发机构池：relay 模式在验证域名之前就已向其下单，并使用其自己的验证信息，其他成员无法接替；请让产品直接指定它`,
  };
}

function unknownMember(member: string, issuers: IssuersSection): Phrase {
  const known = Object.keys(issuers).filter((id) => issuers[id]?.kind !== 'pool');
  const nearest = nearestWord(member, known);
  return {
    en: `there is no issuer ${quoted(member)}${nearest === undefined ? '' : `; did you mean ${nearest}?`}`,
    zh: `没有签发机构 ${quoted(member)}${nearest === undefined ? '' : `，是否为 ${nearest}？`}`,
  };
}

/** A customer does one thing for an order, whoever of the pool serves it. */
function differentModes(modes: ReadonlyMap<string, string>): Phrase {
  const list = [...modes].map(([member, mode]) => `${member} ${mode}`).join(', ');
  return {
    en: `the members of a pool must have the same mode, since customers prepare for one; these have: ${list}`,
    zh: `池中各签发机构的 mode 必须相同，因为客户只按一种方式准备；目前为：${list.replaceAll(', ', '、')}`,
  };
}

function acmeProblems(
  { aliasZone }: IssuerSettingsFile,
  id: string,
  section: AcmeIssuerSection,
): readonly ConfigProblem[] {
  const { ca, mode, termsAgreed, contacts, externalKey } = section;
  const path = (setting: string) => ['issuers', id, setting];
  const preset = acmeCa(ca);
  const found: ConfigProblem[] = [];
  if (directoryOf(section) === undefined) found.push({ path: path('directory'), message: missingDirectory(ca) });
  if (mode === 'alias' && aliasZone === undefined) {
    found.push({
      path: path('mode'),
      message: {
        en: '"alias" needs the setting aliasZone.zone, into which customers delegate; or choose serve or persist',
        zh: '"alias" 需要设置 aliasZone.zone（客户把 _acme-challenge 委派到该区域），或改用 serve 或 persist',
      },
    });
  }
  if (!termsAgreed) {
    found.push({
      path: path('termsAgreed'),
      message: {
        en: `must be true, not false: read the terms of service of ${preset.title}, to which its directory leads, and agree to them`,
        zh: `必须为 true，不能是 false：请先阅读 ${preset.title} 的服务条款（其目录中有链接）并表示同意`,
      },
    });
  }
  if (preset.needsContact && contacts.length === 0) {
    found.push({
      path: path('contacts'),
      message: {
        en: `${preset.title} requires a mail address; the list is empty`,
        zh: `${preset.title} 要求提供邮箱地址，而列表为空`,
      },
    });
  }
  if (externalKey !== undefined) found.push(...at(path('externalKey'), objectionsToKey(ca, externalKey)));
  else if (preset.needsExternalKey) found.push({ path: path('externalKey'), message: missingKey(ca) });
  return [...found, ...budgetProblems(id, section)];
}

function missingDirectory(ca: AcmeIssuerSection['ca']): Phrase {
  if (ca !== 'custom') {
    const { title } = acmeCa(ca);
    return {
      en: `is missing: ${title} has no address that is the same for everybody`,
      zh: `缺失：${title} 没有统一的目录地址`,
    };
  }
  const known = acmeCaIds.filter((one) => acmeCa(one).directory !== null).join(', ');
  return {
    en: `is missing; or name a known CA with the setting ca: ${known}`,
    zh: `缺失；或用 ca 指定一个已知的 CA：${known.replaceAll(', ', '、')}`,
  };
}

function missingKey(ca: AcmeIssuerSection['ca']): Phrase {
  const { title, externalKeyApi } = acmeCa(ca);
  const how = externalKeyApi === null ? 'keyId and hmacKeyFile' : 'zerosslEmail, or keyId and hmacKeyFile';
  return {
    en: `is missing: ${title} takes only accounts that are bound to one of its own; set ${how}`,
    zh: `缺失：${title} 只接受与其账户绑定（EAB）的 ACME 账户，请设置 ${how.replace(', or ', '，或 ').replace(' and ', ' 和 ')}`,
  };
}

function objectionsToKey(
  ca: AcmeIssuerSection['ca'],
  { keyId, hmacKey, hmacKeyFile, zerosslEmail }: NonNullable<AcmeIssuerSection['externalKey']>,
): readonly Phrase[] {
  const isGiven = [keyId, hmacKey, hmacKeyFile].some((one) => one !== undefined);
  if (zerosslEmail !== undefined) {
    if (isGiven) {
      return [
        {
          en: 'zerosslEmail has a key made; keyId, hmacKey and hmacKeyFile must go, or zerosslEmail',
          zh: '设置 zerosslEmail 时会自动申请密钥，不能同时设置 keyId、hmacKey 或 hmacKeyFile',
        },
      ];
    }
    if (acmeCa(ca).externalKeyApi !== null) return [];
    return [
      {
        en: `zerosslEmail is for the CA zerossl, not ${quoted(ca)}`,
        zh: `zerosslEmail 仅用于 zerossl，不能用于 ${quoted(ca)}`,
      },
    ];
  }
  if (hmacKey !== undefined && hmacKeyFile !== undefined) {
    return [
      {
        en: 'hmacKey and hmacKeyFile are both set; one of them must go',
        zh: '同时设置了 hmacKey 和 hmacKeyFile，只能保留一个',
      },
    ];
  }
  if (keyId === undefined) return [{ en: 'keyId is missing', zh: '缺少 keyId' }];
  if (hmacKey === undefined && hmacKeyFile === undefined) {
    return [{ en: 'hmacKeyFile is missing, or hmacKey', zh: '缺少 hmacKeyFile（或 hmacKey）' }];
  }
  if (hmacKey === undefined || isHmacKey(hmacKey)) return [];
  // Not quoted: it is a secret.
  return [{ en: 'hmacKey must be base64url', zh: 'hmacKey 必须是 base64url 文本' }];
}

/** RFC 8555 §7.3.4. Some CAs write it with padding, some in plain base64. */
export function isHmacKey(text: string): boolean {
  return /^[A-Za-z0-9_+/-]{8,}={0,2}$/.test(text);
}

function budgetProblems(id: string, { ca, budgets }: AcmeIssuerSection): readonly ConfigProblem[] {
  if (budgets === undefined) return [];
  const path = ['issuers', id, 'budgets'];
  if (Array.isArray(budgets)) {
    const names = budgets.map(({ name }) => name);
    const twice = names.find((name, index) => names.indexOf(name) !== index);
    if (twice === undefined) return [];
    return [{ path, message: { en: `${quoted(twice)} is listed twice`, zh: `${quoted(twice)} 重复列出` } }];
  }
  const known = acmeCa(ca).budgets.map(({ name }) => name);
  return Object.keys(budgets)
    .filter((name) => !known.includes(name))
    .map((name) => ({ path: [...path, name], message: unknownBudget(name, { ca, known }) }));
}

function unknownBudget(
  name: string,
  { ca, known }: { readonly ca: string; readonly known: readonly string[] },
): Phrase {
  if (known.length === 0) {
    return {
      en: `no budgets of ${quoted(ca)} are known; write a list instead, each with name, counts, per, limit and windowHours`,
      zh: `没有 ${quoted(ca)} 的已知限额，请改写为列表，每项包含 name、counts、per、limit 和 windowHours`,
    };
  }
  return {
    en: `there is no budget ${quoted(name)}; there is ${known.map(quoted).join(', ')}`,
    zh: `没有名为 ${quoted(name)} 的限额，已知的有 ${known.map(quoted).join('、')}`,
  };
}

/** An account is at one CA, which knows one list of contacts and one binding of it. */
function accountProblems(sharers: AccountSharers, id: string, section: AcmeIssuerSection): readonly ConfigProblem[] {
  const { account = id } = section;
  const other = sharers.get(account);
  if (other === undefined) {
    sharers.set(account, { id, section });
    return [];
  }
  const path = ['issuers', id, 'account'];
  const { section: shared } = other;
  if ('credentials' in shared) return at(path, [accountElsewhere(account, other.id, vendorUrlOf(shared))]);
  const theirs = directoryOf(shared);
  if (directoryOf(section) !== theirs) return at(path, [accountElsewhere(account, other.id, theirs)]);
  const setting = (['contacts', 'externalKey'] as const).find(
    (name) => JSON.stringify(section[name]) !== JSON.stringify(shared[name]),
  );
  if (setting === undefined) return [];
  return at(path, [accountSettingDiffers(account, other.id, setting)]);
}
