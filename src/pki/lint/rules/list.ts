/** Rules about lists of revoked certificates: the frame, and the entries (RFC 5280 §5, BR §7.2, §4.9.7). */
import type { LintRuleText } from '../../../domain/lint.ts';
import { oidName, oids } from '../../oid.ts';
import { isSignatureOf } from '../algorithms.ts';
import type { LintedEntry, LintedList, ListExtension } from '../read-list.ts';
import { wrongForm } from '../read-time.ts';
import { type LintedIssuer, missing } from '../rule.ts';

/** What lists are measured by. */
export interface ListFacts {
  readonly issuer: Pick<LintedIssuer, 'name' | 'keyId' | 'keyKind'>;
  /** False for a root, whose list has intermediates. */
  readonly isOfLeaves: boolean;
  /** Of the list before; undefined for the first. */
  readonly numberBefore: number | undefined;
  /** None follows it: it names no moment of a next one (`crl-times.ts`). */
  readonly isLast?: boolean;
}

export interface ListRule extends LintRuleText {
  readonly find: (list: LintedList, facts: ListFacts, now: Date) => string | undefined;
}

export interface EntryRule extends LintRuleText {
  readonly find: (entry: LintedEntry) => string | undefined;
}

const kinds = ['list'] as const;
const dayMs = 86_400_000;
const skewMs = 5 * 60_000;
/** BR §4.9.7: ten days for lists of leaves, twelve months for lists of CAs. */
const longestMs = { leaves: 10 * dayMs, authorities: 366 * dayMs } as const;

/** RFC 5280 §4.1.2.5: no end is known. */
const endlessText = '99991231235959Z';

const invalidityDate = '2.5.29.24';
/** BR §7.2.2. Not: unspecified, which is left out; certificateHold; removeFromCRL, which is for delta lists. */
const reasons: readonly number[] = [1, 2, 3, 4, 5, 6, 9, 10];
const listExtensions: readonly string[] = [oids.authorityKeyIdentifier, oids.crlNumber, oids.issuingDistributionPoint];

function twiceIn(extensions: readonly ListExtension[]): string | undefined {
  const twice = extensions.find(({ oid }, at) => extensions.findIndex((other) => other.oid === oid) !== at);
  return twice && oidName(twice.oid);
}

function numberOf(content: Buffer): bigint {
  return BigInt(`0x${content.toString('hex')}`);
}

export const listRules: readonly ListRule[] = [
  {
    id: 'list-sizes',
    source: 'X.690 §8.1.3',
    kinds,
    demand: {
      en: 'the lengths of the list and of its entries are those of what is there',
      zh: '列表及其条目的长度与实际相符',
    },
    find: ({ size, entriesSize }) =>
      [size, entriesSize]
        .flatMap((one) => (one === undefined || one.written === one.real ? [] : [`${one.written} ≠ ${one.real}`]))
        .at(0),
  },
  {
    id: 'list-version',
    source: 'RFC 5280 §5.1.2.1, BR §7.2.1',
    kinds,
    demand: { en: 'the version is 2', zh: '版本为 2' },
    find: ({ version }) => (version === 1 ? undefined : version === undefined ? missing : `${version + 1}`),
  },
  {
    id: 'list-signature-algorithm',
    source: 'BR §7.1.3.2, RFC 5280 §5.1.2.2',
    kinds,
    demand: {
      en: "the signature algorithm is one of the issuer's kind of key, encoded byte for byte as it must be",
      zh: '签名算法与签发者的密钥类型相符，且编码逐字节正确',
    },
    find: ({ signature }, { issuer }) =>
      isSignatureOf(issuer.keyKind, signature) ? undefined : `${issuer.keyKind}: ${signature.toString('hex')}`,
  },
  {
    id: 'list-issuer-name',
    source: 'RFC 5280 §5.1.2.3, BR §7.2',
    kinds,
    demand: { en: "its issuer is the authority's subject, byte for byte", zh: '签发者名称与 CA 证书的主体逐字节相同' },
    find: ({ issuer }, facts) => (issuer.der.equals(facts.issuer.name) ? undefined : issuer.der.toString('hex')),
  },
  {
    id: 'list-time-written',
    source: 'RFC 5280 §5.1.2.4, §5.1.2.5',
    kinds,
    demand: {
      en: 'times are real ones in Greenwich time, with seconds and Z, without fractions',
      zh: '时间真实存在，采用 UTC，含秒且以 Z 结尾，不含小数',
    },
    find: ({ thisUpdate, nextUpdate }) => [thisUpdate, nextUpdate].find((time) => time && time.at === undefined)?.text,
  },
  {
    id: 'list-time-form',
    source: 'RFC 5280 §5.1.2.4, §5.1.2.5',
    kinds,
    demand: {
      en: 'times through 2049 are UTCTime, later ones GeneralizedTime',
      zh: '2049 年及以前的时间为 UTCTime，之后为 GeneralizedTime',
    },
    find: ({ thisUpdate, nextUpdate }) => wrongForm(thisUpdate) ?? (nextUpdate && wrongForm(nextUpdate)),
  },
  {
    id: 'list-next-update',
    source: 'RFC 5280 §5.1.2.5, BR §7.2',
    kinds,
    demand: { en: 'it says when the next list comes', zh: '含下次更新时间' },
    find: ({ nextUpdate }) => (nextUpdate === undefined ? missing : undefined),
  },
  {
    id: 'list-order',
    source: 'RFC 5280 §5.1.2.5',
    kinds,
    demand: { en: 'the next list comes after this one', zh: '下次更新时间晚于本次更新时间' },
    find: ({ thisUpdate, nextUpdate }) => {
      if (thisUpdate.at === undefined || nextUpdate?.at === undefined) return undefined;
      return thisUpdate.at < nextUpdate.at ? undefined : `${thisUpdate.text}, ${nextUpdate.text}`;
    },
  },
  {
    id: 'list-life',
    source: 'BR §4.9.7',
    kinds,
    demand: {
      en: 'a list of leaves is good for ten days at most, a list of CAs for twelve months, the last one of a CA without end',
      zh: '终端证书的吊销列表至多有效十天，CA 证书的至多十二个月；CA 的最后一个列表没有终止时间',
    },
    find: ({ thisUpdate, nextUpdate }, { isOfLeaves, isLast = false }) => {
      if (thisUpdate.at === undefined || nextUpdate?.at === undefined) return undefined;
      if (isLast) return nextUpdate.text === endlessText ? undefined : nextUpdate.text;
      const lifeMs = nextUpdate.at.getTime() - thisUpdate.at.getTime();
      const isLong = lifeMs > (isOfLeaves ? longestMs.leaves : longestMs.authorities);
      return isLong ? `${(lifeMs / dayMs).toFixed(2)} d` : undefined;
    },
  },
  {
    id: 'list-now',
    source: 'RFC 5280 §5.1.2.4',
    kinds,
    demand: {
      en: 'it is of today: not of tomorrow, and not older than a day',
      zh: '本次更新时间为当前：不晚于现在，也不早于一天前',
    },
    find: ({ thisUpdate: { at } }, _facts, now) => {
      if (at === undefined) return undefined;
      const ageMs = now.getTime() - at.getTime();
      return ageMs <= dayMs && ageMs >= -skewMs ? undefined : `${at.toISOString()}, ${now.toISOString()}`;
    },
  },
  {
    id: 'list-number',
    source: 'RFC 5280 §5.2.3, BR §7.2.2',
    kinds,
    demand: {
      en: 'it has a number that is not negative, of at most 20 octets',
      zh: '含编号，编号非负且不超过 20 字节',
    },
    find: ({ number }) => {
      if (number === undefined) return missing;
      return (number[0] ?? 0) < 0x80 && number.length <= 20 ? undefined : number.toString('hex');
    },
  },
  {
    id: 'list-number-grows',
    source: 'RFC 5280 §5.2.3',
    kinds,
    demand: { en: 'its number is greater than that of the list before', zh: '编号大于上一份列表的编号' },
    find: ({ number }, { numberBefore }) => {
      if (number === undefined || numberBefore === undefined || (number[0] ?? 0) >= 0x80) return undefined;
      return numberOf(number) > BigInt(numberBefore) ? undefined : `${numberOf(number)} ≤ ${numberBefore}`;
    },
  },
  {
    id: 'list-authority-key-id',
    source: 'RFC 5280 §5.2.1, BR §7.2.2',
    kinds,
    demand: {
      en: "the authority key identifier is the authority's subject key identifier, and nothing else",
      zh: '颁发机构密钥标识符与 CA 证书的主体密钥标识符相同，不含其他内容',
    },
    find: ({ authorityKeyId }, { issuer }) => {
      const keyId = authorityKeyId?.keyId;
      if (keyId?.equals(issuer.keyId) === true && authorityKeyId?.hasOther === false) return undefined;
      return keyId?.toString('hex') ?? missing;
    },
  },
  {
    id: 'list-extensions',
    source: 'RFC 5280 §5.2, BR §7.2.2',
    kinds,
    demand: {
      en: 'it has no extensions but its number, the key identifier and the distribution point, each once',
      zh: '仅含编号、密钥标识符和分发点扩展，且不重复',
    },
    find: ({ extensions }) => {
      const other = extensions.find(({ oid }) => !listExtensions.includes(oid));
      return other === undefined ? twiceIn(extensions) : oidName(other.oid);
    },
  },
  {
    id: 'list-extensions-critical',
    source: 'RFC 5280 §5.2, BR §7.2.2, X.690 §11.5',
    kinds,
    demand: {
      en: 'of its extensions the distribution point is critical and no other, and that one is not critical is not written',
      zh: '仅分发点为关键扩展；非关键为默认值，不写出',
    },
    find: ({ extensions }) => {
      const wrong = extensions.find(({ oid, isCritical, writesDefault }) => {
        return writesDefault || isCritical !== (oid === oids.issuingDistributionPoint);
      });
      return wrong && `${oidName(wrong.oid)} critical=${wrong.isCritical}`;
    },
  },
  {
    id: 'list-not-empty',
    source: 'RFC 5280 §5.1.2.6',
    kinds,
    demand: { en: 'where nothing is revoked there is no empty list of entries', zh: '没有吊销条目时不写空列表' },
    find: ({ entriesSize }) => (entriesSize?.written === 0 ? '0' : undefined),
  },
];

export const entryRules: readonly EntryRule[] = [
  {
    id: 'entry-serial',
    // Looser than for a certificate: a CA that was taken over may have begun with 0, or used the highest bit of 20 octets.
    source: 'RFC 5280 §5.1.2.6, §4.1.2.2',
    kinds,
    demand: {
      en: 'the serial number of an entry is not negative, and a number of at most 20 octets',
      zh: '条目的序列号不为负，数值不超过 20 字节',
    },
    find: ({ serial }) => {
      const [first = 0] = serial;
      const octets = serial.length - (first === 0 ? 1 : 0);
      return first < 0x80 && octets <= 20 ? undefined : serial.toString('hex');
    },
  },
  {
    id: 'entry-time',
    source: 'RFC 5280 §5.1.2.6',
    kinds,
    demand: {
      en: 'the time of an entry is a real one, UTCTime through 2049, with seconds and Z',
      zh: '条目的吊销时间真实存在，2049 年及以前为 UTCTime，含秒且以 Z 结尾',
    },
    find: ({ revokedAt }) => (revokedAt.at === undefined ? revokedAt.text : wrongForm(revokedAt)),
  },
  {
    id: 'entry-reason',
    // Looser than BR §7.2.2: the list of a CA that was taken over keeps what stood in it, holds too. No certificate of ours gets one.
    source: 'RFC 5280 §5.3.1',
    kinds,
    demand: {
      en: 'the reason of an entry is 1 to 6, 9 or 10; unspecified is left out',
      zh: '条目的吊销原因为 1–6、9 或 10；未指明原因时不写',
    },
    find: ({ reason }) => (reason === undefined || reasons.includes(reason) ? undefined : `${reason}`),
  },
  {
    id: 'entry-extensions',
    source: 'RFC 5280 §5.3, BR §7.2.2',
    kinds,
    demand: {
      en: 'an entry has no extensions but its reason and the date of invalidity, each once, and none is critical',
      zh: '条目仅含吊销原因和失效日期扩展，不重复，且均为非关键',
    },
    find: ({ extensions }) => {
      if (extensions.length === 0) return undefined;
      const wrong = extensions.find(({ oid, isCritical, writesDefault }) => {
        return isCritical || writesDefault || (oid !== oids.reasonCode && oid !== invalidityDate);
      });
      return wrong === undefined ? twiceIn(extensions) : `${oidName(wrong.oid)} critical=${wrong.isCritical}`;
    },
  },
];

/** Looked for among all entries of a piece; that pieces share none is a constraint of the database. */
export const uniqueEntryRule = {
  id: 'entry-unique',
  source: 'RFC 5280 §5.1.2.6',
  kinds,
  demand: { en: 'no serial number stands in the list twice', zh: '列表中的序列号不重复' },
} as const;
