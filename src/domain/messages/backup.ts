/** Refusals of `certmux backup`, `restore` and `verify`. */
import { row } from './row.ts';

export const backupReasons = {
  backupSourceMissing: row<{ path: string }>(
    'notFound',
    (p) => `there is no database of certmux in ${p.path}; check --data, --config or the path`,
    (p) => `${p.path} 中没有 certmux 的数据库，请检查 --data、--config 或路径`,
  ),
  backupOnServer: row<{ database: string }>(
    'unsupported',
    (p) =>
      `the database is on a PostgreSQL server (${p.database}): back it up with pg_dump, restore it with pg_restore, then run certmux database restored`,
    (p) =>
      `数据库位于 PostgreSQL 服务器（${p.database}）：请用 pg_dump 备份、用 pg_restore 恢复，恢复后运行 certmux database restored`,
  ),
  backupMissing: row<{ path: string }>(
    'notFound',
    (p) => `there is no backup ${p.path}; check the path`,
    (p) => `备份文件 ${p.path} 不存在，请检查路径`,
  ),
  backupExists: row<{ path: string }>(
    'conflict',
    (p) => `${p.path} is there already; name another file, or replace it with --force`,
    (p) => `${p.path} 已存在，请换一个文件名，或加 --force 覆盖`,
  ),
  backupIsFolder: row<{ path: string }>(
    'invalidField',
    (p) => `${p.path} is a folder; name the file of the backup, like ${p.path}/certmux.backup`,
    (p) => `${p.path} 是目录，请指定备份文件名，例如 ${p.path}/certmux.backup`,
  ),
  folderMissing: row<{ path: string }>(
    'notFound',
    (p) => `there is no folder ${p.path}; make it first (mkdir -p ${p.path}), or name another`,
    (p) => `目录 ${p.path} 不存在，请先创建（mkdir -p ${p.path}）或指定其他目录`,
  ),
  folderNotWritable: row<{ path: string }>(
    'forbidden',
    (p) => `this user may not write into ${p.path}; use the user of the service, or name another folder`,
    (p) => `当前用户无权写入 ${p.path}，请使用运行服务的用户，或指定其他目录`,
  ),
  backupTooLarge: row<{ path: string; needed: string; free: string }>(
    'unavailable',
    (p) => `${p.path} needs ${p.needed}, and ${p.free} are free there; free some space, or name a file on another disk`,
    (p) => `写入 ${p.path} 需要 ${p.needed}，可用空间仅 ${p.free}，请释放空间或改用其他磁盘`,
  ),
  backupStopped: row<{ path: string }>(
    'unavailable',
    (p) => `it was stopped, and nothing of it is left in ${p.path}; the same command begins it again`,
    (p) => `操作已停止，${p.path} 中未留下任何内容，重新运行该命令即可从头开始`,
  ),
  backupCut: row<{ path: string }>(
    'malformedRequest',
    (p) =>
      `${p.path} is no whole backup: its end is missing; copy it again from where it was made, or take an older one`,
    (p) => `${p.path} 不是完整的备份（缺少文件末尾），请从原处重新复制，或使用更早的备份`,
  ),
  backupForeign: row<{ path: string }>(
    'malformedRequest',
    (p) => `${p.path} is no backup of certmux; name the file that "certmux backup" has written`,
    (p) => `${p.path} 不是 certmux 的备份，请指定由 certmux backup 写入的文件`,
  ),
  backupDamaged: row<{ path: string }>(
    'malformedRequest',
    (p) => `${p.path} is damaged: its content is not what was backed up; copy it again, or take an older one`,
    (p) => `${p.path} 已损坏，内容与备份时不一致，请重新复制，或使用更早的备份`,
  ),
  backupOfLaterVersion: row<{ path: string; version: string }>(
    'wrongState',
    (p) => `${p.path} was made by certmux ${p.version}, which this version cannot read; restore it with that version`,
    (p) => `${p.path} 由 certmux ${p.version} 创建，当前版本无法读取，请使用该版本恢复`,
  ),
  restoreNotEmpty: row<{ path: string; found: string }>(
    'conflict',
    (p) =>
      `${p.path} is not empty (${p.found}); a backup is restored into a folder that is new, or holds nothing but master.key: name another with --data`,
    (p) => `${p.path} 不为空（${p.found}），只能恢复到新目录或仅含 master.key 的目录，请用 --data 指定其他目录`,
  ),
  masterKeyNeeded: row<{ ids: string; path: string }>(
    'notFound',
    (p) =>
      `the backup opens with the master key ${p.ids}, which is not in it; put it into ${p.path} (mode 0600), name it with --master-key, or set CERTMUX_MASTER_KEY`,
    (p) =>
      `该备份需要主密钥 ${p.ids} 才能打开，备份中不含主密钥：请将其放入 ${p.path}（权限 0600），或用 --master-key 指定，或设置 CERTMUX_MASTER_KEY`,
  ),
  masterKeyOther: row<{ ids: string; found: string; source: string }>(
    'conflict',
    (p) =>
      `the master key in ${p.source} is ${p.found}, and everything here is sealed under ${p.ids}; find that one, kept since the time of the backup`,
    (p) => `${p.source} 中的主密钥为 ${p.found}，而数据由主密钥 ${p.ids} 加密，请找出备份当时保存的主密钥`,
  ),
  databaseOfLaterVersion: row<{ database: string; migration: string; version: string; at: string; backup: string }>(
    'wrongState',
    (p) =>
      `the database ${p.database} was upgraded by certmux ${p.version} on ${p.at} (schema ${p.migration}), which this version does not know; start that version, or go back with the backup from before the upgrade: certmux restore ${p.backup} --data <new folder>`,
    (p) =>
      `数据库 ${p.database} 已于 ${p.at} 由 certmux ${p.version} 升级（结构 ${p.migration}），当前版本较旧、无法识别；请使用该版本启动，或用升级前的备份回退：certmux restore ${p.backup} --data <新目录>`,
  ),
  databaseOfUnknownVersion: row<{ database: string; migration: string; at: string; backup: string }>(
    'wrongState',
    (p) =>
      `the database ${p.database} was written by another version of certmux on ${p.at} (schema ${p.migration}), which this version does not know; start that version, or go back with the backup from before the upgrade: certmux restore ${p.backup} --data <new folder>`,
    (p) =>
      `数据库 ${p.database} 于 ${p.at} 由其他版本的 certmux 写入（结构 ${p.migration}），当前版本无法识别；请使用该版本启动，或用升级前的备份回退：certmux restore ${p.backup} --data <新目录>`,
  ),
  numbersUsedUp: row<{ table: string }>(
    'unavailable',
    (p) => `the numbers of ${p.table} are used up: they end at 2,147,483,647`,
    (p) => `${p.table} 的编号已用完，最大值为 2147483647`,
  ),
} as const;
