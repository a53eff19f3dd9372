/** docs/lint.md and its Chinese page: every rule of lint, from the rules themselves, and what others say. `npm run docs` writes them. */
import type { Language } from '../../src/domain/language.ts';
import type { LintKind, LintRuleText, LintScope } from '../../src/domain/lint.ts';
import { lintRules } from '../../src/pki/lint/index.ts';
import { judgedBySomeoneElse } from './judged-document.ts';

const kinds: Readonly<Record<Language, Readonly<Record<LintKind, string>>>> = {
  en: { leaf: 'leaf', intermediate: 'intermediate', root: 'root', list: 'list' },
  zh: { leaf: '终端证书', intermediate: '中间证书', root: '根证书', list: '吊销列表' },
};

const scopes: Readonly<Record<Language, Readonly<Record<LintScope, string>>>> = {
  en: { public: 'public profiles', dv: 'DV', ov: 'OV', 'ov-ev': 'OV, EV', ev: 'EV' },
  zh: { public: '公共模板', dv: 'DV', ov: 'OV', 'ov-ev': 'OV、EV', ev: 'EV' },
};

const words: Readonly<Record<Language, { readonly before: readonly string[]; readonly heads: string }>> = {
  en: {
    before: [
      '# Lint before signing',
      '',
      'Everything that the CA of certmux signs is read again first, from the bytes that are to be signed, and checked against the rules below: certificates of customers, the server’s own, roots, intermediates and',
      'revocation lists (BR §4.3.1.2). There is no switch that turns this off. This page is made by `npm run docs` from the rules.',
      '',
      '## What happens when a rule finds something',
      '',
      '- **Nothing is signed.** The audit log has the event `lint.found` with the rule, its source, what was found, and whose certificate it was to be: `certmux event list --kind lint.found`.',
      '- **An order fails, and its money goes back.** The customer reads which rule it was (`lintFound`). The same order would fail again, so it is not tried again.',
      '- **A list that was refused is tried again**, and the list before is served meanwhile. It stays good for a week.',
      '- **A CA certificate that was refused is not made**: the start or the command ends with one sentence (`authorityLintFound`).',
      '- **The alarm `lintFinding`** says so to the operator, for a day after the last finding in a certificate, and for a list until there is one that was made later. What to do: [operations](operations.md#lintfinding).',
      '',
      'A list may have very many entries. They are checked when they are put into a piece of the list; the list around them each time that it is made.',
      '',
      'Two other linters, and six programs that relying parties use, judge what certmux makes: [below](#by-other-linters).',
      '',
      `## The ${lintRules.length} rules`,
      '',
    ],
    heads: '| rule | checked in | source | what must be so |',
  },
  zh: {
    before: [
      '# 签发前检查',
      '',
      'certmux 自有 CA 签名的所有内容，都会先从待签字节重新读取，再按下列规则检查：客户证书、服务器自身的证书、根证书、中间证书和吊销列表（BR §4.3.1.2）。此项检查不能关闭。',
      '本页由 `npm run docs` 根据规则生成。',
      '',
      '## 发现问题时的处理',
      '',
      '- **不签名。** 审计日志中有 `lint.found` 事件，包含规则、依据、实际内容和所属证书：`certmux event list --kind lint.found`。',
      '- **订单失败并退款。** 客户可看到所违反的规则（`lintFound`）。重试结果相同，因此不会自动重试。',
      '- **被拒绝的吊销列表会自动重试**，期间继续提供上一份列表，其有效期为一周。',
      '- **被拒绝的 CA 证书不会创建**：启动或命令以一句说明结束（`authorityLintFound`）。',
      '- **告警 `lintFinding`** 通知管理员：证书的发现持续一天，吊销列表的发现持续到生成更新的列表为止。处理方法见[运维手册](operations.zh-CN.md#lintfinding)。',
      '',
      '吊销列表的条目可能很多：条目在写入列表的分段时检查，列表的其余部分在每次生成时检查。',
      '',
      '另外两个检查工具和六个客户端验证程序也检验 certmux 生成的内容：见[下文](#用其他检查工具检验)。',
      '',
      `## 全部 ${lintRules.length} 条规则`,
      '',
    ],
    heads: '| 规则 | 检查对象 | 依据 | 要求 |',
  },
};

export function lintDocument(language: Language): string {
  const { before, heads } = words[language];
  const rows = lintRules.map((rule) => {
    return `| \`${rule.id}\` | ${placesOf(rule, language)} | ${rule.source.replaceAll('|', '\\|')} | ${rule.demand[language]} |`;
  });
  return [...before, heads, '|---|---|---|---|', ...rows, '', ...judgedBySomeoneElse(language), ''].join('\n');
}

function placesOf({ kinds: all, only }: LintRuleText, language: Language): string {
  const places = all.map((kind) => kinds[language][kind]).join(language === 'en' ? ', ' : '、');
  if (only === undefined) return places;
  return language === 'en' ? `${places} (${scopes.en[only]})` : `${places}（${scopes.zh[only]}）`;
}
