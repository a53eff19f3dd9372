/** Refusals of `certmux database copy`, and of servers that meet one. */
import { type None, row } from './row.ts';

const sameVersion = {
  en: 'start this version on it once, or copy with the version that wrote it',
  zh: '请先用当前版本启动一次该数据库，或使用写入它的版本进行复制',
};

export const databaseReasons = {
  databaseUnnamed: row<{ option: string; value: string }>(
    'invalidField',
    (p) =>
      `${p.option} is ${p.value}; it must be the path of a database file, like data/certmux.db, or an address with the name of a database, like postgres://certmux@db.example.com/certmux`,
    (p) =>
      `${p.option} 的值为 ${p.value}，应为数据库文件路径（例如 data/certmux.db），或包含数据库名的地址（例如 postgres://certmux@db.example.com/certmux）`,
  ),
  databaseCopySame: row<{ database: string }>(
    'invalidField',
    (p) => `the databases of --from and --to are both ${p.database}; name an empty one with --to`,
    (p) => `--from 与 --to 指向同一个数据库 ${p.database}，请用 --to 指定另一个空数据库`,
  ),
  databaseMissing: row<{ database: string }>(
    'notFound',
    (p) => `there is no database of certmux in ${p.database}; check --from`,
    (p) => `${p.database} 中没有 certmux 的数据库，请检查 --from`,
  ),
  databaseUnreachable: row<{ database: string; detail: string }>(
    'unavailable',
    (p) => `the database ${p.database} cannot be opened (${p.detail}); check its address, user and PGPASSWORD`,
    (p) => `无法打开数据库 ${p.database}（${p.detail}），请检查地址、用户名和 PGPASSWORD`,
  ),
  databaseInUse: row<{ database: string; by: string | null }>(
    'wrongState',
    (p) => `the database ${p.database} is in use by a certmux${p.by === null ? '' : ` on ${p.by}`}; stop it first`,
    (p) => `数据库 ${p.database} 正被${p.by === null ? '' : ` ${p.by} 上的`} certmux 使用，请先停止该服务`,
  ),
  databaseBeingCopied: row<None>(
    'unavailable',
    () => 'the database is being copied; wait until certmux database copy has ended, or stop it',
    () => '数据库正在复制中，请等待 certmux database copy 结束，或将其停止',
  ),
  databaseNotEmpty: row<{ database: string; found: string }>(
    'wrongState',
    (p) =>
      `the database ${p.database} is not empty (${p.found}); a copy needs an empty one: make one, or name another with --to`,
    (p) => `数据库 ${p.database} 不为空（${p.found}），只能复制到空数据库，请新建一个或用 --to 指定其他数据库`,
  ),
  databaseSchemaMissing: row<{ database: string; what: string }>(
    'wrongState',
    (p) => `the database ${p.database} is not of this version of certmux (${p.what} is missing); ${sameVersion.en}`,
    (p) => `数据库 ${p.database} 与当前 certmux 版本不一致（缺少 ${p.what}），${sameVersion.zh}`,
  ),
  databaseSchemaUnknown: row<{ database: string; what: string }>(
    'wrongState',
    (p) => `the database ${p.database} is not of this version of certmux (${p.what} is unknown); ${sameVersion.en}`,
    (p) => `数据库 ${p.database} 与当前 certmux 版本不一致（多出 ${p.what}），${sameVersion.zh}`,
  ),
  databaseTextUnusable: row<{ table: string; column: string }>(
    'refusedName',
    (p) => `column ${p.column} of table ${p.table} holds a zero character, which PostgreSQL cannot store`,
    (p) => `表 ${p.table} 的 ${p.column} 列含有空字符（U+0000），PostgreSQL 无法存储`,
  ),
  databaseReferenceBroken: row<{ table: string }>(
    'wrongState',
    (p) => `a row of table ${p.table} refers to one that is not there; the original is damaged, and nothing was copied`,
    (p) => `表 ${p.table} 中有记录引用了不存在的数据，原数据库已损坏，未复制任何内容`,
  ),
  databaseCopyDiffers: row<{ table: string; row: string; where: string }>(
    'internal',
    (p) => `the copy differs from the original in table ${p.table}, row ${p.row} (${p.where}); nothing of it was kept`,
    (p) => `副本与原数据库不一致：表 ${p.table}，记录 ${p.row}（${p.where}），副本已全部丢弃`,
  ),
  databaseCopyStopped: row<{ database: string }>(
    'unavailable',
    (p) => `the copy was stopped, and nothing of it is left in ${p.database}; the same command begins it again`,
    (p) => `复制已停止，${p.database} 中未留下任何数据，重新运行该命令即可从头开始`,
  ),
} as const;
