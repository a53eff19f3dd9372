/** Messages to customers about a check whose answer they may not read: `domain/evidence.ts`. */
import { allowedBy, row } from './row.ts';

const expectedEn = (expected: string | undefined) => (expected === undefined ? '' : ` ${expected}`);
const expectedZh = (expected: string | undefined) => (expected === undefined ? '' : `（应为 ${expected}）`);

export const evidenceReasons = {
  dnsOtherRecord: row<{ name: string; type: string; expected?: string }>(
    'validationFailed',
    (p) => `${p.name} does not lead to the expected ${p.type} record${expectedEn(p.expected)}`,
    (p) => `${p.name} 未解析到应有的 ${p.type} 记录${expectedZh(p.expected)}`,
  ),
  httpNoPublicAddress: row<{ host: string }>(
    'validationFailed',
    (p) => `${p.host} has no address that this server connects to; ${allowedBy.en}`,
    (p) => `${p.host} 没有本服务器可以连接的 IP 地址；${allowedBy.zh}`,
  ),
  httpNoAnswer: row<{ url: string }>(
    'validationFailed',
    (p) => `${p.url} did not give a usable answer`,
    (p) => `${p.url} 未返回可用的应答`,
  ),
  httpRedirectFailed: row<{ url: string }>(
    'validationFailed',
    (p) => `${p.url} redirects to a place from which no file could be fetched`,
    (p) => `无法从 ${p.url} 的重定向目标获取文件`,
  ),
  alpnOtherCertificate: row<{ host: string }>(
    'validationFailed',
    (p) => `${p.host} did not present the certificate of the TLS-ALPN challenge`,
    (p) => `${p.host} 未出示 TLS-ALPN 验证所需的证书`,
  ),
  fileOtherContent: row<{ url: string; status: number; sizeBytes: number; expected: string }>(
    'validationFailed',
    (p) => `the file at ${p.url} is not ${p.expected}: it answered ${p.status}, ${p.sizeBytes} bytes`,
    (p) => `${p.url} 的内容不是 ${p.expected}：返回 ${p.status}，${p.sizeBytes} 字节`,
  ),
} as const;
