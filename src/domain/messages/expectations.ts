/** What a value should have been, as messages say it: “… must be <this>, not …”. In both languages, each phrase once. */
import type { Language } from '../language.ts';

/** A phrase in both languages. */
export type Phrase = Readonly<Record<Language, string>>;

export const expected = {
  // Kinds of values
  string: { en: 'a string', zh: '字符串' },
  number: { en: 'a number', zh: '数字' },
  integer: { en: 'an integer', zh: '整数' },
  positiveInteger: { en: 'a positive integer', zh: '正整数' },
  boolean: { en: 'true or false', zh: 'true 或 false' },
  zeroOrOne: { en: '0 or 1', zh: '0 或 1' },
  array: { en: 'an array', zh: '数组' },
  object: { en: 'an object', zh: '对象' },
  json: { en: 'JSON', zh: 'JSON 文本' },
  objectAsText: { en: 'the JSON text of an object', zh: 'JSON 对象文本' },
  pem: { en: 'a PEM text', zh: 'PEM 文本' },
  anyText: { en: 'any text', zh: '任意文本' },
  someText: { en: 'a text that is not empty', zh: '非空文本' },
  asciiText: { en: 'ASCII text', zh: 'ASCII 文本' },
  printable: { en: 'printable characters', zh: '可见字符' },
  noZeroCharacter: { en: 'text without the character U+0000', zh: '不含 U+0000（空字符）的文本' },
  noControlCharacters: { en: 'text without control characters', zh: '不含控制字符的文本' },
  absent: { en: 'absent: there is no such field', zh: '空：没有此参数' },

  // Names, addresses and URLs
  domainName: { en: 'a domain name', zh: '域名' },
  exampleDomain: { en: 'a domain such as example.com', zh: '域名，例如 example.com' },
  plainDomain: { en: 'a domain name, no wildcard and no address', zh: '域名，不能是通配符或 IP 地址' },
  domainOrAddress: {
    en: 'a domain, which stands for all names below it, or an address',
    zh: '域名（包含其所有子域名）或 IP 地址',
  },
  name: { en: 'a name', zh: '域名' },
  names: { en: 'a list of names', zh: '域名列表' },
  nameOfOrder: { en: 'a name of this order', zh: '该订单中的域名' },
  domainOfEmail: { en: 'the domain of the e-mail address beside it', zh: '同一项中邮箱地址的域名' },
  domains: { en: 'a list of domains', zh: '域名列表' },
  domainAndMethod: { en: 'an object with domainName and dcvMethod', zh: '含 domainName 和 dcvMethod 的对象' },
  email: { en: 'an e-mail address', zh: '邮箱地址' },
  emails: { en: 'e-mail addresses, separated by commas', zh: '以逗号分隔的邮箱地址' },
  addressRange: {
    en: 'an IP address or a range such as 203.0.113.0/24',
    zh: 'IP 地址或网段，如 203.0.113.0/24',
  },
  url: { en: 'a URL', zh: '网址' },
  webUrl: { en: 'an http or https URL', zh: 'http 或 https 网址' },
  urlWithoutPassword: { en: 'a URL without user name and password', zh: '不含用户名和密码的 URL' },

  // Times and money
  date: { en: 'a date', zh: '日期' },
  isoDate: { en: 'a date such as 2026-06-01', zh: '日期，例如 2026-06-01' },
  dateFromFirst: { en: 'a date no earlier than the first', zh: '不早于起始日期的日期' },
  serial: {
    en: 'a serial in hex, with or without colons, such as 0a:1b:2c',
    zh: '十六进制序列号，可带冒号，例如 0a:1b:2c',
  },
  withoutOtherMethod: { en: 'left out unless method is email', zh: '空：仅在 method 为 email 时填写' },
  withoutPemFormat: { en: 'left out unless format is pfx or jks', zh: '空：仅在 format 为 pfx 或 jks 时填写' },
  entityTag: { en: 'a version in quotes, such as "1b2c3d4e-…"', zh: '带引号的版本号，如 "1b2c3d4e-…"' },
  sha256Hex: { en: 'a SHA-256 as 64 hex digits', zh: '64 位十六进制的 SHA-256 值' },
  dayOrTime: {
    en: 'a date or a time in UTC, such as 2026-06-01 or 2026-06-01T08:00:00Z',
    zh: '日期或 UTC 时间，例如 2026-06-01 或 2026-06-01T08:00:00Z',
  },
  eventKinds: { en: 'kinds of events, separated by commas', zh: '以逗号分隔的事件类型' },
  laterThanFrom: { en: 'a time after from', zh: '晚于 from 的时间' },
  searchedText: { en: 'at least three letters, or a number', zh: '至少三个字符，或编号' },
  withFailing: { en: 'left out where failing is not set', zh: '空：未指定 failing' },
  withoutFailing: { en: 'left out where failing is set', zh: '空：已指定 failing' },
  setOnce: { en: 'set once', zh: '仅填写一次的参数' },
  withoutEndsWithin: { en: 'left out where endsWithinDays is set', zh: '空：已指定 endsWithinDays' },
  isoTime: { en: 'a time such as 2026-06-01T08:00:00Z', zh: '时间，例如 2026-06-01T08:00:00Z' },
  filterDate: { en: 'a date such as 2018-10-09+19:29:02', zh: '日期，如 2018-10-09+19:29:02' },
  dateToCome: { en: 'a future date such as 2027-01-31', zh: '将来的日期，如 2027-01-31' },
  activeCustomField: {
    en: 'the id, number or label of an active custom field of the account, named once',
    zh: '该账户已启用的自定义字段的 id、编号或名称，且不得重复',
  },
  offeredChallenge: { en: 'the position of a challenge that is offered', zh: '所提供验证方式的序号' },
  momentNearNow: { en: 'within 5 minutes of now', zh: '当前时间前后 5 分钟以内' },
  momentWithin30Days: { en: 'a time within the next 30 days', zh: '30 天以内的将来时间' },
  noProfile: { en: 'left out: no directory offers a profile', zh: '空：所有目录均未提供 profile' },
  presentKey: { en: 'the current key', zh: '当前使用的密钥' },
  certId: {
    en: 'the key identifier of the issuer and the serial, both in base64url, with a dot between them',
    zh: '由点号连接的签发机构密钥标识与序列号，均为 base64url',
  },
  base64url: { en: 'base64url without padding', zh: '无填充的 base64url' },
  jwkType: { en: 'EC, RSA or OKP', zh: ' EC、RSA 或 OKP' },
  jwkCurve: { en: 'P-256, P-384 or P-521 for EC, Ed25519 for OKP', zh: ' EC 的 P-256、P-384、P-521 或 OKP 的 Ed25519' },
  jwkNumber: { en: 'a number in base64url without leading zero bytes', zh: '无前导零字节的 base64url 数字' },
  jwkPublic: { en: 'absent: the private half of a key is never sent', zh: '空：私钥部分绝不能发送' },
  otherKey: { en: 'a key other than the current one', zh: '与当前密钥不同的密钥' },
  momentToCome: { en: 'a time in the future', zh: '将来的时间' },
  momentInAnHour: { en: 'a time at least an hour from now', zh: '至少一小时之后的时间' },
  wholeDays: { en: 'a whole number of days, at least 1', zh: '至少为 1 的整数天数' },
  amountNotZero: { en: 'an amount other than zero', zh: '非零金额' },
  withinCredit: { en: 'no more than the balance when it is negative', zh: '不超过余额的扣款金额' },

  // Codes and references
  country: {
    en: 'a country of ISO 3166-1, by its two letters, such as DE or CN',
    zh: 'ISO 3166-1 中的两位国家代码，例如 CN、DE',
  },
  month: { en: 'a month such as 2026-11, from 1970 on', zh: '1970 年及以后的月份，格式如 2026-11' },
  currency: { en: 'an ISO 4217 code such as CNY', zh: 'ISO 4217 货币代码，如 CNY' },
  productCode: {
    en: 'the code of a product, such as tls-dv or encryption365:100',
    zh: '产品代码，如 tls-dv 或 encryption365:100',
  },
  productId: { en: 'a product id, such as 100', zh: '产品 pid，例如 100' },
  issuerId: {
    en: 'the id of an issuer, as orders and certificates show it',
    zh: '签发机构的 id，与订单和证书中显示的一致',
  },
  namePart: {
    en: 'at least three letters of a name as certificates have it, such as xn--fsq for an internationalized one',
    zh: '证书中域名的一部分，至少三个字符；国际化域名使用 xn-- 形式',
  },
  orderNumber: { en: 'an order number', zh: '订单号' },
  orderNumberOrNone: { en: 'an order number or -1', zh: '订单号或 -1' },
  nextCursor: { en: 'a nextCursor', zh: '上一页返回的 nextCursor' },
  newestToken: { en: 'the newest token of this domain', zh: '该域名最新的随机值' },

  // One field beside another
  withoutUser: { en: 'left out where user is named', zh: '空：已指定 user' },
  somethingSaid: {
    en: 'left out, or text that says something: certificates must not hold a placeholder',
    zh: '有实际含义的内容，没有则不填：证书中不得出现占位符',
  },
  fitText: {
    en: 'text without control, formatting or private characters',
    zh: '不含控制字符、格式字符或私用字符的文本',
  },
  organizationIdentifier: {
    en: 'an identifier such as NTRDE-HRB86891, NTRUS+CA-C0987654, VATFR-12345678901 or PSDBE-NBB-1234.567.890',
    zh: '组织标识符，例如 NTRDE-HRB86891、NTRUS+CA-C0987654、VATFR-12345678901、PSDBE-NBB-1234.567.890',
  },
  withJurisdictionCountry: {
    en: 'left out unless jurisdictionCountry is set',
    zh: '空：仅在填写 jurisdictionCountry 时填写',
  },
  withJurisdictionState: {
    en: 'left out unless jurisdictionState is set',
    zh: '空：仅在填写 jurisdictionState 时填写',
  },
  onlyWithEv: { en: 'left out unless it is verified for EV', zh: '空：仅在通过 EV 审核时填写' },
  noPassword: { en: 'none: a service user never signs in', zh: '空：服务用户不能登录' },
  oneContainer: { en: 'one container at most: a user is limited to one, or to none', zh: '至多一个部门' },
  operatorOrAccount: {
    en: 'operator, support or auditor, or an account to act for',
    zh: 'operator、support、auditor 之一，或指定所属账户',
  },
  twoContacts: {
    en: 'organization_contact and technical_contact, once each',
    zh: 'organization_contact、technical_contact 各一个',
  },
  onlyPeriod: { en: '1, the only one that this product is sold for', zh: '1（该产品仅提供 1 个服务周期）' },
  timeZone: { en: 'the name of a time zone, like Asia/Shanghai', zh: '时区名称，例如 Asia/Shanghai' },
  onceInList: { en: 'a name that no other view of the list has', zh: '同一列表中不重复的视图名称' },
} as const satisfies Record<string, Phrase>;

/** Phrases with a limit or a list in them. */
export const expectedOf = {
  // Lengths
  charactersAtMost: (most: number) => ({ en: `at most ${most} characters`, zh: `至多 ${most} 个字符` }),
  charactersAtLeast: (least: number) => ({ en: `at least ${least} characters`, zh: `至少 ${least} 个字符` }),
  charactersBetween: (least: number, most: number) => ({
    en: `${least} to ${most} characters`,
    zh: `${least} 至 ${most} 个字符`,
  }),
  printableAtMost: (most: number) => ({ en: `at most ${most} printable characters`, zh: `至多 ${most} 个可见字符` }),
  printableBetween: (least: number, most: number) => ({
    en: `${least} to ${most} printable characters`,
    zh: `${least} 至 ${most} 个可见字符`,
  }),
  visibleAscii: (least: number, most: number) => ({
    en: `${least} to ${most} visible ASCII characters`,
    zh: `${least} 至 ${most} 个可见 ASCII 字符`,
  }),
  lettersAndDigits: (least: number, most: number) => ({
    en: `${least} to ${most} letters and digits`,
    zh: `${least} 至 ${most} 个字母或数字`,
  }),
  printableString: (most: number) => ({
    en: `at most ${most} letters, digits, blanks and '()+,-./:=?`,
    zh: `至多 ${most} 个字母、数字、空格和 '()+,-./:=?`,
  }),
  base64urlBytes: (count: number) => ({ en: `${count} bytes in base64url`, zh: ` ${count} 字节的 base64url` }),
  bytesAtMost: (most: number) => ({ en: `at most ${most} bytes long`, zh: `至多 ${most} 字节` }),
  webUrl: (most: number) => ({
    en: `an http or https URL, up to ${most} characters`,
    zh: `http 或 https 网址，至多 ${most} 个字符`,
  }),

  // Numbers
  atLeast: (least: number | bigint) => ({ en: `at least ${least}`, zh: `至少为 ${least}` }),
  atMost: (most: number | bigint) => ({ en: `at most ${most}`, zh: `至多为 ${most}` }),
  integerBetween: (least: number, most: number) => ({
    en: `an integer from ${least} to ${most}`,
    zh: `${least} 至 ${most} 的整数`,
  }),
  integerAtLeast: (least: number) => ({ en: `an integer, at least ${least}`, zh: `不小于 ${least} 的整数` }),
  periodsUpTo: (most: number) => ({
    en: `an integer from 1 to ${most} for this product`,
    zh: `1 至 ${most} 的整数`,
  }),
  amountUpTo: (most: number) => ({
    en: `a whole number of minor units other than 0, at most ${most}`,
    zh: `以最小币值（如分）表示的非零整数，至多 ${most}`,
  }),
  dateBetween: (first: string, last: string) => ({
    en: `a date from ${first} to ${last}`,
    zh: `${first} 至 ${last} 之间的日期`,
  }),
  monthBetween: (first: string, last: string) => ({
    en: `a month from ${first} to ${last}`,
    zh: `${first} 至 ${last} 之间的月份`,
  }),
  yearsAtMost: (most: number) => ({ en: `at most ${most} years`, zh: `至多 ${most} 年` }),
  dayUpTo: (count: number, unit: 'days' | 'months' | 'years') => ({
    en: `at least one day and at most ${count} ${unit}`,
    zh: `至少一天，至多 ${count} ${{ days: '天', months: '个月', years: '年' }[unit]}`,
  }),

  // How many of something
  itemsAtLeast: (least: number) => ({
    en: `at least ${least} ${least === 1 ? 'item' : 'items'}`,
    zh: `至少 ${least} 项`,
  }),
  itemsAtMost: (most: number) => ({ en: `at most ${most} items`, zh: `至多 ${most} 项` }),
  addressesAtMost: (most: number) => ({ en: `at most ${most} addresses`, zh: `至多 ${most} 个邮箱地址` }),
  linesAtOnce: (most: number) => ({ en: `at most ${most} lines at a time`, zh: `每次至多 ${most} 行` }),
  perField: (most: number) => ({ en: `at most ${most} of a field`, zh: `每个字段至多 ${most} 个` }),
  perAccount: (most: number) => ({ en: `at most ${most} of an account`, zh: `每个账户至多 ${most} 个` }),

  // One of several
  oneOf: (values: readonly string[]) => ({ en: values.join(' or '), zh: values.join(' 或 ') }),
  severalOf: (values: readonly string[]) => ({
    en: `one or several of ${values.join(', ')}, separated by commas`,
    zh: `以下之一或多个，以逗号分隔：${values.join('、')}`,
  }),
  oneOfThese: (values: string) => ({ en: `one of ${values}`, zh: `以下之一：${values}` }),
  withinRoles: (roles: readonly string[]) => ({
    en: `within those of its user (${roles.join(', ')})`,
    zh: `该用户已有的角色（${roles.join('、')}）`,
  }),
} as const satisfies Record<string, (...values: never[]) => Phrase>;
