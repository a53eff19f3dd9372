/**
 * Texts of the alarms: what does not succeed, since when, and what it leads to; and what to do first. More about each is in
 * docs/operations.md, below the heading with its name.
 */
import type { Language } from '../language.ts';
import type { LintKind } from '../lint.ts';

type AlarmText<P> = Readonly<Record<Language, (params: P) => string>>;

function text<P>(en: (params: P) => string, zh: (params: P) => string): AlarmText<P> {
  return { en, zh };
}

const lintedEn: Readonly<Record<LintKind, string>> = {
  leaf: 'certificate',
  intermediate: 'intermediate certificate',
  root: 'root certificate',
  list: 'revocation list',
};
const lintedZh: Readonly<Record<LintKind, string>> = {
  leaf: '证书',
  intermediate: '中间证书',
  root: '根证书',
  list: '吊销列表',
};

export const alarmTexts = {
  crlLate: text<{ authority: string; hours: number; until: string }>(
    (p) =>
      `the revocation list of ${p.authority} is ${p.hours} hours old and was not renewed in time; it ends at ${p.until}, and after that strict clients refuse its certificates`,
    (p) =>
      `证书吊销列表（${p.authority}）已有 ${p.hours} 小时未按时更新，将于 ${p.until} 到期，到期后严格校验的客户端会拒绝其签发的证书`,
  ),
  crlMissing: text<{ authority: string }>(
    (p) => `there is no revocation list of ${p.authority}, so that nobody can check its certificates`,
    (p) => `尚未发布 ${p.authority} 的证书吊销列表，客户端无法检查其证书状态`,
  ),
  lintFinding: text<{
    rule: string;
    source: string;
    found: string;
    what: LintKind;
    of: string;
    authority: string;
    others: number;
  }>(
    (p) =>
      `nothing was signed: the lint rule ${p.rule} (${p.source}) found ${p.found === '' ? 'that something is missing' : `"${p.found}"`} in the ${lintedEn[p.what]} of ${p.of}, which ${p.authority} was to sign${p.others === 0 ? '' : `; beside this there are ${p.others} other findings`}`,
    (p) =>
      `已拒绝签名：${p.of} 的${lintedZh[p.what]}不符合检查规则 ${p.rule}（${p.source}），${p.found === '' ? '缺少应有的内容' : `实际为“${p.found}”`}，签发机构为 ${p.authority}${p.others === 0 ? '' : `；另有 ${p.others} 处发现`}`,
  ),
  outsideListEnding: text<{ authority: string; days: number; until: string }>(
    (p) =>
      `the revocation list of ${p.authority}, whose key is outside, ends in ${p.days} days, at ${p.until}; after that strict clients refuse every certificate below it`,
    (p) =>
      `${p.authority} 的密钥不在本服务器，其吊销列表将在 ${p.days} 天后（${p.until}）到期，到期后严格校验的客户端会拒绝其下的所有证书`,
  ),
  outsideListMissing: text<{ authority: string }>(
    (p) =>
      `there is no revocation list of ${p.authority}, whose key is outside, although certificates say that it is here: strict clients refuse every certificate below it`,
    (p) =>
      `缺少 ${p.authority} 的吊销列表（其密钥不在本服务器），而证书指明列表在此处：严格校验的客户端会拒绝其下的所有证书`,
  ),
  authorityRevoked: text<{ authority: string; by: string }>(
    (p) => `${p.by} has revoked ${p.authority}: it signs no more, and clients refuse what it has signed`,
    (p) => `${p.by} 已吊销 ${p.authority}：它不再签发证书，客户端会拒绝其签发的所有证书`,
  ),
  successorMissing: text<{ subject: string; until: string }>(
    (p) =>
      `${p.subject}, which ends at ${p.until}, has no successor although one is due; certificates that would outlast it are refused`,
    (p) => `${p.subject} 将于 ${p.until} 到期，接替它的 CA 早该创建却仍未创建；到期时间晚于它的证书将无法签发`,
  ),
  jobsNotRun: text<{ lane: string; jobs: number; minutes: number }>(
    (p) =>
      `nobody runs the jobs of the lane ${p.lane}: ${p.jobs} are due, the oldest for ${p.minutes} minutes; what depends on them stands still`,
    (p) => `队列 ${p.lane} 无人处理：${p.jobs} 个任务已到期，最早的已等待 ${p.minutes} 分钟，相关业务停滞`,
  ),
  jobsFail: text<{ kind: string; jobs: number }>(
    (p) => `jobs of the kind ${p.kind} fail again and again: ${p.jobs} have failed at least three times in a row`,
    (p) => `${p.kind} 类任务反复失败：${p.jobs} 个任务已连续失败至少三次`,
  ),
  reissuesLate: text<{ orders: number; first: number; until: string }>(
    (p) =>
      `${p.orders} orders still have their old certificate although its successor was due, the first is order ${p.first}, whose certificate ends at ${p.until}`,
    (p) => `${p.orders} 个订单的证书已到重签时间但仍未换新，其中最早的是订单 ${p.first}，其证书将于 ${p.until} 到期`,
  ),
  renewalsRefused: text<{ orders: number; first: number; until: string; en: string; zh: string }>(
    (p) =>
      `the automatic renewal of ${p.orders} orders is refused, the first is order ${p.first}, whose coverage ends at ${p.until}: ${p.en}`,
    (p) =>
      `${p.orders} 个订单的自动续订被拒绝，其中最早的是订单 ${p.first}，服务期将于 ${p.until} 结束，原因是：${p.zh}`,
  ),
  validationsFail: text<{ names: number; minutes: number; reason: string }>(
    (p) =>
      `no name was proved in the last ${p.minutes} minutes, and checks of ${p.names} names failed, mostly for the reason ${p.reason}`,
    (p) => `最近 ${p.minutes} 分钟内没有任何域名通过验证，${p.names} 个域名检查失败，主要原因是 ${p.reason}`,
  ),
  resolversAway: text<{ servers: string }>(
    (p) => `no DNS resolver answers (${p.servers}), so that no name can be validated and orders wait`,
    (p) => `DNS 解析服务器均无应答（${p.servers}），无法验证任何域名，订单处于等待状态`,
  ),
  upstreamAway: text<{ upstream: string; fault: string; minutes: number; orders: number; others: number }>(
    (p) =>
      `the upstream ${p.upstream} has not answered for ${p.minutes} minutes (${p.fault}); ${p.orders} orders are under way there and wait${p.others === 0 ? '' : `; so it is with ${p.others} other upstreams`}`,
    (p) =>
      `上游 ${p.upstream} 已有 ${p.minutes} 分钟没有应答（${p.fault}），${p.orders} 个订单在等待${p.others === 0 ? '' : `；另有 ${p.others} 个上游同样如此`}`,
  ),
  upstreamBudget: text<{ upstream: string; budget: string; subject: string; until: string; orders: number }>(
    (p) =>
      `nothing is left of the budget "${p.budget}" at the upstream ${p.upstream}${p.subject === '' ? '' : ` for ${p.subject}`} until ${p.until}, and orders wait for it: ${p.orders}`,
    (p) =>
      `上游 ${p.upstream} 的限额“${p.budget}”${p.subject === '' ? '' : `（${p.subject}）`}已用完，${p.until} 恢复；正在等待的订单：${p.orders}`,
  ),
  upstreamBalance: text<{ upstream: string; balance: string; limit: string; others: number }>(
    (p) =>
      `the balance at the upstream ${p.upstream} is ${p.balance}, below ${p.limit}${p.others === 0 ? '' : `; so it is with ${p.others} other upstreams`}`,
    (p) =>
      `上游 ${p.upstream} 的余额为 ${p.balance}，低于 ${p.limit}${p.others === 0 ? '' : `；另有 ${p.others} 个上游同样如此`}`,
  ),
  upstreamDifferences: text<{ upstream: string; orders: number; others: number }>(
    (p) =>
      `the orders at the upstream ${p.upstream} and ours differ in ${p.orders} places${p.others === 0 ? '' : `; so it is with ${p.others} other upstreams`}`,
    (p) =>
      `上游 ${p.upstream} 的订单与本系统有 ${p.orders} 处不一致${p.others === 0 ? '' : `；另有 ${p.others} 个上游同样如此`}`,
  ),
  mailsNotSent: text<{ mails: number; minutes: number; answer: string }>(
    (p) =>
      `no mail was sent in the last ${p.minutes} minutes, and ${p.mails} attempts failed; the mail server, or what was between, answered last: ${p.answer}`,
    (p) => `最近 ${p.minutes} 分钟内没有发出任何邮件，${p.mails} 次发送失败，邮件服务器最后的响应：${p.answer}`,
  ),
  webhooksFail: text<{ servers: number; minutes: number }>(
    (p) =>
      `no webhook was delivered in the last ${p.minutes} minutes, and the servers of ${p.servers} customers did not answer; perhaps nothing leaves this network`,
    (p) => `最近 ${p.minutes} 分钟内没有任何 Webhook 推送成功，${p.servers} 个客户服务器无响应，请检查本机的出站网络`,
  ),
  clockWrong: text<{ en: string; zh: string }>(
    (p) => `nothing is signed: ${p.en}`,
    (p) => `签发已停止：${p.zh}`,
  ),
  diskFull: text<Readonly<Record<string, never>>>(
    () => 'the disk of the data directory is nearly full: only revocation still works, everything else is refused',
    () => '数据目录所在磁盘空间即将耗尽：目前仅可吊销证书，其他操作均被拒绝',
  ),
  databaseAway: text<{ minutes: number }>(
    (p) => `the database has not taken any write for ${p.minutes} minutes: nothing is ordered, issued or revoked`,
    (p) => `数据库已 ${p.minutes} 分钟无法写入：无法下单、签发或吊销证书`,
  ),
  backupOld: text<{ hours: number }>(
    (p) => `the last backup is ${p.hours} hours old; what came after it is lost with the disk`,
    (p) => `最近一次备份是 ${p.hours} 小时前，如磁盘损坏，此后的数据将丢失`,
  ),
} as const;

export type AlarmKey = keyof typeof alarmTexts;
export type AlarmParams<K extends AlarmKey> = (typeof alarmTexts)[K] extends AlarmText<infer P> ? P : never;

/** The first thing to do about each. */
export const alarmAdvice = {
  crlLate: {
    en: 'look for publishCrl in the log and at the clock in /readyz, and whether a node with the role worker runs',
    zh: '请在日志中查找 publishCrl，在 /readyz 中检查时钟，并确认有 worker 角色的节点在运行',
  },
  crlMissing: {
    en: 'look for publishCrl in the log and at the clock in /readyz, at once',
    zh: '请立即在日志中查找 publishCrl，并在 /readyz 中检查时钟',
  },
  lintFinding: {
    en: 'read what was found: certmux event list --kind lint.found; then correct what it names (a profile, an organization), or report it',
    zh: '请执行 certmux event list --kind lint.found 查看发现的内容，修正相应的模板或组织信息；如属程序缺陷请反馈',
  },
  outsideListEnding: {
    en: 'have a new list made where the key is (certmux ca sign-list), and bring it here: certmux ca list upload',
    zh: '请在保管密钥的地方生成新列表（certmux ca sign-list），再上传：certmux ca list upload',
  },
  outsideListMissing: {
    en: 'have a list made where the key is (certmux ca sign-list), and bring it here at once: certmux ca list upload',
    zh: '请在保管密钥的地方生成列表（certmux ca sign-list），并立即上传：certmux ca list upload',
  },
  authorityRevoked: {
    en: 'have another authority sign at once: certmux ca roll where its root is on this server, else certmux ca request and certmux ca install; then have its certificates reissued',
    zh: '请立即让另一个签发机构签发：根 CA 在本服务器的执行 certmux ca roll，否则执行 certmux ca request 和 certmux ca install；然后重签它签发过的证书',
  },
  successorMissing: {
    en: 'look for watchAuthorities in the log and at certmux ca plan; one whose key or root is not here is made by hand',
    zh: '请在日志中查找 watchAuthorities，并查看 certmux ca plan；密钥或根 CA 不在本服务器的，须手工创建接替的 CA',
  },
  jobsNotRun: {
    en: 'see that a node with the role worker or all is up; for the lane of an upstream: certmux upstream list',
    zh: '请确认有 worker 或 all 角色的节点在运行；如为上游队列，请执行 certmux upstream list',
  },
  jobsFail: {
    en: 'read their errors: certmux event failed-jobs, and "job failed, will be tried again" in the log',
    zh: '请查看错误：执行 certmux event failed-jobs，并在日志中查找 job failed, will be tried again',
  },
  reissuesLate: {
    en: 'read why it was refused: certmux event list --subject with the id of the order; then certmux order reissue',
    zh: '请查看被拒绝的原因：执行 certmux event list --subject 加订单 ID；排除后执行 certmux order reissue',
  },
  renewalsRefused: {
    en: 'remove the reason, for example by certmux account credit; the server tries again within a day',
    zh: '请排除上述原因（例如用 certmux account credit 充值），系统会在一天之内自动重试',
  },
  validationsFail: {
    en: 'check the resolvers (dns.resolvers) and the way out of this network',
    zh: '请检查 DNS 解析服务器（dns.resolvers）和本机的出站网络',
  },
  resolversAway: {
    en: 'repair the network to them, or set dns.resolvers and restart; certmux ready says when they answer again',
    zh: '请检查到解析服务器的网络，或修改 dns.resolvers 后重启；恢复后可用 certmux ready 确认',
  },
  upstreamAway: {
    en: 'see what is wrong: certmux upstream check with its account; when it is well again: certmux upstream resume',
    zh: '请用 certmux upstream check 加账户名查明原因；恢复后执行 certmux upstream resume',
  },
  upstreamBudget: {
    en: 'see who spent it: certmux upstream show with its account; then spread the orders, add an issuer to the pool, or have the CA raise it',
    zh: '请用 certmux upstream show 加账户名查看用量最多者；可分散下单、在池中增加签发机构，或请 CA 提高限额',
  },
  upstreamBalance: {
    en: 'pay in at the upstream; certmux upstream costs shows what a month takes',
    zh: '请向该上游充值；certmux upstream costs 可查看每月花费',
  },
  upstreamDifferences: {
    en: 'see them: certmux upstream show with its account; each is money, and nothing is changed by itself',
    zh: '请用 certmux upstream show 加账户名查看；每一处都涉及费用，系统不会自动更改',
  },
  mailsNotSent: {
    en: 'check mail.host, its password and its certificate',
    zh: '请检查 mail.host、密码和邮件服务器证书',
  },
  webhooksFail: {
    en: 'check the way out of this network: a proxy, a firewall',
    zh: '请检查本机的出站网络：代理、防火墙',
  },
  clockWrong: {
    en: 'set the clock right; if it is right now: certmux serve --accept-clock',
    zh: '请校准时钟；如当前时间正确，请用 certmux serve --accept-clock 启动',
  },
  diskFull: {
    en: 'free space on the disk of the data directory',
    zh: '请清理数据目录所在磁盘',
  },
  databaseAway: {
    en: 'see whether the database is up and reachable from this node; the log has the error',
    zh: '请确认数据库正在运行且本节点可以连接，错误见日志',
  },
  backupOld: {
    en: 'look at the timer that makes the backup, and at the space where it goes',
    zh: '请检查备份定时任务和备份目录的剩余空间',
  },
} as const satisfies Readonly<Record<AlarmKey, Readonly<Record<Language, string>>>>;
