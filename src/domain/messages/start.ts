/** Why a command, or the server, cannot start or go on: what it found on the machine, and the way out. */
import type { Phrase } from './expectations.ts';
import { row } from './row.ts';
import { inLanguage, type Wording } from './words.ts';

export const startReasons = {
  portTaken: row<{ address: string }>(
    'conflict',
    (p) =>
      `another program listens on ${p.address} already; stop it (ss -ltnp shows which it is), or choose another with --listen or listen in the configuration`,
    (p) =>
      `${p.address} 已被其他程序占用，请停止该程序（可用 ss -ltnp 查看），或用 --listen 或配置项 listen 改用其他地址`,
  ),
  portForbidden: row<{ address: string }>(
    'forbidden',
    (p) =>
      `this user may not listen on ${p.address}: ports below 1024 need root or CAP_NET_BIND_SERVICE; choose a higher one with --listen or listen, behind a proxy`,
    (p) =>
      `当前用户无权监听 ${p.address}：1024 以下的端口需要 root 或 CAP_NET_BIND_SERVICE，请用 --listen 或配置项 listen 改用更大的端口，并置于反向代理之后`,
  ),
  addressNotHere: row<{ address: string }>(
    'invalidField',
    (p) =>
      `this machine has no address ${p.address}; choose one of its own, or 0.0.0.0 for all, with --listen or listen`,
    (p) => `本机没有地址 ${p.address}，请用 --listen 或配置项 listen 指定本机地址，或用 0.0.0.0 监听全部地址`,
  ),
  // The problems name settings and lines.
  configRefused: row<{ file: string; problems: Phrase }>(
    'invalidField',
    (p) => `${p.file}: ${p.problems.en}`,
    (p) => `配置文件 ${p.file} 有误：${p.problems.zh}`,
  ),
  optionInvalid: row<{ option: string; takes: string; value: string }>(
    'invalidField',
    (p) => `${p.option} takes ${p.takes}, not "${p.value}"`,
    (p) => `${p.option} 不能为 "${p.value}"，可用：${p.takes}`,
  ),
  configuredProductUnknown: row<{ setting: string; product: string }>(
    'invalidField',
    (p) =>
      `${p.setting}: there is no product "${p.product}"; name one such as tls-dv, or as front door and code, such as encryption365:100`,
    (p) =>
      `${p.setting}：没有产品 "${p.product}"，请填写产品代码（如 tls-dv），或前端接口加代码（如 encryption365:100）`,
  ),
  authorityNotMade: row<{ problem: Phrase }>(
    'invalidField',
    (p) => `no CA is made: ${p.problem.en}`,
    (p) => `未创建 CA：${p.problem.zh}`,
  ),
  authorityLintFound: row<{ rule: string; source: string; found: string }>(
    'internal',
    (p) =>
      `no CA is made: its certificate would break the lint rule ${p.rule} (${p.source}), found ${p.found === '' ? 'nothing' : `"${p.found}"`}; see docs/lint.md, and report it where you have certmux from unless the setting authority.organization is the cause`,
    (p) =>
      `未创建 CA：其证书不符合检查规则 ${p.rule}（${p.source}），实际${p.found === '' ? '缺失' : `为“${p.found}”`}；请参阅 docs/lint.md，如与配置项 authority.organization 无关，请向 certmux 的提供者反馈`,
  ),
  threadsNeedSharedPorts: row<{ threads: number }>(
    'invalidField',
    (p) =>
      `threads: ${p.threads} needs Linux or FreeBSD, where threads can listen on the same port; use 1 or auto here`,
    (p) => `threads 设为 ${p.threads} 需要 Linux 或 FreeBSD（多个线程可监听同一端口），在本机请改用 1 或 auto`,
  ),
  roleNeedsServer: row<{ role: string }>(
    'invalidField',
    (p) =>
      `the role ${p.role} is for nodes that share a PostgreSQL database (the setting database); the embedded one belongs to one process, which does everything`,
    (p) =>
      `角色 ${p.role} 用于共用 PostgreSQL 数据库（配置项 database）的节点；内置数据库只属于一个进程，由它完成全部工作`,
  ),
  pathMissing: row<{ path: string }>(
    'notFound',
    (p) => `there is no ${p.path}; check the path`,
    (p) => `${p.path} 不存在，请检查路径`,
  ),
  pathForbidden: row<{ path: string }>(
    'forbidden',
    (p) =>
      `this user may not use ${p.path}; run the command as the user of the service, or mend the owner and the mode (ls -ld ${p.path})`,
    (p) => `当前用户无权访问 ${p.path}，请以运行服务的用户执行，或修正属主和权限（ls -ld ${p.path}）`,
  ),
  pathReadOnly: row<{ path: string }>(
    'unavailable',
    (p) => `${p.path} is on a disk that cannot be written to; mount it writable, or choose another place`,
    (p) => `${p.path} 所在磁盘为只读，请以可写方式挂载，或改用其他位置`,
  ),
  pathNoFolder: row<{ path: string }>(
    'invalidField',
    (p) => `${p.path} is, or leads through, a file where a folder is needed; check the path`,
    (p) => `${p.path} 应为目录，但其本身或上级是文件，请检查路径`,
  ),
  pathIsFolder: row<{ path: string }>(
    'invalidField',
    (p) => `${p.path} is a folder, and a file is needed; check the path`,
    (p) => `${p.path} 是目录，此处需要文件，请检查路径`,
  ),
  diskFullAt: row<{ path: string }>(
    'unavailable',
    (p) => `the disk of ${p.path} is full, and nothing was changed; free some space (df -h), then try again`,
    (p) => `${p.path} 所在磁盘已满，未作任何更改，请释放空间（df -h）后重试`,
  ),
  configMissing: row<{ path: string }>(
    'notFound',
    (p) => `there is no configuration file ${p.path}; check --config or CERTMUX_CONFIG`,
    (p) => `配置文件 ${p.path} 不存在，请检查 --config 或 CERTMUX_CONFIG`,
  ),
  dataDirectoryInUse: row<{ database: string }>(
    'conflict',
    (p) =>
      `the database ${p.database} is in use: another certmux is running on this data folder. Stop it first, or give this one a folder of its own`,
    (p) =>
      `数据库 ${p.database} 正在使用中：另一个 certmux 正在该数据目录上运行，请先停止它，或为本服务指定其他目录（--data）`,
  ),
  databaseDamaged: row<{ database: string }>(
    'unavailable',
    (p) =>
      `the database ${p.database} is damaged or is no database; look at it with certmux verify, and restore the newest backup into a new folder: certmux restore`,
    (p) =>
      `数据库 ${p.database} 已损坏或不是数据库文件，请用 certmux verify 检查，并将最近的备份恢复到新目录：certmux restore`,
  ),
  masterKeysDiffer: row<{ current: string; next: string; old: string }>(
    'unavailable',
    (p) => `${p.current}, ${p.next} and ${p.old} hold three different keys: put back the two that belong together`,
    (p) => `${p.current}、${p.next} 和 ${p.old} 中是三个不同的密钥：请恢复属于同一次更换的两个`,
  ),
  masterKeyMissing: row<{ path: string; ids: string }>(
    'notFound',
    (p) =>
      `${p.path} is missing, and the database is sealed under the master key ${p.ids}: put it there, or into CERTMUX_MASTER_KEY or masterKeyFile (on several nodes all have the same)`,
    (p) =>
      `缺少 ${p.path}，而数据库由主密钥 ${p.ids} 加密：请放回该文件，或通过 CERTMUX_MASTER_KEY 或 masterKeyFile 提供（多个节点须使用同一密钥）`,
  ),
  configuredFileRefused: row<{ setting: string; path: string; flaw: Phrase }>(
    'invalidField',
    (p) => `${p.setting} ${p.path} ${p.flaw.en}`,
    (p) => `${p.setting} 指定的文件 ${p.path} ${p.flaw.zh}`,
  ),
  masterKeyMalformed: row<{ source: string }>(
    'invalidField',
    (p) =>
      `${p.source} does not hold 32 bytes as base64; put back the copy of the key, or take one from openssl rand -base64 32 for a new installation`,
    (p) => `${p.source} 的内容不是 base64 编码的 32 字节，请放回密钥副本；全新安装可用 openssl rand -base64 32 生成`,
  ),
  fileExposed: row<{ path: string; mode: string; abilities: Wording; command: string }>(
    'forbidden',
    (p) =>
      `${p.path} has mode ${p.mode}, so that other users may ${inLanguage(p.abilities, 'en')} it: run ${p.command} ${p.path}`,
    (p) =>
      `${p.path} 的权限为 ${p.mode}，其他用户可以${inLanguage(p.abilities, 'zh')}该文件，请执行 ${p.command} ${p.path}`,
  ),
  folderExposed: row<{ path: string; mode: string }>(
    'forbidden',
    (p) => `${p.path} has mode ${p.mode}, so that other users may replace the files in it: run chmod go-w ${p.path}`,
    (p) => `${p.path} 的权限为 ${p.mode}，其他用户可以替换其中的文件，请执行 chmod go-w ${p.path}`,
  ),
  fileOfOthers: row<{ path: string; owner: number; own: number }>(
    'forbidden',
    (p) =>
      `${p.path} belongs to another user (id ${p.owner}), who may read and replace it: run chown ${p.own} ${p.path}`,
    (p) => `${p.path} 属于其他用户（id ${p.owner}），该用户可以读取和替换它，请执行 chown ${p.own} ${p.path}`,
  ),
  fileNotRegular: row<{ path: string }>(
    'invalidField',
    (p) => `${p.path} is not a regular file; name one, or take away what is there`,
    (p) => `${p.path} 不是普通文件，请指定普通文件，或移走该路径上的内容`,
  ),
  masterKeyDoesNotFit: row<{ ids: string; found: string; place: string }>(
    'conflict',
    (p) =>
      `the data is sealed under the master key ${p.ids}, and ${p.found} is here: put the missing key back into ${p.place}, or beside it into CERTMUX_MASTER_KEY_OLD, masterKeyOldFile or master.key.old of the data directory`,
    (p) =>
      `数据由主密钥 ${p.ids} 加密，而现有主密钥为 ${p.found}：请将缺少的主密钥放回 ${p.place}，或另行放入 CERTMUX_MASTER_KEY_OLD、masterKeyOldFile 或数据目录中的 master.key.old`,
  ),
  resetUnanswered: row<{ folder: string }>(
    'unavailable',
    (p) =>
      `a server is running on ${p.folder}, and did not answer; look at its log. Or stop it, and run the command again`,
    (p) => `${p.folder} 上有服务正在运行，但未响应，请查看其日志；也可停止服务后重新运行该命令`,
  ),
  resetRefused: row<{ folder: string }>(
    'forbidden',
    (p) =>
      `the server on ${p.folder} uses another master key than this command; give it the same: --config, CERTMUX_MASTER_KEY`,
    (p) => `${p.folder} 上的服务所用主密钥与本命令不一致，请通过 --config 或 CERTMUX_MASTER_KEY 提供相同的主密钥`,
  ),
} as const;
