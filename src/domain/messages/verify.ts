/** Findings of `certmux verify`: what is wrong with a database or a backup. */
import { row } from './row.ts';

const code = 'internal';

export const verifyReasons = {
  flawUnreadable: row<{ detail: string }>(
    code,
    (p) => `this cannot be read: ${p.detail}`,
    (p) => `无法读取：${p.detail}`,
  ),
  flawNoDatabase: row<Readonly<Record<string, never>>>(
    code,
    () => 'there is no database of certmux',
    () => '不是 certmux 的数据库',
  ),
  flawSchema: row<{ migration: string }>(
    code,
    (p) => `${p.migration} is of a later version of certmux: verify it with that version`,
    (p) => `数据库结构 ${p.migration} 属于更新的 certmux 版本，请使用该版本校验`,
  ),
  flawPage: row<{ detail: string }>(
    code,
    (p) => `damaged: ${p.detail}`,
    (p) => `数据损坏：${p.detail}`,
  ),
  flawKeyMissing: row<{ ids: string }>(
    code,
    (p) => `everything is sealed under the master key ${p.ids}, and it is not here`,
    (p) => `数据由主密钥 ${p.ids} 加密，此处没有该密钥`,
  ),
  flawSealed: row<{ kind: string; id: string; detail: string }>(
    code,
    (p) => `${p.kind} ${p.id} does not open: ${p.detail}`,
    (p) => `${p.kind} ${p.id} 无法解密：${p.detail}`,
  ),
  flawAuthority: row<{ subject: string }>(
    code,
    (p) => `the CA certificate of ${p.subject} is not signed by its issuer`,
    (p) => `CA 证书 ${p.subject} 不是由其签发机构签署`,
  ),
  flawCertificateSerial: row<{ number: string; serial: string; found: string }>(
    code,
    (p) => `certificate ${p.number} has the serial number ${p.found}, and its row says ${p.serial}`,
    (p) => `证书 ${p.number} 的序列号为 ${p.found}，而记录为 ${p.serial}`,
  ),
  flawCertificateChain: row<{ number: string }>(
    code,
    (p) => `certificate ${p.number} is not signed by the next one of its chain`,
    (p) => `证书 ${p.number} 的证书链不成立：未由上一级证书签署`,
  ),
  flawCertificateUnreadable: row<{ number: string; detail: string }>(
    code,
    (p) => `certificate ${p.number} cannot be read: ${p.detail}`,
    (p) => `证书 ${p.number} 无法解析：${p.detail}`,
  ),
  flawOrderWithout: row<{ number: string }>(
    code,
    (p) => `order ${p.number} is active and has no certificate`,
    (p) => `订单 ${p.number} 已生效，但没有证书`,
  ),
  flawSerialTwice: row<{ one: string; other: string }>(
    code,
    (p) => `certificates ${p.one} and ${p.other} have the same issuer and serial number`,
    (p) => `证书 ${p.one} 与 ${p.other} 的签发机构和序列号相同`,
  ),
  flawBalance: row<{ account: string; balance: string; sum: string }>(
    code,
    (p) => `account ${p.account} has a balance of ${p.balance}, and the lines of its ledger make ${p.sum}`,
    (p) => `账户 ${p.account} 的余额为 ${p.balance}，而账目合计为 ${p.sum}`,
  ),
  flawLedgerLine: row<{ account: string; line: string; says: string; sum: string }>(
    code,
    (p) => `line ${p.line} of the ledger, account ${p.account}, says ${p.says} after it, and the lines make ${p.sum}`,
    (p) => `账户 ${p.account} 的第 ${p.line} 条账目记录余额为 ${p.says}，而合计为 ${p.sum}`,
  ),
  flawEventUnlisted: row<{ sequence: string }>(
    code,
    (p) => `event ${p.sequence} is missing in the list of its account or of what it is about`,
    (p) => `事件 ${p.sequence} 未列入其账户或对象的事件列表`,
  ),
  flawEventGone: row<{ sequence: string }>(
    code,
    (p) => `event ${p.sequence} is in a list, and the audit log does not have it`,
    (p) => `事件 ${p.sequence} 在列表中，但审计日志中已不存在`,
  ),
} as const;
