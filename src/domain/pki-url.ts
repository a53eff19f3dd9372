/** The address at which CA certificates say that revocation lists and issuers are found: it stands in them for ten years. */
import { isInRanges } from './address-range.ts';
import type { Phrase } from './messages/expectations.ts';

const loopback = ['127.0.0.0/8', '::1/128', '::ffff:127.0.0.0/104'];
const unspecified = ['0.0.0.0/32', '::/128', '::ffff:0.0.0.0/128'];

/**
 * Returns the fault for the operator, in English; undefined when others can use it. Private addresses and internal names are fine:
 * they serve private networks.
 */
export function objectionToPkiUrl(url: string): string | undefined {
  return faultOf(url)?.en;
}

function faultOf(url: string): Phrase | undefined {
  const { protocol, hostname } = new URL(url);
  // RFC 5280 §8: a client that fetches a list over https may need that very list to check the server's certificate.
  if (protocol === 'https:') {
    return {
      en: 'is an https address, over which many clients fetch no revocation lists (RFC 5280 §8)',
      zh: '是 https 地址，许多客户端不会通过 https 获取吊销列表（RFC 5280 §8）',
    };
  }
  const host = hostname.replace(/^\[|\]$|\.$/g, '');
  // RFC 6761 §6.3: localhost and everything below it is this machine.
  if (host === 'localhost' || host.endsWith('.localhost') || isInRanges(host, loopback)) {
    return { en: 'is an address that only this machine reaches', zh: '只有本机能够访问' };
  }
  if (isInRanges(host, unspecified)) return { en: 'is the address of no machine', zh: '不是任何主机的地址' };
  return undefined;
}

/** Why no CA is made with it, and what to do. */
export function pkiUrlProblem(url: string): Phrase | undefined {
  const fault = faultOf(url);
  if (fault === undefined) return undefined;
  return {
    en:
      `${url} would stand in the certificates of the CA for ten years, but ${fault.en}; set authority.pkiUrl to where ` +
      'everybody who checks certificates reaches /pki/ of this server, like http://pki.example.com/pki (for a CA to try ' +
      'out: --allow-local-pki-url, or authority.allowLocalPkiUrl)',
    zh:
      `${url} 将写入 CA 的证书并保留十年，但它${fault.zh}；请将 authority.pkiUrl 设为验证证书的各方都能访问的本服务器 /pki/ 地址，` +
      '例如 http://pki.example.com/pki（仅供试用的 CA 可用 --allow-local-pki-url 或 authority.allowLocalPkiUrl）',
  };
}
