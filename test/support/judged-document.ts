/** The last parts of docs/lint.md: what zlint, pkilint and the verifiers of relying parties say, from what their last runs kept. */
import { type Kind, kinds } from '../../scripts/lint-certificates/made.ts';
import { notApplicable } from '../../scripts/lint-certificates/not-applicable.ts';
import { keptJudged } from '../../scripts/lint-certificates/results.ts';
import { cannotAsk, expectations, situationIds, type VerifierId } from '../../scripts/verifiers/expected.ts';
import { keptResults, type Verdict } from '../../scripts/verifiers/results.ts';
import type { Language } from '../../src/domain/language.ts';

const kindWords: Readonly<Record<Language, Readonly<Record<Kind, string>>>> = {
  en: {
    'public-dv': 'public DV',
    'public-ov': 'public OV',
    'public-ev': 'public EV',
    private: 'private',
    root: 'root',
    intermediate: 'intermediate',
    list: 'list',
    'imported-list': 'list of an imported CA',
    'root-list': 'list of a root',
    'last-list': 'last list',
  },
  zh: {
    'public-dv': '公共 DV',
    'public-ov': '公共 OV',
    'public-ev': '公共 EV',
    private: '私有',
    root: '根证书',
    intermediate: '中间证书',
    list: '吊销列表',
    'imported-list': '接管的 CA 的列表',
    'root-list': '根 CA 的列表',
    'last-list': '最后一份列表',
  },
};

const verdictWords: Readonly<Record<Language, Readonly<Record<Verdict, string>>>> = {
  en: { ok: 'accepts', refused: 'refuses', cannotAsk: 'cannot ask' },
  zh: { ok: '接受', refused: '拒绝', cannotAsk: '无法检查' },
};

export function judgedBySomeoneElse(language: Language): readonly string[] {
  return [...byLinters(language), '', ...byVerifiers(language)];
}

function byLinters(language: Language): readonly string[] {
  const { on, zlint, pkilint, products, looks, authorities, made } = keptJudged();
  const total = Object.values(made).reduce((sum, count) => sum + count, 0);
  const words = kindWords[language];
  const counted = kinds.flatMap((kind) => (made[kind] === undefined ? [] : [`${made[kind]} ${words[kind]}`]));
  const rows = notApplicable.map(
    ({ tool, lint, kinds: some, reason, source }) =>
      `| ${tool} | \`${lint}\` | ${some.map((kind) => words[kind]).join(language === 'en' ? ', ' : '、')} | ${reason[language]} | ${source} |`,
  );
  if (language === 'en') {
    return [
      '## By other linters',
      '',
      `\`npm run lint:certificates\` makes what certmux makes and has it judged by zlint, pkilint and the rules above. Last whole run: ${on}, zlint ${zlint}, pkilint ${pkilint}, no finding but those below.`,
      '',
      `- **All ${products.length} products of all front doors.** Many differ only in price and words: they come to ${looks} different certificates. Each of them is made with every key that its profile takes (RSA of 2048, 3072 and 4096 bits, P-256, P-384, P-521, Ed25519), under each authority.`,
      `- **${authorities.length} authorities**: ${authorities.join('; ')}.`,
      '- **All six profiles**, as they come and with the optional parts left out, with each key, under each authority; and with wildcards, addresses, IDNs, a hundred names and a name of 194 characters.',
      '- **All lists**: the first, one with every reason, those of roots with revoked CAs, those that `ca sign-list` makes, those of imported CAs, and the last one of each authority.',
      `- **In all ${total}**: ${counted.join(', ')}.`,
      '',
      'The run fails on any other error, and on a row that is met no longer:',
      '',
      '| linter | finding | in | does not apply because | source |',
      '|---|---|---|---|---|',
      ...rows,
    ];
  }
  return [
    '## 用其他检查工具检验',
    '',
    `\`npm run lint:certificates\` 生成 certmux 会签发的各种证书和列表，交给 zlint、pkilint 和上述规则检验。最近一次完整运行：${on}，zlint ${zlint}，pkilint ${pkilint}；除下表所列之外没有发现问题。`,
    '',
    `- **所有接口的全部 ${products.length} 个产品。** 许多产品只是价格和名称不同，合计 ${looks} 种不同的证书。每一种都用模板允许的所有密钥（RSA 2048、3072、4096 位，P-256、P-384、P-521、Ed25519），在每个 CA 下各签发一张。`,
    `- **${authorities.length} 个 CA**：自建、轮换后、新根之下、外部根之下、接管的 CA，以及由离线根的密钥文件签发的 CA；密钥为 P-256、P-384 和 RSA 3072。`,
    '- **全部六个模板**：默认形式和省去可选内容的形式，各种密钥，每个 CA；另有通配符、IP 地址、国际化域名、一百个域名和 194 个字符的长域名。',
    '- **全部列表**：第一份列表、含所有吊销原因的列表、列有已吊销 CA 的根 CA 列表、`ca sign-list` 生成的列表、接管的 CA 的列表，以及每个 CA 的最后一份列表。',
    `- **共 ${total} 份**：${counted.join('、')}。`,
    '',
    '出现其他任何错误，或下表某一行不再出现，运行都会失败：',
    '',
    '| 工具 | 发现 | 对象 | 不适用的原因 | 依据 |',
    '|---|---|---|---|---|',
    ...rows,
  ];
}

function byVerifiers(language: Language): readonly string[] {
  const { on, versions, results } = keptResults();
  const verifiers = Object.keys(versions) as VerifierId[];
  const heads = verifiers.map((id) => versions[id] ?? id);
  const rows = situationIds.map((id) => {
    const cells = verifiers.map((by) => {
      const verdict = results[id]?.[by];
      return verdict === undefined ? '' : verdictWords[language][verdict];
    });
    return `| ${expectations[id].title[language]} | ${cells.join(' | ')} |`;
  });
  const reasons = verifiers.flatMap((id) =>
    Object.values(cannotAsk[id] ?? {}).map(
      (reason) =>
        `- ${versions[id] ?? id}${language === 'en' ? ': ' : '：'}${reason[language]}${language === 'en' ? '.' : '。'}`,
    ),
  );
  const columns = `|---|${verifiers.map(() => '---|').join('')}`;
  if (language === 'en') {
    return [
      '## By relying parties',
      '',
      `\`npm run test:verifiers\` shows certificates, chains and lists to the programs that clients verify with, each told the moment. All lists of the chain are given; who misses one refuses. Last whole run: ${on}. Go leaves lists to its callers: there the program of this project looks into them.`,
      '',
      `| situation | ${heads.join(' | ')} |`,
      columns,
      ...rows,
      '',
      'Where a verifier cannot ask, it accepts, and the run fails if it does not:',
      '',
      ...reasons,
    ];
  }
  return [
    '## 用客户端的验证程序检验',
    '',
    `\`npm run test:verifiers\` 把证书、证书链和列表交给客户端所用的验证程序，并指定时刻。证书链上的所有列表都会提供，缺少任何一份即拒绝。最近一次完整运行：${on}。Go 把列表留给调用者处理：此处由本项目的程序查列表。`,
    '',
    `| 情形 | ${heads.join(' | ')} |`,
    columns,
    ...rows,
    '',
    '无法检查的验证程序会接受；若不接受，运行失败：',
    '',
    ...reasons,
  ];
}
