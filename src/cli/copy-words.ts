/** What `certmux database copy` says while it works and at its end. */
import type { Language } from '../domain/language.ts';

export interface CopyWords {
  readonly check: string;
  readonly copy: string;
  readonly complete: string;
  readonly compare: string;
  readonly finish: string;
  rowsOf(copy: { readonly rows: number; readonly tables: number }): string;
  underWay(progress: { readonly table: string; readonly rows: number; readonly of: number }): string;
  readonly completed: string;
  readonly equal: string;
  readonly finished: string;
  readonly done: string;
  readonly table: string;
  readonly count: string;
  readonly empty: (tables: number) => string;
  readonly nextNumber: string;
  readonly next: string;
  startOnServer(address: string): readonly string[];
  startOnFile(path: string): readonly string[];
  unchanged(original: string): string;
  marked(database: { readonly database: string; readonly madeAt: string }): string;
}

const counted = (count: number) => count.toLocaleString('en');

function percentOf({ rows, of }: { readonly rows: number; readonly of: number }): string {
  return `${of === 0 ? 100 : Math.floor((rows / of) * 100)} %`;
}

export const copyWords: Readonly<Record<Language, CopyWords>> = {
  en: {
    check: 'Check both databases',
    copy: 'Copy the rows',
    complete: 'Build the indexes',
    compare: 'Compare every row',
    finish: 'Make it usable',
    rowsOf: ({ rows, tables }) => `${counted(rows)} rows in ${tables} tables`,
    underWay: (progress) => `${percentOf(progress)}, ${counted(progress.rows)} rows, now ${progress.table}`,
    completed: 'indexes, references and number sequences',
    equal: 'every column of every row is the same on both sides',
    finished: 'a server can be started on it',
    done: 'The copy is complete.',
    table: 'TABLE',
    count: 'ROWS',
    empty: (tables) => `${tables} further tables have no rows.`,
    nextNumber: 'Next order number',
    next: 'Next:',
    startOnServer: (address) => [
      `in the configuration:  database: ${address}`,
      'keep the data directory: it holds the keys of the CA and the master key, which the copy is sealed under',
      'start the service:     certmux serve',
    ],
    startOnFile: (path) => [
      'in the configuration:  take the line "database: …" out',
      `put the file into the data directory as certmux.db, beside its keys, unless it is there (${path})`,
      'start the service:     certmux serve',
    ],
    unchanged: (original) =>
      `${original} was only read. Keep it until you have a backup of the new database; never start a server on both.`,
    marked: ({ database, madeAt }) =>
      `${database} is marked as restored from ${madeAt}. Its next start goes on with numbers far above; start it now: certmux serve`,
  },
  zh: {
    check: '检查两个数据库',
    copy: '复制数据',
    complete: '建立索引',
    compare: '逐行核对',
    finish: '启用新数据库',
    rowsOf: ({ rows, tables }) => `共 ${tables} 张表，${counted(rows)} 行`,
    underWay: (progress) => `${percentOf(progress)}，${counted(progress.rows)} 行，当前表 ${progress.table}`,
    completed: '索引、外键和编号序列已就绪',
    equal: '每一行的每一列均与原数据库一致',
    finished: '可以启动服务',
    done: '复制完成。',
    table: '表',
    count: '行数',
    empty: (tables) => `其余 ${tables} 张表没有数据。`,
    nextNumber: '下一个订单编号',
    next: '接下来：',
    startOnServer: (address) => [
      `修改配置文件：database: ${address}`,
      '保留数据目录：其中有 CA 私钥和主密钥，新数据库中的密文仍由该主密钥加密',
      '启动服务：certmux serve',
    ],
    startOnFile: (path) => [
      '修改配置文件：删除 “database: …” 一行',
      `将该文件放入数据目录（与 CA 私钥同一目录）并命名为 certmux.db（当前位置：${path}）`,
      '启动服务：certmux serve',
    ],
    unchanged: (original) =>
      `${original} 未作任何改动。请在新数据库完成备份之前保留原数据库，切勿同时在两个数据库上启动服务。`,
    marked: ({ database, madeAt }) =>
      `${database} 已标记为由 ${madeAt} 的副本恢复，下次启动时各编号将跳过可能已使用的区间，请启动服务：certmux serve`,
  },
};
