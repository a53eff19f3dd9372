/** What the value of a setting must be, where no schema of the library says it: each in both languages, as one text (`asOneText`). */
import { asOneText } from '../domain/two-languages.ts';

export const settingWords = {
  dnsName: asOneText({ en: 'must be a DNS name, like acme.example.com', zh: '必须是域名，例如 acme.example.com' }),
  nameServerName: asOneText({
    en: 'must be a DNS name, like ns1.acme.example.com',
    zh: '必须是域名，例如 ns1.acme.example.com',
  }),
  ipAddress: asOneText({
    en: 'must be an IP address, like 192.0.2.53 or 2001:db8::53',
    zh: '必须是 IP 地址，例如 192.0.2.53 或 2001:db8::53',
  }),
  caaTag: asOneText({
    en: 'must be a tag of CAA, like issue, issuewild or iodef',
    zh: '必须是 CAA 标签，例如 issue、issuewild 或 iodef',
  }),
  caaValue: asOneText({
    en: 'must have at most 255 characters, all of them ASCII',
    zh: '至多 255 个字符，且均为 ASCII 字符',
  }),
  dnsEndpoint: asOneText({
    en: 'must be an address with a port, like 0.0.0.0:53 or [::]:53',
    zh: '必须是带端口的地址，例如 0.0.0.0:53 或 [::]:53',
  }),
  zoneContact: asOneText({
    en: 'must be a mail address, like hostmaster@example.com',
    zh: '必须是邮箱地址，例如 hostmaster@example.com',
  }),
  proxyUrl: asOneText({
    en: 'must be an http address with a port, like http://user:password@gateway.example.com:8888',
    zh: '必须是带端口的 http 地址，例如 http://user:password@gateway.example.com:8888',
  }),
  mailAddress: asOneText({
    en: 'must be a mail address, like certs@example.com',
    zh: '必须是邮箱地址，例如 certs@example.com',
  }),
  directoryUrl: asOneText({
    en: 'must be an https address, like https://ca.example.com/acme/directory, or http on loopback',
    zh: '必须是 https 地址，例如 https://ca.example.com/acme/directory；http 仅限环回地址',
  }),
  listenUrl: asOneText({
    en: 'must be a scheme, an address and a port, like http://127.0.0.1:8080 or https://[::]:8443',
    zh: '必须由协议、地址和端口组成，例如 http://127.0.0.1:8080 或 https://[::]:8443',
  }),
  hostOrAddress: asOneText({
    en: 'must be a host name or an address, like certs.example.com',
    zh: '必须是主机名或 IP 地址，例如 certs.example.com',
  }),
  plainHttp: asOneText({
    en: 'must be http: CAs look there before there is a certificate',
    zh: '必须是 http：CA 访问时还没有证书',
  }),
  addressRange: asOneText({
    en: 'must be an IP address or a range like 10.0.0.0/8',
    zh: '必须是 IP 地址或网段，例如 10.0.0.0/8',
  }),
  caaIdentity: asOneText({
    en: 'must be a domain name in lower case, like ca.example.com, without a dot at its end',
    zh: '必须是小写域名，例如 ca.example.com，末尾不带点',
  }),
  successorBeforePublished: asOneText({
    en: 'successorDays must not be less than publishDays: a successor is made before it is published for so long',
    zh: 'successorDays 不能小于 publishDays：接替的 CA 必须先创建，才能公布这么多天',
  }),
  objectIdentifier: asOneText({
    en: 'must be an object identifier like 2.23.140.1.2.1',
    zh: '必须是对象标识符（OID），例如 2.23.140.1.2.1',
  }),
  mailServer: asOneText({
    en: 'must be a host name or an address, like smtp.example.com',
    zh: '必须是主机名或 IP 地址，例如 smtp.example.com',
  }),
  sender: asOneText({
    en: 'must be an address, like certs@example.com or "Certificates <certs@example.com>"',
    zh: '必须是发件地址，例如 certs@example.com 或 "Certificates <certs@example.com>"',
  }),
  plainHost: asOneText({
    en: 'must be a host name without scheme, port and path, like panel.example.com',
    zh: '必须是不含协议、端口和路径的主机名，例如 panel.example.com',
  }),
  publicUrl: asOneText({
    en: 'must be an http or https address, like https://certs.example.com',
    zh: '必须是 http 或 https 地址，例如 https://certs.example.com',
  }),
  databaseUrl: asOneText({
    en: 'must be the address of a PostgreSQL database, like postgres://certmux@db.example.com/certmux',
    zh: '必须是 PostgreSQL 数据库的地址，例如 postgres://certmux@db.example.com/certmux',
  }),
  resolver: asOneText({
    en: 'must be an address with an optional port, like 192.0.2.53 or [2001:db8::53]:53',
    zh: '必须是 IP 地址，可带端口，例如 192.0.2.53 或 [2001:db8::53]:53',
  }),
  accountKey: asOneText({ en: 'must be the id or the number of an account', zh: '必须是账户的 id 或编号' }),
  alarmUrl: asOneText({
    en: 'must be an http or https address, like https://alerts.example.com/certmux',
    zh: '必须是 http 或 https 地址，例如 https://alerts.example.com/certmux',
  }),
  pkiUrl: asOneText({
    en: 'must be an http or https address, like http://certs.example.com/pki',
    zh: '必须是 http 或 https 地址，例如 http://certs.example.com/pki',
  }),
  country: asOneText({
    en: 'must be the code of a country in ISO 3166-1, in two capital letters, like CN or DE (the United Kingdom is GB)',
    zh: '必须是 ISO 3166-1 中的两位大写国家代码，例如 CN 或 DE（英国为 GB）',
  }),
  vendorUrl: asOneText({
    en: 'must be an https address without a query or fragment, like https://api.example.com, or http on loopback',
    zh: '必须是不带查询参数和片段的 https 地址，例如 https://api.example.com；http 仅限环回地址',
  }),
  quotedText: asOneText({ en: 'must be text: write it in quotes', zh: '必须是文本，请加上引号' }),
  currency: asOneText({ en: 'must be the three letters of a currency, like CNY', zh: '必须是三位货币代码，例如 CNY' }),
  amount: asOneText({
    en: 'must be an amount with its currency, like 100.00 CNY',
    zh: '必须是带货币代码的金额，例如 100.00 CNY',
  }),
} as const satisfies Readonly<Record<string, string>>;
