/** Results of a check of control: shown to the customer next to the name. */

import type { ValidationMethod } from '../validation-method.ts';
import { allowedBy, type None, row } from './row.ts';
import { connectionFaultInChinese, methodInChinese } from './words.ts';

/** Name of the resolver, where the reader may know; resolvers often have internal addresses. */
const named = (server: string | undefined) => (server === undefined ? '' : ` ${server}`);
const namedZh = (server: string | undefined) => (server === undefined ? '' : ` ${server} `);

export const validationReasons = {
  dnsNoRecord: row<{ name: string; type: string }>(
    'validationFailed',
    (p) => `${p.name} has no ${p.type} record`,
    (p) => `${p.name} 没有 ${p.type} 记录`,
  ),
  dnsNoSuchName: row<{ name: string }>(
    'validationFailed',
    (p) => `${p.name} does not exist in DNS (NXDOMAIN)`,
    (p) => `${p.name} 在 DNS 中不存在（NXDOMAIN）`,
  ),
  dnsServerFailure: row<{ name: string; rcode: string; server?: string }>(
    'validationFailed',
    (p) => `the resolver${named(p.server)} answered ${p.rcode} for ${p.name}`,
    (p) => `解析服务器${namedZh(p.server)}对 ${p.name} 返回 ${p.rcode}`,
  ),
  dnsMalformed: row<{ name: string; server?: string }>(
    'validationFailed',
    (p) => `the resolver${named(p.server)} sent an answer for ${p.name} that cannot be read`,
    (p) => `解析服务器${namedZh(p.server)}对 ${p.name} 的应答无法解析`,
  ),
  dnsCaseChanged: row<{ name: string; server?: string }>(
    'validationFailed',
    (p) =>
      `the resolver${named(p.server)} does not keep the case of ${p.name} in its UDP answers, so they cannot be distinguished from ` +
      'forged ones, and it does not answer over TCP; allow TCP port 53 to it or configure another resolver',
    (p) =>
      `解析服务器${namedZh(p.server)}的 UDP 应答改变了 ${p.name} 的大小写，无法与伪造应答区分，且其 TCP 服务无应答；` +
      '请放行到该服务器的 TCP 53 端口，或改用其他解析服务器',
  ),
  dnsTimeout: row<{ name: string; server?: string }>(
    'validationFailed',
    (p) => `the resolver${named(p.server)} did not answer for ${p.name} in time`,
    (p) => `解析服务器${namedZh(p.server)}查询 ${p.name} 超时`,
  ),
  dnsLoop: row<{ name: string }>(
    'validationFailed',
    (p) => `the CNAME records of ${p.name} form a loop or a chain that is too long`,
    (p) => `${p.name} 的 CNAME 记录形成循环或链过长`,
  ),
  dnsWrongTarget: row<{ name: string; found: string; expected: string }>(
    'validationFailed',
    (p) => `the CNAME of ${p.name} is ${p.found}, not ${p.expected}`,
    (p) => `${p.name} 的 CNAME 为 ${p.found}，应为 ${p.expected}`,
  ),
  dnsWrongText: row<{ name: string; found: string; expected: string }>(
    'validationFailed',
    (p) => `the TXT records of ${p.name} are ${p.found}; none is ${p.expected}`,
    (p) => `${p.name} 的 TXT 记录为 ${p.found}，其中没有 ${p.expected}`,
  ),
  httpNoAddress: row<{ host: string }>(
    'validationFailed',
    (p) => `${p.host} has no address in DNS`,
    (p) => `${p.host} 在 DNS 中没有 IP 地址`,
  ),
  httpForbiddenAddress: row<{ host: string; address: string }>(
    'validationFailed',
    (p) => `${p.host} points to ${p.address}, an address this server does not connect to; ${allowedBy.en}`,
    (p) => `${p.host} 指向 ${p.address}，本服务器不会连接该地址；${allowedBy.zh}`,
  ),
  httpForbiddenRedirect: row<{ host: string; address: string }>(
    'validationFailed',
    (p) => `a public address redirects to ${p.host}, which points to ${p.address}; such redirects are not followed`,
    (p) => `公网地址重定向到 ${p.host}，后者指向 ${p.address}，本服务器不跟随此类重定向`,
  ),
  httpRedirectToAddress: row<{ url: string }>(
    'validationFailed',
    (p) => `the redirect leads to ${p.url}, an IP address; redirects are followed to names only`,
    (p) => `重定向目标 ${p.url} 为 IP 地址，本服务器只跟随指向域名的重定向`,
  ),
  httpInternalName: row<{ host: string }>(
    'validationFailed',
    (p) => `${p.host} is a local network name, which this server does not connect to; ${allowedBy.en}`,
    (p) => `${p.host} 是内网名称，本服务器不会连接；${allowedBy.zh}`,
  ),
  httpForbiddenPort: row<{ url: string; port: number }>(
    'validationFailed',
    (p) => `${p.url} uses port ${p.port}, which validation does not connect to`,
    (p) => `${p.url} 使用端口 ${p.port}，验证不会连接该端口`,
  ),
  httpForbiddenScheme: row<{ url: string }>(
    'validationFailed',
    (p) => `${p.url} is not an http or https address`,
    (p) => `${p.url} 不是 http 或 https 地址`,
  ),
  httpConnectFailed: row<{ url: string; peer: string; detail: string }>(
    'validationFailed',
    (p) => `could not connect to ${p.url}: ${p.peer} ${p.detail}`,
    (p) => `无法连接 ${p.url}：${p.peer} ${connectionFaultInChinese(p.detail)}`,
  ),
  httpTimeout: row<{ url: string; timeoutMs: number }>(
    'validationFailed',
    (p) => `${p.url} did not answer within ${p.timeoutMs} ms`,
    (p) => `${p.url} 在 ${p.timeoutMs} 毫秒内未响应`,
  ),
  httpStatus: row<{ url: string; status: number }>(
    'validationFailed',
    (p) => `${p.url} answered with HTTP status ${p.status}`,
    (p) => `${p.url} 返回 HTTP 状态码 ${p.status}`,
  ),
  httpTooLarge: row<{ url: string; limitBytes: number }>(
    'validationFailed',
    (p) => `the file at ${p.url} is larger than ${p.limitBytes} bytes`,
    (p) => `${p.url} 的文件超过 ${p.limitBytes} 字节`,
  ),
  httpTooManyRedirects: row<{ url: string; limit: number }>(
    'validationFailed',
    (p) => `${p.url} redirects more than ${p.limit} times`,
    (p) => `${p.url} 重定向超过 ${p.limit} 次`,
  ),
  fileWrongContent: row<{ url: string; found: string; expected: string }>(
    'validationFailed',
    (p) => `the file at ${p.url} holds ${p.found}, not ${p.expected}`,
    (p) => `${p.url} 的内容为 ${p.found}，应为 ${p.expected}`,
  ),
  fileInUtf16: row<{ url: string }>(
    'validationFailed',
    (p) => `the file at ${p.url} is in UTF-16 without a byte order mark; save it in UTF-8`,
    (p) => `${p.url} 的文件为不带字节顺序标记的 UTF-16 编码，请以 UTF-8 编码保存`,
  ),
  methodNotAllowed: row<{ method: ValidationMethod; name: string }>(
    'validationFailed',
    (p) => `the method ${p.method} cannot validate ${p.name}; choose another method`,
    (p) => `不能用“${methodInChinese(p.method)}”方式验证 ${p.name}，请更换验证方式`,
  ),
  checkAborted: row<None>(
    'validationFailed',
    () => 'the check was interrupted and will be repeated',
    () => '检查被中断，将自动重新检查',
  ),
} as const;
