/** Results of a check by TLS-ALPN (RFC 8737 §3): what the host presented instead of the certificate of the challenge. */
import { row } from './row.ts';

export const tlsAlpnReasons = {
  alpnNotNegotiated: row<{ host: string; protocol: string }>(
    'validationFailed',
    (p) => `${p.host} did not agree on the protocol ${p.protocol} in the TLS handshake (ALPN)`,
    (p) => `${p.host} 在 TLS 握手（ALPN）中未协商 ${p.protocol} 协议`,
  ),
  alpnNoCertificate: row<{ host: string }>(
    'validationFailed',
    (p) => `${p.host} presented no certificate that can be read`,
    (p) => `${p.host} 未出示可读取的证书`,
  ),
  alpnWrongNames: row<{ host: string; found: string }>(
    'validationFailed',
    (p) => `the certificate that ${p.host} presented is for ${p.found}; it must be for exactly this name`,
    (p) => `${p.host} 出示的证书对应 ${p.found}，应只对应该名称`,
  ),
  alpnNoIdentifier: row<{ host: string }>(
    'validationFailed',
    (p) => `the certificate that ${p.host} presented has no acmeIdentifier extension (1.3.6.1.5.5.7.1.31)`,
    (p) => `${p.host} 出示的证书缺少 acmeIdentifier 扩展（1.3.6.1.5.5.7.1.31）`,
  ),
  alpnNotCritical: row<{ host: string }>(
    'validationFailed',
    (p) =>
      `the acmeIdentifier extension of the certificate that ${p.host} presented is not critical (RFC 8737, section 3)`,
    (p) => `${p.host} 出示的证书中 acmeIdentifier 扩展未标记为关键扩展（RFC 8737 第 3 节）`,
  ),
  alpnWrongValue: row<{ host: string; found: string; expected: string }>(
    'validationFailed',
    (p) =>
      `the acmeIdentifier extension of the certificate that ${p.host} presented is ${p.found}, not ${p.expected} ` +
      '(the SHA-256 of the key authorization)',
    (p) =>
      `${p.host} 出示的证书中 acmeIdentifier 扩展为 ${p.found}，应为 ${p.expected}（key authorization 的 SHA-256）`,
  ),
  alpnNotSelfSigned: row<{ host: string }>(
    'validationFailed',
    (p) => `the certificate that ${p.host} presented is not self-signed (RFC 8737, section 3)`,
    (p) => `${p.host} 出示的证书不是自签名证书（RFC 8737 第 3 节）`,
  ),
} as const;
