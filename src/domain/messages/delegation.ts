/** What an upstream will look for at the customer's, and does not find: a delegation, our responder, a record that stays. */
import type { ValidationMethod } from '../validation-method.ts';
import { type None, row } from './row.ts';
import { inLanguage, methodInChinese, type Wording } from './words.ts';

interface CnameRecord {
  readonly host: string;
  readonly target: string;
}

const setEn = ({ host, target }: CnameRecord) => `set the record ${host} CNAME ${target}`;
const setZh = ({ host, target }: CnameRecord) => `请添加 CNAME 记录：${host} 指向 ${target}`;

export const delegationReasons = {
  delegationNoName: row<{ host: string; target: string }>(
    'validationFailed',
    (p) => `${p.host} does not exist in DNS (NXDOMAIN); ${setEn(p)}`,
    (p) => `${p.host} 在 DNS 中不存在（NXDOMAIN）；${setZh(p)}`,
  ),
  delegationNoRecord: row<{ host: string; target: string }>(
    'validationFailed',
    (p) => `${p.host} has no CNAME record; ${setEn(p)}`,
    (p) => `${p.host} 没有 CNAME 记录；${setZh(p)}`,
  ),
  delegationOtherRecords: row<{ host: string; target: string; found: string }>(
    'validationFailed',
    (p) =>
      `${p.host} has ${p.found} and no CNAME record, and a CNAME cannot stand beside other records; remove them and ${setEn(p)}`,
    (p) =>
      `${p.host} 已有其他记录（${p.found}），没有 CNAME 记录，而 CNAME 不能与其他记录并存；请删除它们，再添加 CNAME 记录：${p.host} 指向 ${p.target}`,
  ),
  delegationElsewhere: row<{ host: string; target: string; found: string }>(
    'validationFailed',
    (p) => `the CNAME of ${p.host} leads to ${p.found}, not to ${p.target}; change it to ${p.target}`,
    (p) => `${p.host} 的 CNAME 指向 ${p.found}，而不是 ${p.target}；请改为 ${p.target}`,
  ),
  // Whose label it is, is nobody's business but theirs.
  delegationOtherLabel: row<{ host: string; target: string; found: string }>(
    'validationFailed',
    (p) =>
      `the CNAME of ${p.host} leads to ${p.found}, which is not the label of this account for this name; change it to ${p.target}`,
    (p) => `${p.host} 的 CNAME 指向 ${p.found}，它不是该账户在此域名下的标签；请改为 ${p.target}`,
  ),
  delegationLoop: row<{ host: string; target: string }>(
    'validationFailed',
    (p) => `the CNAME records of ${p.host} form a loop or a chain that is too long; replace them: ${setEn(p)}`,
    (p) => `${p.host} 的 CNAME 记录形成循环或链过长；${setZh(p)}`,
  ),
  delegationUnseen: row<{ host: string; target: string }>(
    'validationFailed',
    (p) => `${p.host} does not lead to the expected record; ${setEn(p)}`,
    (p) => `${p.host} 未解析到应有的记录；${setZh(p)}`,
  ),
  delegationUnresolved: row<{ host: string; target: string; detail: Wording }>(
    'validationFailed',
    (p) =>
      `it cannot be seen whether ${p.host} is a CNAME to ${p.target}: ${inLanguage(p.detail, 'en')}; check the name servers of the domain`,
    (p) =>
      `无法确认 ${p.host} 的 CNAME 是否指向 ${p.target}：${inLanguage(p.detail, 'zh')}；请检查该域名的域名服务设置`,
  ),
  delegationUnchecked: row<{ host: string; target: string; detail: Wording }>(
    'unavailable',
    (p) =>
      `whether ${p.host} is a CNAME to ${p.target} could not be looked up: ${inLanguage(p.detail, 'en')}; it is looked up again, and the operator must see to the resolvers`,
    (p) =>
      `暂时无法查询 ${p.host} 的 CNAME 是否指向 ${p.target}：${inLanguage(p.detail, 'zh')}；系统会再次查询，请管理员检查解析服务器`,
  ),
  delegationIndirect: row<{ host: string; target: string; count: number }>(
    'validationFailed',
    (p) =>
      `${p.host} leads to ${p.target} through ${p.count} CNAME records: the upstream follows them, but a front door that shows this record as its challenge accepts only ${p.host} CNAME ${p.target}`,
    (p) =>
      `${p.host} 经过 ${p.count} 条 CNAME 记录才指向 ${p.target}：上游会逐条跟随，但以该记录作为验证信息的前端接口只接受 ${p.host} 直接指向 ${p.target}`,
  ),
  // RFC 1034 §3.6.2.
  delegationBeside: row<{ host: string; found: string }>(
    'validationFailed',
    (p) =>
      `beside the CNAME of ${p.host} stand ${p.found}, which DNS does not allow: resolvers may see either; remove them`,
    (p) =>
      `${p.host} 除 CNAME 外还有其他记录（${p.found}），DNS 不允许并存，不同解析服务器可能得到不同结果；请删除它们`,
  ),
  onlyDelegation: row<{ host: string; target: string; method: ValidationMethod; name: string }>(
    'validationFailed',
    (p) =>
      `the method ${p.method} leads to no certificate for ${p.name} here: its CA looks at ${p.host}; choose dnsCname and ${setEn(p)}`,
    (p) =>
      `用“${methodInChinese(p.method)}”方式验证 ${p.name} 得不到证书：签发它的 CA 只查看 ${p.host}；请选择 DNS CNAME 方式，${setZh(p)}`,
  ),
  aliasZoneMissing: row<{ host: string }>(
    'unavailable',
    (p) =>
      `there is no zone to which ${p.host} could be delegated; the operator must set aliasZone.zone in the configuration`,
    (p) => `没有可供 ${p.host} 委托的区域；请管理员设置 aliasZone.zone`,
  ),
  responderUnreachable: row<{ name: string; url: string; detail: Wording }>(
    'validationFailed',
    (p) =>
      `the CA will fetch its proof of ${p.name} over port 80, and this server is not reached there: ${inLanguage(p.detail, 'en')}; point the name to this server, or have your web server pass /.well-known/acme-challenge/ on to it`,
    (p) =>
      `CA 将通过 80 端口获取 ${p.name} 的验证文件，但在那里访问不到本服务器：${inLanguage(p.detail, 'zh')}；请将该域名指向本服务器，或让您的网站服务器把 /.well-known/acme-challenge/ 转发到本服务器`,
  ),
  issuerUnsold: row<{ issuer: string; dialects: string }>(
    'invalidField',
    (p) =>
      `nothing of the issuer ${p.issuer} can be sold: it validates names itself, and none of the open front doors (${p.dialects}) can show its challenges and take orders as it needs them; open another one (docs/pairs.md says which)`,
    (p) =>
      `签发机构 ${p.issuer} 的证书无法销售：域名由它自行验证，而已开放的前端接口（${p.dialects}）都不能展示其验证信息或按其要求接受订单；请开放其他前端接口（见 docs/pairs.md）`,
  ),
  wildcardOverHttp: row<{ name: string }>(
    'refusedName',
    (p) =>
      `${p.name} cannot be validated by files, which prove no wildcard; it needs a product whose issuer validates by DNS`,
    (p) => `通配符域名 ${p.name} 不能通过文件验证；请选择签发机构以 DNS 方式验证的产品`,
  ),
  responderOther: row<{ name: string; url: string }>(
    'validationFailed',
    (p) =>
      `${p.url} is not answered by this server: another web server answers for ${p.name}; have it pass /.well-known/acme-challenge/ on to this server`,
    (p) =>
      `${p.url} 的应答不是来自本服务器，而是 ${p.name} 上的其他网站服务器；请让它把 /.well-known/acme-challenge/ 转发到本服务器`,
  ),
  responderUnchecked: row<{ name: string; detail: Wording }>(
    'unavailable',
    (p) =>
      `whether this server is reached at ${p.name} could not be looked up: ${inLanguage(p.detail, 'en')}; it is looked up again, and the operator must see to the resolvers`,
    (p) =>
      `暂时无法查询能否通过 ${p.name} 访问本服务器：${inLanguage(p.detail, 'zh')}；系统会再次查询，请管理员检查解析服务器`,
  ),
  persistentRecordMissing: row<{ host: string; record: string; detail: Wording }>(
    'validationFailed',
    (p) => `set the record ${p.host} TXT ${p.record}: ${inLanguage(p.detail, 'en')}`,
    (p) => `请添加 TXT 记录：${p.host}，值为 ${p.record}（${inLanguage(p.detail, 'zh')}）`,
  ),
  persistentRecordUnchecked: row<{ host: string; detail: Wording }>(
    'unavailable',
    (p) =>
      `the TXT records of ${p.host} could not be looked up: ${inLanguage(p.detail, 'en')}; they are looked up again, and the operator must see to the resolvers`,
    (p) => `暂时无法查询 ${p.host} 的 TXT 记录：${inLanguage(p.detail, 'zh')}；系统会再次查询，请管理员检查解析服务器`,
  ),
  persistentAccountUnknown: row<None>(
    'unavailable',
    () =>
      'the record names the CA and our account there, which are not known yet: the account is made before the first order, or when the operator runs `certmux upstream check`',
    () =>
      '该记录须写明 CA 及我们在该 CA 的账户，目前尚不可知：账户会在首个订单之前注册，运营人员运行 `certmux upstream check` 时也会注册',
  ),
} as const;
