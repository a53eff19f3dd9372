/** Rules about what leads to the issuer and to its lists (RFC 5280 §4.2.1.1, §4.2.1.13, §4.2.2.1; BR §7.1.2.7.7, §7.1.2.11). */
import { oidName, oids } from '../../oid.ts';
import { type GeneralNameBytes, urlOf } from '../read-extensions.ts';
import { type CertificateRule, missing } from '../rule.ts';

const below = ['leaf', 'intermediate'] as const;
const certificates = ['leaf', 'intermediate', 'root'] as const;

/**
 * What the certificate names that is no URL of http or https with a host, written in ASCII. BR asks for http alone; so does the first start
 * (`authority.pkiUrl`), unless the operator lets it have a CA whatever the URL is, and that CA must go on signing.
 */
function wrongUrl(name: GeneralNameBytes): string | undefined {
  const url = urlOf(name);
  if (url === undefined) return `[${name.tag & 0x1f}]`;
  const isPlain = /^https?:\/\/[\x21-\x7e]+$/.test(url) && URL.canParse(url) && new URL(url).hostname !== '';
  return isPlain ? undefined : url;
}

/** Of the same names again and again, which is what certificates of one authority have. Cleared before it grows. */
const judged = new Map<string, string | undefined>();
const mostJudged = 1000;

function judge(name: GeneralNameBytes): string | undefined {
  const key = `${name.tag}:${name.bytes.toString('latin1')}`;
  if (judged.has(key)) return judged.get(key);
  if (judged.size >= mostJudged) judged.clear();
  const found = wrongUrl(name);
  judged.set(key, found);
  return found;
}

export const pointerRules: readonly CertificateRule[] = [
  {
    id: 'authority-key-id',
    source: 'RFC 5280 §4.2.1.1, BR §7.1.2.11.1',
    kinds: certificates,
    demand: {
      en: "the authority key identifier is the issuer's subject key identifier",
      zh: '颁发机构密钥标识符与上级证书的主体密钥标识符相同',
    },
    find: ({ contents: { authorityKeyId }, unreadable }, { issuer }) => {
      if (unreadable.includes(oids.authorityKeyIdentifier)) return undefined;
      const keyId = authorityKeyId?.keyId;
      return keyId?.equals(issuer.keyId) === true ? undefined : (keyId?.toString('hex') ?? missing);
    },
  },
  {
    id: 'authority-key-id-only',
    source: 'BR §7.1.2.11.1',
    kinds: certificates,
    demand: {
      en: "the authority key identifier names neither the issuer's issuer nor its serial number",
      zh: '颁发机构密钥标识符不含上级证书的签发者和序列号',
    },
    find: ({ contents }) =>
      contents.authorityKeyId?.hasOther === true ? 'authorityCertIssuer, authorityCertSerialNumber' : undefined,
  },
  {
    id: 'ca-subject-key-id',
    source: 'RFC 5280 §4.2.1.2, BR §7.1.2.11.4',
    kinds: ['intermediate', 'root'],
    demand: { en: 'a CA certificate has a subject key identifier', zh: 'CA 证书含主体密钥标识符' },
    find: ({ contents, unreadable }) =>
      contents.subjectKeyId !== undefined || unreadable.includes(oids.subjectKeyIdentifier) ? undefined : missing,
  },
  {
    id: 'access-methods',
    source: 'BR §7.1.2.7.7, §7.1.2.10.3',
    kinds: below,
    demand: {
      en: 'authority information is the certificate of the issuer or its OCSP responder, each URL once',
      zh: '颁发机构信息访问只含上级证书或 OCSP 地址，且不重复',
    },
    find: ({ contents: { access = [] } }) => {
      const seen = new Set<string>();
      for (const { method, name } of access) {
        const key = `${method} ${name.bytes.toString('latin1')}`;
        if ((method !== oids.caIssuers && method !== oids.ocsp) || seen.has(key)) return oidName(method);
        seen.add(key);
      }
      return undefined;
    },
  },
  {
    id: 'access-urls',
    source: 'BR §7.1.2.7.7, §7.1.2.10.3, RFC 5280 §4.2.2.1',
    kinds: below,
    demand: {
      en: 'what leads to the issuer is an http or https URL with a host',
      zh: '指向上级证书的地址为含主机名的 http 或 https 网址',
    },
    find: ({ contents }) => contents.access?.map(({ name }) => judge(name)).find((found) => found !== undefined),
  },
  {
    id: 'list-pointer',
    source: 'BR §7.1.2.11.2',
    kinds: below,
    demand: {
      en: 'it says where the list of revoked certificates or the OCSP responder is',
      zh: '含吊销列表或 OCSP 的地址',
    },
    find: ({ contents, unreadable }) => {
      const isThere =
        contents.points !== undefined ||
        contents.access?.some(({ method }) => method === oids.ocsp) === true ||
        unreadable.includes(oids.crlDistributionPoints);
      return isThere ? undefined : missing;
    },
  },
  {
    id: 'list-urls',
    source: 'BR §7.1.2.11.2, RFC 5280 §4.2.1.13',
    kinds: below,
    demand: {
      en: 'what leads to the list is an http or https URL with a host',
      zh: '吊销列表的地址为含主机名的 http 或 https 网址',
    },
    find: ({ contents }) =>
      contents.points
        ?.flatMap(({ names }) => names)
        .map(judge)
        .find((found) => found !== undefined),
  },
  {
    id: 'list-points',
    source: 'BR §7.1.2.11.2',
    kinds: below,
    demand: {
      en: 'a distribution point is a full name, without reasons and without another issuer of the list',
      zh: '吊销列表分发点只含完整名称，不含吊销原因或其他列表签发者',
    },
    find: ({ contents }) => (contents.points?.every(({ isPlain }) => isPlain) === false ? '[1] [2]' : undefined),
  },
];
