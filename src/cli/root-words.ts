/** What `certmux root` says, among it how programs with lists of their own are made to trust a root. */
import type { Language } from '../domain/language.ts';

export interface RootWords {
  installed(store: string): string;
  already(store: string): string;
  removed(store: string): string;
  nothingToRemove(store: string): string;
  readonly fingerprint: string;
  readonly elsewhere: string;
  readonly ways: readonly (readonly [where: string, how: string])[];
  readonly compare: string;
}

const commands = {
  macOS: 'sudo security add-trusted-cert -d -k /Library/Keychains/System.keychain roots.pem',
  windows: 'certutil -addstore -f ROOT roots.pem',
  java: 'keytool -importcert -cacerts -alias certmux -file roots.pem',
  node: 'NODE_EXTRA_CA_CERTS=roots.pem',
  python: 'REQUESTS_CA_BUNDLE=roots.pem, SSL_CERT_FILE=roots.pem',
  curl: 'curl --cacert roots.pem',
} as const;

export const rootWords: Readonly<Record<Language, RootWords>> = {
  en: {
    installed: (store) => `This system (${store}) trusts the certificates of this server now.`,
    already: (store) => `This system (${store}) trusts the certificates of this server already; nothing was changed.`,
    removed: (store) => `This system (${store}) trusts these roots no longer:`,
    nothingToRemove: (store) =>
      `certmux root install has put nothing into this system (${store}); nothing was changed.`,
    fingerprint: 'SHA-256',
    elsewhere: 'Elsewhere, with the file of certmux root export --output roots.pem:',
    ways: [
      ['macOS', commands.macOS],
      ['Windows', `${commands.windows}   (as administrator)`],
      ['Firefox', 'Settings, Privacy & Security, View Certificates, Authorities, Import'],
      ['Java', commands.java],
      ['Node.js', commands.node],
      ['Python', commands.python],
      ['curl', commands.curl],
    ],
    compare: 'Compare the fingerprint over another way before you trust a root.',
  },
  zh: {
    installed: (store) => `本系统（${store}）现已信任本服务器签发的证书。`,
    already: (store) => `本系统（${store}）已信任本服务器签发的证书，未作任何更改。`,
    removed: (store) => `本系统（${store}）不再信任以下根证书：`,
    nothingToRemove: (store) => `本系统（${store}）中没有由 certmux root install 安装的根证书，未作任何更改。`,
    fingerprint: 'SHA-256',
    elsewhere: '其他系统和程序，先用 certmux root export --output roots.pem 导出文件：',
    ways: [
      ['macOS', commands.macOS],
      ['Windows', `${commands.windows}（以管理员身份运行）`],
      ['Firefox', '设置 → 隐私与安全 → 证书 → 查看证书 → 证书颁发机构 → 导入'],
      ['Java', commands.java],
      ['Node.js', commands.node],
      ['Python', commands.python],
      ['curl', commands.curl],
    ],
    compare: '信任根证书之前，请通过其他途径核对指纹。',
  },
};
