/** What to do after a check, and the mistakes it may point to, in both languages. */
import type { Advice, Hint } from '../check-advice.ts';
import type { Language } from '../language.ts';

/** Names the place where that is known. */
type Line = Readonly<Record<Language, (place: string) => string>>;

export const adviceTexts = {
  nothing: { en: () => 'nothing', zh: () => '无需操作' },
  addRecord: {
    en: (place) => `add the record at ${place} in your DNS; if it is there, wait for its TTL and check again`,
    zh: (place) => `请在 DNS 中添加 ${place} 的记录；如已添加，请等待 TTL 过后重新检查`,
  },
  changeRecord: {
    en: (place) => `give the record at ${place} the wanted value; if you just did, wait for its TTL and check again`,
    zh: (place) => `请将 ${place} 的记录值改为要求的值；如刚刚修改，请等待 TTL 过后重新检查`,
  },
  askDnsHost: {
    en: (place) => `see that the DNS servers of the domain answer for ${place}, or ask your DNS host; then check again`,
    zh: (place) => `请确认该域名的 DNS 服务器能够解析 ${place}，或联系 DNS 服务商，然后重新检查`,
  },
  waitForServer: {
    en: () => 'wait: this server tries again by itself; if it goes on, tell its operator',
    zh: () => '请等待：系统会自动重试；如持续出现，请联系管理员',
  },
  mendCnames: {
    en: (place) => `mend the CNAME records of ${place}, which lead in a circle; then check again`,
    zh: (place) => `请修正 ${place} 的 CNAME 记录（目前形成循环），然后重新检查`,
  },
  placeFile: {
    en: (place) => `place the file so that ${place} answers its content with HTTP status 200`,
    zh: (place) => `请放置验证文件，使 ${place} 以 HTTP 状态码 200 返回文件内容`,
  },
  changeFile: {
    en: (place) => `make ${place} answer exactly the wanted content, and nothing else`,
    zh: (place) => `请使 ${place} 只返回要求的内容，不含其他任何内容`,
  },
  openFile: {
    en: (place) => `let everybody read ${place}: no password, no firewall rule`,
    zh: (place) => `请允许任何人访问 ${place}：不要设置密码或防火墙规则`,
  },
  pointName: {
    en: (place) => `point the name of ${place} to the public address of its web server (A or AAAA record)`,
    zh: (place) => `请将 ${place} 的域名解析到网站服务器的公网地址（A 或 AAAA 记录）`,
  },
  openServer: {
    en: (place) => `start the web server behind ${place} and open its port to the internet; or choose a DNS method`,
    zh: (place) => `请启动 ${place} 对应的网站服务并对公网开放端口；或改用 DNS 验证方式`,
  },
  removeRedirect: {
    en: (place) => `answer ${place} directly, without a redirect to elsewhere; or choose a DNS method`,
    zh: (place) => `请直接响应 ${place}，不要重定向到其他地址；或改用 DNS 验证方式`,
  },
  shortenFile: {
    en: (place) => `make ${place} answer only the wanted content: what it answers is too long to be the file`,
    zh: (place) => `${place} 返回的内容过大，不是验证文件，请使其只返回要求的内容`,
  },
  chooseMethod: { en: () => 'choose another method for this name', zh: () => '请为该域名更换验证方式' },
  presentCertificate: {
    en: () => 'let your ACME client answer the challenge, and see that port 443 is open to the internet',
    zh: () => '请确认 ACME 客户端已应答该验证，且 443 端口对公网开放',
  },
  askForMail: {
    en: () => 'have another mail sent, and follow its link in time',
    zh: () => '请重新发送验证邮件，并在有效期内点击链接',
  },
  readMail: { en: () => 'follow the link in the mail', zh: () => '请点击验证邮件中的链接' },
  chooseAddress: {
    en: () => 'choose another address, or another method',
    zh: () => '请更换邮箱地址或验证方式',
  },
} as const satisfies Record<Advice, Line>;

export const hintTexts = {
  doubledName: {
    en: (place) =>
      `there is a record at ${place} with the domain behind it once more: enter the host without the domain`,
    zh: (place) => `${place} 之后又重复添加了域名：主机记录只需填写域名之前的部分`,
  },
  quotedValue: {
    en: () => 'the value has quotes or blanks around it: enter it without them',
    zh: () => '记录值两端带有引号或空格，请去掉后填写',
  },
  oldValue: {
    en: () => 'the value looks like that of another order: replace it by the wanted one, or add that beside it',
    zh: () => '记录值可能属于其他订单，请替换为要求的值，或另外添加一条',
  },
  cnameBesideTxt: {
    en: (place) =>
      `a CNAME record at ${place} leads elsewhere, so that a TXT record beside it is not seen: remove one of them`,
    zh: (place) => `${place} 存在 CNAME 记录并指向其他域名，同名的 TXT 记录不会生效，请删除其一`,
  },
  offsiteRedirect: {
    en: () => 'another server answered: the name redirects to another host, or points to one',
    zh: () => '应答来自其他服务器：该域名重定向到或指向了其他主机',
  },
} as const satisfies Record<Hint, Line>;
