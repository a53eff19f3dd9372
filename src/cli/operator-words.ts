/** What `certmux operator reset` says. */
import type { Language } from '../domain/language.ts';

interface OperatorWords {
  readonly done: string;
  readonly token: string;
  readonly operator: string;
  readonly link: string;
  readonly until: string;
  revoked(count: number): string;
  readonly onlyOnce: string;
}

export const operatorWords: Readonly<Record<Language, OperatorWords>> = {
  en: {
    done: 'The operator can get in again.',
    token: 'Token',
    operator: 'Operator',
    link: 'Link',
    until: 'Good until',
    revoked: (count) =>
      count === 1 ? 'The token before it was revoked.' : `${count} tokens of the command line before it were revoked.`,
    onlyOnce: 'The link chooses a new password, once. Whoever has it gets in: open it now.',
  },
  zh: {
    done: '操作员可以重新登录。',
    token: '令牌',
    operator: '操作员',
    link: '链接',
    until: '有效期至',
    revoked: (count) => `此前的 ${count} 个命令行令牌已吊销。`,
    onlyOnce: '该链接用于设置新密码，仅可使用一次。持有者即可登录，请立即打开。',
  },
};
