/** What `certmux backup`, `restore` and `verify` say while they work and at their end. */
import type { Language } from '../domain/language.ts';

export interface BackupWords {
  readonly copy: string;
  readonly hash: string;
  readonly read: string;
  readonly write: string;
  readonly compared: string;
  readonly file: string;
  readonly madeAt: string;
  readonly size: string;
  readonly content: string;
  readonly masterKey: string;
  readonly masterKeyIn: string;
  masterKeyApart(ids: string): string;
  readonly done: string;
  verifyNext(file: string): string;
  readonly restored: string;
  restoredLost(madeAt: string): readonly string[];
  readonly next: string;
  restoreSteps(folder: string): readonly string[];
  rowsOf(rows: Readonly<Record<string, number>>): string;
  readonly checks: Readonly<Record<string, string>>;
  counted(check: string, count: number): string;
  readonly skipped: string;
  readonly sound: string;
  unsound(flaws: number): string;
  readonly unsoundNext: string;
  share(share: number): string;
}

const counted = (count: number) => count.toLocaleString('en');

export const backupWords: Readonly<Record<Language, BackupWords>> = {
  en: {
    copy: 'Copy the database',
    hash: 'Compute its hash',
    read: 'Read the backup',
    write: 'Write the database',
    compared: 'every byte is as it was backed up',
    file: 'File',
    madeAt: 'As of',
    size: 'Size',
    content: 'Content',
    masterKey: 'Master key',
    masterKeyIn: 'is in it: whoever reads the file can open everything',
    masterKeyApart: (ids) => `is not in it: keep ${ids} apart, without it nothing opens`,
    done: 'The backup is complete.',
    verifyNext: (file) => `Check it now and then: certmux verify ${file}`,
    restored: 'The backup is restored.',
    restoredLost: (madeAt) => [
      `What was stored after ${madeAt} is not here. Certificates issued since then are unknown and cannot be revoked here; keys, users and`,
      'certificates revoked since then are in force again: revoke them again. Stop the old server for good before you start this one.',
    ],
    next: 'Next:',
    restoreSteps: (folder) => [
      `certmux verify ${folder}`,
      `certmux operator reset --data ${folder}`,
      `certmux serve --data ${folder}   (with the configuration of the old server)`,
    ],
    rowsOf: ({ orders = 0, certificates = 0, accounts = 0, users = 0 }) =>
      `${counted(orders)} orders, ${counted(certificates)} certificates, ${counted(accounts)} accounts, ${counted(users)} users`,
    checks: {
      backup: 'Backup file',
      schema: 'Schema',
      pages: 'Database pages',
      keys: 'Sealed values',
      authorities: 'CA certificates',
      certificates: 'Certificate chains',
      serials: 'Serial numbers',
      ledger: 'Ledger',
      events: 'Audit log',
    },
    counted: (check, count) =>
      check === 'backup'
        ? 'whole, as it was made'
        : check === 'pages'
          ? 'no page, index or reference is broken'
          : `${counted(count)} checked`,
    skipped: 'not checked: the master key is not here (--master-key FILE)',
    sound: 'Everything is as it should be.',
    unsound: (flaws) => (flaws === 1 ? 'One thing is wrong.' : `${counted(flaws)} things are wrong.`),
    unsoundNext: 'Do not start a server on it. Restore the newest backup that is in order: certmux verify FILE',
    share: (share) => `${Math.floor(share * 100)} %`,
  },
  zh: {
    copy: '复制数据库',
    hash: '计算校验值',
    read: '读取备份',
    write: '写入数据库',
    compared: '与备份时的内容完全一致',
    file: '文件',
    madeAt: '截至',
    size: '大小',
    content: '内容',
    masterKey: '主密钥',
    masterKeyIn: '已包含在备份中：能读取该文件的人即可解密全部内容',
    masterKeyApart: (ids) => `未包含在备份中：请另行妥善保存 ${ids}，缺少它无法解密任何内容`,
    done: '备份完成。',
    verifyNext: (file) => `请定期校验备份：certmux verify ${file}`,
    restored: '恢复完成。',
    restoredLost: (madeAt) => [
      `${madeAt} 之后保存的数据不在其中：此后签发的证书不再可知，也无法在此吊销；此后吊销的密钥、用户和证书`,
      '恢复为有效状态，请重新吊销。启动本服务之前，请确保旧服务器不再运行。',
    ],
    next: '接下来：',
    restoreSteps: (folder) => [
      `certmux verify ${folder}`,
      `certmux operator reset --data ${folder}`,
      `certmux serve --data ${folder}   （使用旧服务器的配置文件）`,
    ],
    rowsOf: ({ orders = 0, certificates = 0, accounts = 0, users = 0 }) =>
      `订单 ${counted(orders)}，证书 ${counted(certificates)}，账户 ${counted(accounts)}，用户 ${counted(users)}`,
    checks: {
      backup: '备份文件',
      schema: '数据库结构',
      pages: '数据页',
      keys: '密文',
      authorities: 'CA 证书',
      certificates: '证书链',
      serials: '序列号',
      ledger: '账目',
      events: '审计日志',
    },
    counted: (check, count) =>
      check === 'backup'
        ? '完整，与创建时一致'
        : check === 'pages'
          ? '数据页、索引和引用均完好'
          : `已检查 ${counted(count)} 项`,
    skipped: '未检查：此处没有主密钥（--master-key FILE）',
    sound: '全部正常。',
    unsound: (flaws) => `发现 ${counted(flaws)} 个问题。`,
    unsoundNext: '请勿在其上启动服务，应恢复最近一份校验通过的备份：certmux verify FILE',
    share: (share) => `${Math.floor(share * 100)} %`,
  },
};
