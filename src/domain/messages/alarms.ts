/**
 * Texts of the alarms: what does not succeed, since when, and what it leads to. What to do about each is in docs/operations.md, below the
 * heading with its name.
 */
import type { Language } from '../language.ts';

type AlarmText<P> = Readonly<Record<Language, (params: P) => string>>;

function text<P>(en: (params: P) => string, zh: (params: P) => string): AlarmText<P> {
  return { en, zh };
}

export const alarmTexts = {
  crlLate: text<{ authority: string; hours: number; until: string }>(
    (p) =>
      `the revocation list of ${p.authority} is ${p.hours} hours old and was not renewed, which should happen every day; it ends at ${p.until}, and after that strict clients refuse its certificates`,
    (p) =>
      `证书吊销列表（${p.authority}）已有 ${p.hours} 小时未更新（正常每天更新一次），将于 ${p.until} 到期，到期后严格校验的客户端会拒绝其签发的证书`,
  ),
  crlMissing: text<{ authority: string }>(
    (p) => `there is no revocation list of ${p.authority}, so that nobody can check its certificates`,
    (p) => `尚未发布 ${p.authority} 的证书吊销列表，客户端无法检查其证书状态`,
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
  validationsFail: text<{ names: number; minutes: number; reason: string }>(
    (p) =>
      `no name was proved in the last ${p.minutes} minutes, and checks of ${p.names} names failed, mostly for the reason ${p.reason}`,
    (p) => `最近 ${p.minutes} 分钟内没有任何域名通过验证，${p.names} 个域名检查失败，主要原因是 ${p.reason}`,
  ),
  resolversAway: text<{ servers: string }>(
    (p) =>
      `no DNS resolver answers (${p.servers}), so that no name can be validated and orders wait; repair the network to them, or set dns.resolvers and restart`,
    (p) =>
      `DNS 解析服务器均无应答（${p.servers}），无法验证任何域名，订单处于等待状态；请检查到解析服务器的网络，或修改 dns.resolvers 后重启`,
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
