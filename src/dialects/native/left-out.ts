/** What the CSR asks for and the certificate will not have, in words. */
import type { Issuance } from '../../domain/issuance.ts';
import type { Language } from '../../domain/language.ts';
import { parseCsr } from '../../pki/csr.ts';
import { type LeftOut, type LeftOutKind, leftOutOf } from '../../pki/csr-left-out.ts';
import type { WireOrder } from './schema.ts';

type Line = Readonly<Record<Language, (value: string) => string>>;

const lines: Readonly<Record<LeftOutKind, Line>> = {
  dNSName: {
    en: (value) => `the name ${value} of the CSR is not part of the order`,
    zh: (value) => `CSR 中的域名 ${value} 不在订单中`,
  },
  commonName: {
    en: (value) => `the common name ${value} of the CSR is not part of the order`,
    zh: (value) => `CSR 中的 CN ${value} 不在订单中`,
  },
  otherName: {
    en: (value) => `${value} of the CSR's subjectAltName is not certified: only DNS names and IP addresses are`,
    zh: (value) => `CSR 的 subjectAltName 中的 ${value} 不会写入证书，证书仅包含域名和 IP 地址`,
  },
  keyUsage: {
    en: (value) => `the key usage ${value}, which the CSR asks for, is not part of server certificates`,
    zh: (value) => `CSR 请求的密钥用法 ${value} 不会写入服务器证书`,
  },
  extendedKeyUsage: {
    en: (value) => `the purpose ${value}, which the CSR asks for, is not part of server certificates`,
    zh: (value) => `CSR 请求的扩展密钥用法 ${value} 不会写入服务器证书`,
  },
  extension: {
    en: (value) => `the extension ${value}, which the CSR asks for, is not part of server certificates`,
    zh: (value) => `CSR 请求的扩展 ${value} 不会写入服务器证书`,
  },
};

/** Nothing where the certificate has all that the CSR asks for, and where there is no CSR. */
export function leftOutToWire(
  { csr, sealedKey, names }: Issuance,
  language: Language,
): Pick<WireOrder['issuance'], 'leftOut'> {
  // A CSR that was made here asks for what the order does.
  if (csr === null || sealedKey !== null) return {};
  const identifiers = names.map(({ identifier }) => identifier);
  const leftOut = leftOutOf(parseCsr(csr), identifiers).map((one) => ({ ...one, text: textOf(one, language) }));
  return leftOut.length === 0 ? {} : { leftOut };
}

function textOf({ kind, value }: LeftOut, language: Language): string {
  return lines[kind][language](value);
}
