/** The words of the configuration's manual, in both languages. */
import type { Language } from '../domain/language.ts';

export interface ManualWords {
  readonly introduction: string;
  readonly server: string;
  /** What comes before the settings of issuers that buy from vendors. */
  vendors(kinds: readonly string[]): string;
  readonly profiles: string;
  readonly builtIn: string;
  readonly seeBelow: string;
  readonly dialects: string;
  dialect(title: string, paths: string): string;
  readonly hasNoSettings: string;
  readonly environment: string;
  /** The head of a table of settings. */
  readonly head: readonly string[];
  readonly or: string;
  readonly section: string;
  readonly text: string;
  list(kind: string): string;
  number(minimum: number | undefined, maximum: number | undefined): string;
}

const example = `\`\`\`yaml
listen:
  - https://0.0.0.0:443
  - http://0.0.0.0:80
publicUrl: https://certs.example.com
authority:
  pkiUrl: http://certs.example.com/pki
dataDirectory: /var/lib/certmux
tls:
  selfServed: [certs.example.com]
dialects:
  encryption365:
    hosts: [panel.example.com]
\`\`\``;

const english: ManualWords = {
  introduction: `# Configuration

certmux reads the YAML file named by \`--config\` or \`CERTMUX_CONFIG\`; else \`certmux.yaml\` in the working directory, where there
is one. **Every setting has a default**: without a file it serves on http://127.0.0.1:8080 with its data in \`./data\`.

${example}

- Complete examples with comments are in [\`config/\`](../config); every one of them is started by the tests.
- \`certmux config check FILE\` lists everything that is wrong with a file, and with the files that it names (credentials, keys, certificates), with setting
  and line. Run it as the user of the service, who must be able to read them. A setting that does not exist
  is an error, not ignored; one without a value has its default.
- Relative paths are relative to the working directory.
- A change takes effect at the next start.

This page is made from the schema by \`npm run docs\`.`,
  server: 'The server',
  vendors: (kinds) =>
    `Where \`kind\` is a vendor (${kinds.map((kind) => `\`${kind}\``).join(', ')}), these are the settings instead. \`<vendor>\` is the id of the issuer. [Certificates of vendors](upstreams.md) has the credentials of each.`,
  profiles:
    'What is issued. Each product names a profile; `profiles.<name>` changes what it lists and leaves the rest. The `public-…` profiles keep the rules of public CAs: a value that contradicts them, or with which no certificate would pass lint, is refused by `certmux config check` and at the start. Shorter values of your own stay until the rules demand less (2027-03-15, 2028-03-15, 2029-03-15).',
  builtIn: 'Built in:',
  seeBelow: 'see below',
  dialects:
    'The front doors. Each answers its own paths on every listener, and every path on its own host names. These settings are the same for all:',
  dialect: (title, paths) => `${title}, at ${paths}.`,
  hasNoSettings: ' It has no settings of its own.',
  environment: `## Environment

| variable | meaning |
|---|---|
| \`CERTMUX_CONFIG\` | The configuration file, where \`--config\` does not name one. |
| \`CERTMUX_MASTER_KEY\` | The master key as base64, instead of a file: for secret stores. |
| \`CERTMUX_MASTER_KEY_OLD\` | The former master key, while it is being changed; see \`masterKeyOldFile\`. |
| \`CERTMUX_URL\`, \`CERTMUX_TOKEN\` | The server and the token that the command line uses, where no option names them. |`,
  head: ['setting', 'kind', 'default', 'meaning'],
  or: ' or ',
  section: 'section',
  text: 'text',
  list(kind) {
    // `list of texts`, `list of numbers, 1 to 365`
    const [each = 'value', ...limits] = kind.split(', ');
    return [`list of ${each}s`, ...limits].join(', ');
  },
  number: (minimum, maximum) => `number, ${minimum} to ${maximum}`,
};

const chinese: ManualWords = {
  introduction: `# 配置

certmux 读取 \`--config\` 或 \`CERTMUX_CONFIG\` 指定的 YAML 文件；没有指定时，读取工作目录中的 \`certmux.yaml\`（如果存在）。
**每个设置都有默认值**：没有配置文件时，服务监听 http://127.0.0.1:8080，数据保存在 \`./data\`。

${example}

- 带注释的完整示例在 [\`config/\`](../config) 中；测试会用其中的每一个启动服务。
- \`certmux config check FILE\` 列出配置文件及其引用的文件（凭证、密钥、证书）中的全部错误，并指出设置项和行号；请以运行服务的用户执行。不存在的设置项是错误，不会被忽略；没有写值的设置项取默认值。
- 相对路径以工作目录为起点。
- 修改在下次启动时生效。

本页由 \`npm run docs\` 根据配置的定义生成。`,
  server: '服务',
  vendors: (kinds) =>
    `\`kind\` 为厂商（${kinds.map((kind) => `\`${kind}\``).join('、')}）时，使用以下设置。\`<vendor>\` 为签发机构的 ID。各厂商的凭证见[向厂商采购证书](upstreams.zh-CN.md)。`,
  profiles:
    '签发什么样的证书。每个产品指定一个证书模板（profile）；`profiles.<name>` 只修改所列出的项目，其余不变。`public-…` 模板遵守公共 CA 的规则：与规则矛盾、或会使证书无法通过签发前检查的取值，在 `certmux config check` 和启动时即被拒绝。您设置的较短期限保持不变，直到规则要求更短（2027-03-15、2028-03-15、2029-03-15）。',
  builtIn: '内置的证书模板：',
  seeBelow: '见下表',
  dialects:
    '前端接口。每个接口在所有监听地址上应答自己的路径，并在自己的主机名上应答所有路径。以下设置对所有接口都适用：',
  dialect: (title, paths) => `${title}，路径：${paths}。`,
  hasNoSettings: '没有自己的设置。',
  environment: `## 环境变量

| 变量 | 含义 |
|---|---|
| \`CERTMUX_CONFIG\` | 配置文件；\`--config\` 没有指定时使用。 |
| \`CERTMUX_MASTER_KEY\` | 主密钥（base64），代替文件：用于密钥管理系统。 |
| \`CERTMUX_MASTER_KEY_OLD\` | 更换主密钥期间的旧主密钥，见 \`masterKeyOldFile\`。 |
| \`CERTMUX_URL\`、\`CERTMUX_TOKEN\` | 命令行使用的服务地址和令牌；没有用选项指定时使用。 |`,
  head: ['设置', '类型', '默认值', '含义'],
  or: ' 或 ',
  section: '一节',
  text: '文本',
  list: (kind) => `列表：${kind}`,
  number: (minimum, maximum) => `数字，${minimum} 到 ${maximum}`,
};

export const manualWords: Readonly<Record<Language, ManualWords>> = { en: english, zh: chinese };
