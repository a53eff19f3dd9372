/** What `certmux get` says. */
import type { Language } from '../domain/language.ts';
import type { Cause } from './get-request.ts';

export interface Words {
  readonly causes: Readonly<Record<Cause, string>>;
  // What it does, on standard error.
  ordering(names: string, cause: string): string;
  resuming(order: number): string;
  madeAccount(name: string, number: number): string;
  placed(where: string): string;
  waiting(name: string, problem: string): string;
  cancelled(order: number): string;
  notCancelled(order: number): string;
  notRemoved(what: string): string;
  cannotLook(problem: string): string;
  reloaded(command: string): string;
  nextLook(at: string): string;
  watchFailed(problem: string, at: string): string;
  // The two lines at the end.
  isNew(names: string, until: string, folder: string): string;
  isKept(names: string, until: string, renewAt: string): string;
  nginx(fullchain: string, key: string): string;
  // Why it cannot go on, and what to do about it.
  wildcardNeedsHook(name: string): Advice;
  addressNeedsFile(name: string): Advice;
  noWebroot(directory: string, detail: string): Advice;
  webrootOutside(directory: string): Advice;
  portTaken(port: number): Advice;
  portForbidden(port: number): Advice;
  portFailed(port: number, detail: string): Advice;
  hookFailed(action: string, how: string, output: string): Advice;
  hookHung(action: string, seconds: number): Advice;
  reloadFailed(command: string, how: string, output: string): Advice;
  reloadHung(command: string, seconds: number): Advice;
  exited(code: number): string;
  killed(signal: string): string;
  proofNotOffered(name: string, method: string): Advice;
  strangeProof(path: string): Advice;
  notProved(name: string, problem: string, place: 'webroot' | 'standalone' | 'dnsHook'): Advice;
  notLookedFor(name: string, seconds: number): Advice;
  waits(order: number, summary: string): Advice;
  over(order: number, why: string): Advice;
  slow(order: number, seconds: number): Advice;
  wrongCertificate(what: string): Advice;
  whichAccount(names: string): Advice;
  locked(folder: string): Advice;
  folderFailed(folder: string, detail: string): Advice;
  interrupted: Advice;
  // The timer.
  timerNeedsRoot: Advice;
  timerFailed(what: string, detail: string): Advice;
  timerInstalled(timer: string): string;
  noSystemd: string;
  timerWouldRun: string;
  cronInstead: string;
}

export type Advice = readonly [message: string, hint: string];

const en: Words = {
  causes: {
    first: 'there is none yet',
    forced: 'you asked for it',
    due: 'the one there ends soon',
    names: 'the one there is for other names',
    product: 'the one there is of another product',
    keyType: 'the key there is of another kind',
    revoked: 'the one there is revoked',
    unknown: 'this server does not know the one there',
    broken: 'the files there cannot be read',
  },
  ordering: (names, cause) => `Ordering a certificate for ${names}: ${cause}.`,
  resuming: (order) => `Going on with order ${order}, which an earlier run began.`,
  madeAccount: (name, number) => `Made the account ${number} "${name}" to order with, since there was none.`,
  placed: (where) => `Placed the proof: ${where}`,
  waiting: (name, problem) => `Waiting for ${name}: ${problem}`,
  cancelled: (order) => `Cancelled order ${order}.`,
  notCancelled: (order) => `Order ${order} could not be cancelled; see: certmux order show ${order}`,
  notRemoved: (what) => `Could not be removed again: ${what}`,
  cannotLook: (problem) => `The certificate is good; whether it was revoked could not be asked: ${problem}`,
  reloaded: (command) => `Ran: ${command}`,
  nextLook: (at) => `Looking again at ${at}.`,
  watchFailed: (problem, at) => `That failed, and will be tried again at ${at}: ${problem}`,
  isNew: (names, until, folder) => `New certificate for ${names} until ${until}, in ${folder}`,
  isKept: (names, until, renewAt) =>
    `Nothing to do: the certificate for ${names} is good until ${until}, and renewed from ${renewAt} on.`,
  nginx: (fullchain, key) => `nginx: ssl_certificate ${fullchain}; ssl_certificate_key ${key};`,
  wildcardNeedsHook: (name) => [
    `${name} is a wildcard, which only a DNS record proves here`,
    'use --dns-hook COMMAND, which sets and removes the record',
  ],
  addressNeedsFile: (name) => [
    `${name} is an address, which no DNS record proves`,
    'use --webroot or --standalone for it',
  ],
  noWebroot: (directory, detail) => [
    `no proof can be placed in ${directory}: ${detail}`,
    'name the folder that the web server serves at http://NAME/, and run this as a user who may write there',
  ],
  webrootOutside: (directory) => [
    `${directory} lies outside of the web root, behind a symbolic link`,
    'name as --webroot the folder that the link leads to',
  ],
  portTaken: (port) => [
    `port ${port} is taken by another program`,
    'use --webroot with the folder that it serves, or stop it meanwhile',
  ],
  portForbidden: (port) => [
    `this user may not listen on port ${port}`,
    'run it as root, or use --webroot with the folder of your web server',
  ],
  portFailed: (port, detail) => [`port ${port} cannot be listened on: ${detail}`, 'choose another with --port'],
  hookFailed: (action, how, output) => [
    `the DNS hook ${how} at "${action}"${output === '' ? '' : `: ${output}`}`,
    'run it by hand as docs/get.md says, then again',
  ],
  hookHung: (action, seconds) => [
    `the DNS hook did not end within ${seconds} seconds at "${action}" and was stopped`,
    'let it end once the record is set, or raise --command-timeout',
  ],
  reloadFailed: (command, how, output) => [
    `the certificate is stored, but the command "${command}" ${how}${output === '' ? '' : `: ${output}`}`,
    'put it right and run the same certmux get again: it runs the command until it succeeds',
  ],
  reloadHung: (command, seconds) => [
    `the certificate is stored, but the command "${command}" did not end within ${seconds} seconds and was stopped`,
    'put it right and run the same certmux get again: it runs the command until it succeeds',
  ],
  exited: (code) => `ended with ${code}`,
  killed: (signal) => `was ended by ${signal}`,
  proofNotOffered: (name, method) => [
    `the server offers no ${method} for ${name}`,
    'choose another of --webroot, --standalone and --dns-hook',
  ],
  strangeProof: (path) => [
    `the server wants a file at ${path}, which is no place for a proof`,
    'check that --url or CERTMUX_URL is your own server',
  ],
  notProved: (name, problem, place) => [`control of ${name} was not proved: ${problem}`, afterFailure.en[place]],
  notLookedFor: (name, seconds) => [
    `nobody has looked for the proof of ${name} within ${seconds} seconds`,
    "see the server's log: does a node run jobs? Then run it again",
  ],
  waits: (order, summary) => [
    `order ${order} waits for somebody else: ${summary}`,
    'run the same command again when they have decided: it goes on with this order',
  ],
  over: (order, why) => [`order ${order} came to nothing: ${why}`, 'put that right and run it again'],
  slow: (order, seconds) => [
    `order ${order} has no certificate yet after ${seconds} seconds`,
    'run the same command again later: it goes on with this order',
  ],
  wrongCertificate: (what) => [
    `the certificate that came is not the one that was ordered: ${what}`,
    'nothing was stored; tell whoever runs the server',
  ],
  whichAccount: (names) => [
    `an operator orders for an account, and there are several: ${names}`,
    'name one with --account NUMBER',
  ],
  locked: (folder) => [`another certmux get is at work on ${folder}`, 'wait until it has ended'],
  folderFailed: (folder, detail) => [`${folder} cannot be used: ${detail}`, 'choose another with --out'],
  interrupted: ['interrupted; nothing was changed', 'run it again when you like'],
  timerNeedsRoot: [
    'only root may install a systemd timer for the whole machine',
    'run it with sudo, or look at the files first: --install-timer --dry-run',
  ],
  timerFailed: (what, detail) => [`the timer is not installed: ${what}: ${detail}`, 'put that right and run it again'],
  timerInstalled: (timer) => `Renewed by itself from now on (${timer}); see: systemctl list-timers ${timer}`,
  noSystemd: 'There is no systemd here, so nothing was installed. These files are what it would get:',
  timerWouldRun: 'then:',
  cronInstead: 'Without systemd, a line for crontab does the same:',
};

const afterFailure = {
  en: {
    webroot: 'is --webroot the folder that is served at http://NAME/ on port 80, also to this server?',
    standalone: 'does http://NAME/ on port 80 lead to this machine, also for this server?',
    dnsHook: 'did the hook set the record in the zone that the world sees, and wait until it is there?',
  },
  zh: {
    webroot: '请确认 --webroot 是 http://域名/（80 端口）对应的网站目录，并且本服务器可以访问',
    standalone: '请确认 http://域名/（80 端口）指向本机，并且本服务器可以访问',
    dnsHook: '请确认钩子已在公开的 DNS 区域中添加记录，并等到记录生效后才结束',
  },
} as const;

const zh: Words = {
  causes: {
    first: '尚无证书',
    forced: '按要求强制申请',
    due: '现有证书即将到期',
    names: '现有证书的域名不同',
    product: '现有证书的产品不同',
    keyType: '现有密钥的类型不同',
    revoked: '现有证书已被吊销',
    unknown: '服务器上没有现有证书的记录',
    broken: '现有文件无法读取',
  },
  ordering: (names, cause) => `正在为 ${names} 申请证书：${cause}。`,
  resuming: (order) => `继续处理上次运行提交的订单 ${order}。`,
  madeAccount: (name, number) => `系统中没有账户，已创建账户 ${number}“${name}”用于下单。`,
  placed: (where) => `验证信息已就绪：${where}`,
  waiting: (name, problem) => `正在等待 ${name} 通过验证：${problem}`,
  cancelled: (order) => `订单 ${order} 已取消。`,
  notCancelled: (order) => `订单 ${order} 未能取消，请查看：certmux order show ${order}`,
  notRemoved: (what) => `未能清除：${what}`,
  cannotLook: (problem) => `证书仍在有效期内；未能查询其是否已被吊销：${problem}`,
  reloaded: (command) => `已执行：${command}`,
  nextLook: (at) => `下次检查时间：${at}。`,
  watchFailed: (problem, at) => `本次失败，将于 ${at} 重试：${problem}`,
  isNew: (names, until, folder) => `已获得 ${names} 的新证书，有效期至 ${until}，保存在 ${folder}`,
  isKept: (names, until, renewAt) => `无需操作：${names} 的证书有效期至 ${until}，${renewAt} 起可续期。`,
  nginx: (fullchain, key) => `nginx：ssl_certificate ${fullchain}; ssl_certificate_key ${key};`,
  wildcardNeedsHook: (name) => [
    `${name} 是通配符域名，只能通过 DNS 记录验证`,
    '请使用 --dns-hook 指定添加和删除记录的命令',
  ],
  addressNeedsFile: (name) => [`${name} 是 IP 地址，无法通过 DNS 记录验证`, '请使用 --webroot 或 --standalone'],
  noWebroot: (directory, detail) => [
    `无法在 ${directory} 中放置验证文件：${detail}`,
    '请指定 http://域名/ 对应的网站目录，并以有写入权限的用户运行',
  ],
  webrootOutside: (directory) => [`${directory} 经符号链接指向网站目录之外`, '请将 --webroot 设为该链接指向的目录'],
  portTaken: (port) => [`端口 ${port} 已被其他程序占用`, '请用 --webroot 指定该程序的网站目录，或暂时停止该程序'],
  portForbidden: (port) => [`当前用户无权监听端口 ${port}`, '请以 root 运行，或用 --webroot 指定网站目录'],
  portFailed: (port, detail) => [`无法监听端口 ${port}：${detail}`, '请用 --port 指定其他端口'],
  hookFailed: (action, how, output) => [
    `DNS 钩子执行 "${action}" 时${how}${output === '' ? '' : `：${output}`}`,
    '请按 docs/get.md 的说明手动运行钩子，确认无误后重试',
  ],
  hookHung: (action, seconds) => [
    `DNS 钩子执行 "${action}" 超过 ${seconds} 秒未结束，已被终止`,
    '钩子应在记录添加完成后结束；也可以调大 --command-timeout',
  ],
  reloadFailed: (command, how, output) => [
    `证书已保存，但命令 "${command}" ${how}${output === '' ? '' : `：${output}`}`,
    '请排除故障后再次运行相同的 certmux get，该命令会重新执行直至成功',
  ],
  reloadHung: (command, seconds) => [
    `证书已保存，但命令 "${command}" 超过 ${seconds} 秒未结束，已被终止`,
    '请排除故障后再次运行相同的 certmux get，该命令会重新执行直至成功',
  ],
  exited: (code) => `以退出码 ${code} 结束`,
  killed: (signal) => `被信号 ${signal} 终止`,
  proofNotOffered: (name, method) => [
    `服务器未提供 ${name} 的 ${method} 验证方式`,
    '请改用 --webroot、--standalone 或 --dns-hook 中的其他方式',
  ],
  strangeProof: (path) => [
    `服务器要求将文件放在 ${path}，该路径不是验证文件的位置`,
    '请确认 --url 或 CERTMUX_URL 指向您自己的服务器',
  ],
  notProved: (name, problem, place) => [`${name} 未通过验证：${problem}`, afterFailure.zh[place]],
  notLookedFor: (name, seconds) => [
    `${seconds} 秒内服务器没有检查 ${name} 的验证信息`,
    '请查看服务器日志，确认有节点在执行后台任务，然后重试',
  ],
  waits: (order, summary) => [
    `订单 ${order} 需要其他人处理：${summary}`,
    '处理完成后再次运行相同的命令，即可继续此订单',
  ],
  over: (order, why) => [`订单 ${order} 未能签发证书：${why}`, '请排除问题后重试'],
  slow: (order, seconds) => [
    `订单 ${order} 在 ${seconds} 秒后仍未签发证书`,
    '请稍后再次运行相同的命令，即可继续此订单',
  ],
  wrongCertificate: (what) => [`收到的证书与订单不符：${what}`, '未保存任何文件，请联系服务器管理员'],
  whichAccount: (names) => [`管理员下单时须指定账户，现有多个账户：${names}`, '请用 --account 指定账户编号'],
  locked: (folder) => [`另一个 certmux get 正在使用 ${folder}`, '请等待其结束'],
  folderFailed: (folder, detail) => [`无法使用 ${folder}：${detail}`, '请用 --out 指定其他目录'],
  interrupted: ['已中断，未作任何更改', '可随时重新运行'],
  timerNeedsRoot: [
    '只有 root 可以安装系统级 systemd 定时器',
    '请使用 sudo 运行，或先用 --install-timer --dry-run 查看文件内容',
  ],
  timerFailed: (what, detail) => [`定时器未安装：${what}：${detail}`, '请排除问题后重试'],
  timerInstalled: (timer) => `此后将自动续期（${timer}），可用 systemctl list-timers ${timer} 查看`,
  noSystemd: '本机没有 systemd，未安装任何文件。所需文件如下：',
  timerWouldRun: '然后执行：',
  cronInstead: '没有 systemd 时，可在 crontab 中加入以下一行：',
};

export const getWords: Readonly<Record<Language, Words>> = { en, zh };
