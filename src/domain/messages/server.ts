/** Refusals that come from the state of the server itself: its disk, its database, its resolvers, its master key. */
import { type None, row } from './row.ts';

const bracketed = (servers: string | undefined) => (servers === undefined ? '' : ` (${servers})`);
const bracketedZh = (servers: string | undefined) => (servers === undefined ? '' : `（${servers}）`);

export const serverReasons = {
  diskFull: row<None>(
    'unavailable',
    () => 'the disk of the server is full and nothing was stored; try again after the operator has freed space',
    () => '服务器磁盘空间不足，本次操作未保存，请管理员释放空间后重试',
  ),
  diskFailed: row<None>(
    'unavailable',
    () =>
      'the disk of the server failed and nothing is stored until the server is restarted; the operator can find the cause in the log',
    () => '服务器磁盘故障，重启前无法保存数据，管理员可在日志中查找原因',
  ),
  databaseAway: row<None>(
    'unavailable',
    () => 'the database does not answer, and nothing was stored or it is not known whether it was; try again shortly',
    () => '数据库无响应，本次操作未保存或无法确认是否已保存，请稍后重试',
  ),
  databaseBusy: row<None>(
    'unavailable',
    () => 'too many changes to the same data were made at the same time, and nothing was stored; try again',
    () => '同一数据的并发修改过多，本次操作未保存，请重试',
  ),
  /** What a check finds then: no name is at fault. Customers read it without the addresses. */
  resolversAway: row<{ servers?: string }>(
    'unavailable',
    (p) =>
      `no DNS resolver of this server${bracketed(p.servers)} answers, so that no name can be looked up: this is not the fault of the name or its records, and the check is repeated by itself; the operator has to repair the network or set dns.resolvers`,
    (p) =>
      `本服务器的 DNS 解析服务器${bracketedZh(p.servers)}均无应答，暂时无法查询任何域名：这不是域名或其解析记录的问题，系统会自动重新检查；请管理员检查网络或修改 dns.resolvers 配置`,
  ),
  masterKeyKeptElsewhere: row<{ setting: string }>(
    'wrongState',
    (p) =>
      `the master key is kept in ${p.setting}, so certmux cannot replace it: put the present key into CERTMUX_MASTER_KEY_OLD (or masterKeyOldFile) and a new one into ${p.setting}, then restart`,
    (p) =>
      `主密钥由 ${p.setting} 提供，certmux 无法自行更换：请将当前密钥放入 CERTMUX_MASTER_KEY_OLD（或 masterKeyOldFile），将新密钥放入 ${p.setting}，然后重启`,
  ),
  masterKeyOfNodes: row<None>(
    'wrongState',
    () =>
      'nodes that share a database have the same master key, and this one cannot give another to the others: stop all of them, put the present key into CERTMUX_MASTER_KEY_OLD (or masterKeyOldFile) and a new one into CERTMUX_MASTER_KEY (or masterKeyFile) on each, then start them',
    () =>
      '共享数据库的各节点使用同一主密钥，本节点无法为其他节点更换：请停止全部节点，在每个节点上将当前密钥放入 CERTMUX_MASTER_KEY_OLD（或 masterKeyOldFile），将新密钥放入 CERTMUX_MASTER_KEY（或 masterKeyFile），然后启动',
  ),
  noRootForSuccessor: row<{ subject: string }>(
    'unavailable',
    (p) =>
      `no successor of ${p.subject} can be made: there is no root here that lasts longer than it; make a new root with certmux ca roll, or have an intermediate certified by the CA outside`,
    (p) =>
      `无法创建 ${p.subject} 的接替 CA：本服务器没有有效期更长的根 CA，请用 certmux ca roll 创建新的根 CA，或请外部 CA 签发新的中级 CA`,
  ),
  authorityNotFollowed: row<{ subject: string }>(
    'wrongState',
    (p) => `${p.subject} gets no successor by this command: it is retired, or its key is not here; see certmux ca plan`,
    (p) => `不能为 ${p.subject} 创建接替 CA：它已停止签发，或其密钥不在本服务器，请查看 certmux ca plan`,
  ),
  authorityNotRevocable: row<{ subject: string }>(
    'wrongState',
    (p) =>
      `${p.subject} cannot be revoked here: only the list of a root names an authority, and its root publishes none here; remove a root from the machines that trust it instead`,
    (p) =>
      `不能在此吊销 ${p.subject}：CA 证书只能由其根 CA 的吊销列表吊销，而本服务器不发布该列表；根 CA 须从信任它的设备上移除`,
  ),
} as const;
