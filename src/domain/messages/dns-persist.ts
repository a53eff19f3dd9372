/** Results of a check of a TXT record that stays for good (draft-ietf-acme-dns-persist §4). */
import { type RecordFault, recordFaultText } from './faults.ts';
import { row } from './row.ts';

export const dnsPersistReasons = {
  persistMalformed: row<{ name: string; record: string; fault: RecordFault }>(
    'validationFailed',
    (p) => `the TXT record ${p.record} of ${p.name} cannot be used: ${recordFaultText(p.fault, 'en')}`,
    (p) => `${p.name} 的 TXT 记录 ${p.record} 无法使用：${recordFaultText(p.fault, 'zh')}`,
  ),
  persistNoIssuer: row<{ name: string; found: string; issuers: string }>(
    'validationFailed',
    (p) => `the TXT records of ${p.name} are ${p.found}; none begins with ${p.issuers}`,
    (p) => `${p.name} 的 TXT 记录为 ${p.found}，其中没有以 ${p.issuers} 开头的记录`,
  ),
  persistOtherAccount: row<{ name: string; found: string; expected: string }>(
    'validationFailed',
    (p) => `the TXT record of ${p.name} is for the account ${p.found}, not for ${p.expected}`,
    (p) => `${p.name} 的 TXT 记录对应账户 ${p.found}，而不是 ${p.expected}`,
  ),
  persistEnded: row<{ name: string; until: string }>(
    'validationFailed',
    (p) => `the TXT record of ${p.name} was good until ${p.until} only (persistUntil)`,
    (p) => `${p.name} 的 TXT 记录已于 ${p.until} 失效（persistUntil）`,
  ),
  persistNotBelow: row<{ name: string; host: string }>(
    'validationFailed',
    (p) => `the TXT record of ${p.host} does not cover ${p.name}: it needs policy=wildcard`,
    (p) => `${p.host} 的 TXT 记录不适用于 ${p.name}，需要加上 policy=wildcard`,
  ),
} as const;
