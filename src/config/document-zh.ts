/** The meanings of the settings in Chinese, by their paths; those in English stand beside the settings in the schemas. A test keeps both complete. */
export const meaningsZh: Readonly<Record<string, string>> = {
  role: '多个节点共用一个 PostgreSQL 数据库时，本节点承担的工作。`api`：应答请求，不依赖其他条件的证书当场签发，任务（域名检查、邮件、Webhook、上游 CA、维护）交给其他节点；`worker`：执行任务，只应答 /healthz、/readyz 和 /metrics；`all`：两者都做，使用内置数据库时必须如此。至少要有一个节点执行任务。可用 --role 覆盖。',
  threads:
    '工作线程数。1：所有工作在一个线程中完成；大于 1：一个线程负责数据库，其余处理连接和各前端接口，写入数据库时互不等待；auto：与 CPU 核数相同，最多 8 个。可用 --threads 覆盖。',
  listen: '监听地址。https 需要配置 `tls`。',
  publicUrl: '客户端访问本服务所用的地址。默认为第一个监听地址。',
  dataDirectory: '数据目录：数据库（其中有封装保存的 CA 密钥）和主密钥。首次启动时创建，仅所有者可访问。',
  database:
    '不使用数据目录中的文件，而使用 PostgreSQL（15 或更高版本）上的数据库：`postgres://user@host:5432/name`；经过他人也使用的网络时加上 `?sslmode=verify-full`。密码最好放在环境变量 PGPASSWORD 或密码文件中，不要写在这里。数据表在首次启动时创建。',
  masterKeyFile:
    '用于封装全部私钥的 32 字节密钥（base64）。默认为数据目录中的 master.key，首次启动时生成；设置了环境变量 CERTMUX_MASTER_KEY 时使用该变量。丢失它就等于丢失 CA 密钥：请在别处保存一份。',
  masterKeyOldFile:
    '更换 `masterKeyFile` 或 CERTMUX_MASTER_KEY 之后，填写旧的主密钥：服务运行期间会把用它封装的内容改用新密钥重新封装，日志会提示何时不再需要该设置。环境变量 CERTMUX_MASTER_KEY_OLD 作用相同。',
  trustedProxies:
    '信任其 X-Forwarded-For 和 X-Forwarded-Proto 请求头的反向代理。不信任其他任何来源。通过代理登录时，必须在此列出代理的地址。',
  sessions: '登录控制台后，登录状态保持多久。',
  'sessions.operatorIdleMinutes': '不属于任何账户的人（管理员、客服、审计员）：多少分钟没有操作后需重新登录。',
  'sessions.operatorHours': '不属于任何账户的人：登录后最长多少小时，无论是否有操作。',
  'sessions.idleMinutes': '账户的用户：多少分钟没有操作后需重新登录。',
  'sessions.hours': '账户的用户：登录后最长多少小时，无论是否有操作。',
  metricsFrom: '允许读取 /metrics 的地址。',
  storage: '数据目录所在的磁盘。',
  'storage.reserveMiB':
    '数据目录中一个文件为吊销和吊销列表预留的空间（MiB）。除该文件之外的剩余空间不足其四分之一时，拒绝其他一切写入。0：不预留。',
  tls: 'https 监听所用的证书：使用文件，或由 certmux 为自己签发。',
  'tls.certificateFile': 'PEM：证书及其证书链。每小时以及进程收到 SIGHUP 时重新读取；已建立的连接继续使用旧证书。',
  'tls.keyFile': 'PEM：私钥。',
  'tls.selfServed': '不使用文件：列出主机名和地址，certmux 用自己的 CA 为其签发证书，并自动续期。',
  log: '日志：每行一个 JSON。',
  'log.level': '写入日志的最低级别。`debug` 会为每个请求写一行。',
  'log.file': '追加写入该文件，而不是标准输出。',
  dns: '验证域名时查询何处。',
  'dns.resolvers': '验证时查询的递归解析器，写成“地址”或“地址:端口”，按此顺序使用。默认使用系统的解析器。',
  'dns.timeoutMs': '一个解析器应答一次查询的最长时间。',
  aliasZone:
    '内置的权威 DNS 服务器，只应答一个区域（别名区域）：客户用 CNAME 把自己域名的 `_acme-challenge` 委托到该区域，上游 CA 便能在其中查到所需的记录。每个配置了本节的节点都会应答。没有本节则不启用。见 docs/alias-zone.zh-CN.md。',
  'aliasZone.zone': '必填：区域的名称，须在您自己的域名之下。其上级区域须把它委托给下列域名服务器，且不得有 DS 记录。',
  'aliasZone.listen':
    '应答 DNS 查询的地址，每个地址同时使用 UDP 和 TCP。主机有多个地址时，请列出各域名服务器所用的地址：监听 0.0.0.0 时，UDP 应答从系统选择的地址发出。',
  'aliasZone.nameServers': '必填：上级区域所指的域名服务器，即每个应答的节点或其前面的设备。',
  'aliasZone.nameServers.name': '必填：域名服务器的名称，与上级区域的 NS 记录一致。',
  'aliasZone.nameServers.addresses':
    '名称在本区域之内时，填写其公网地址（上级区域以粘合记录提供）；名称在其他区域时不填，地址由那个区域提供。',
  'aliasZone.contact': '必填：区域的联系邮箱，公开显示在 SOA 记录中。',
  'aliasZone.caa': '区域自身的 CAA 记录，用于限定哪些 CA 可以为区域内的名称签发证书；对客户的域名不起作用。',
  'aliasZone.caa.flags': '128：不认识该标签的 CA 不得签发。',
  'aliasZone.caa.tag': '必填：`issue`、`issuewild`、`iodef` 或其他标签。',
  'aliasZone.caa.value': '必填：标签为 `issue` 时是 CA 的域名，例如 `letsencrypt.org`。',
  'aliasZone.ttlSeconds': '解析服务器可以缓存 TXT 记录（或“没有该记录”这一结果）的秒数。',
  validation: '如何验证域名控制权。',
  'validation.httpPort': '访问被验证域名或 Webhook 的 80 端口时，实际连接的端口。仅供测试时修改。',
  'validation.httpsPort': '同上，用于 443 端口。',
  'validation.timeoutMs': '一次抓取（包括重定向）的最长时间。',
  'validation.checksAtOnce':
    '所有账户合计，同时进行的域名检查数；更多的检查排队等候。每个检查最多打开两个套接字。一个账户最多占十六分之一，一个 DNS 区域最多占八分之一。',
  'validation.dangerAllowAddresses':
    '验证时允许连接的特殊用途地址（内网、环回、链路本地等）。能够下单的人都可以让服务器访问这些地址：只列出确实需要签发证书的地址。',
  limits:
    '一个账户同时可以有多少待完成的内容。超过之后拒绝新订单，直到其中一些完成验证或被取消。需要一次为数千个域名下单的账户，可为其提高上限。',
  'limits.pendingOrders': '等待域名验证的订单数。',
  'limits.unprovedNames': '这些订单中的域名数，加上 ACME 客户端已开始验证的域名数。',
  'limits.accounts': '按账户 ID 或编号为个别账户设置上限；未写的项目与其他账户相同。',
  mail: '邮件服务器。没有此节时，不能用邮件验证域名，邀请用户只能通过人工转交的链接。邮件中的链接以 `publicUrl` 开头，收件人必须能够访问。收件人可以停止发往其邮箱的邮件（`certmux mail list`）。',
  'mail.host': '必填：代发邮件的 SMTP 服务器。',
  'mail.port': '`starttls` 用 587，`implicit` 一般用 465。',
  'mail.tls':
    '`starttls`：先加密连接，再发送其他内容；`implicit`：从第一个字节起使用 TLS；`none`：明文，仅用于本机上的服务器。',
  'mail.caFile': 'PEM：邮件服务器证书所属的 CA，用来代替公共 CA。',
  'mail.user': '登录用户名。默认不登录。',
  'mail.password': '建议改用 `passwordFile`。',
  'mail.passwordFile': '保存密码的文件；末尾的换行符不计入密码。',
  'mail.from': '必填：发件人。其域名必须允许上述服务器代发邮件（SPF、DKIM）。',
  'mail.timeoutMs': '投递过程中每一步的最长时间。',
  'mail.limits':
    '所有账户合计的发信上限。有人主动请求的邮件超过上限时会被拒绝，并告知何时重试；通知类邮件则等待。许多账户共用一个团队邮箱时请提高上限。',
  'mail.limits.perMailboxPerHour': '每小时发往一个邮箱的邮件数。',
  'mail.limits.perMailboxPerDay': '每天发往一个邮箱的邮件数。',
  'mail.limits.perDomainPerHour': '每小时发往一个可注册域名下所有邮箱的邮件数。',
  'mail.limits.perDomainPerDay': '每天发往一个可注册域名下所有邮箱的邮件数。',
  alarms:
    '应当成功的事情没有成功时通知谁：吊销列表没有更新、任务无人执行、证书没有按时重签、邮件发不出去等，详见 docs/operations.md。未配置接收方时，告警仍会出现在日志、/readyz 和指标中。',
  'alarms.mail': '告警开始时、持续期间每天以及解除时，向这些邮箱发送邮件。需要配置 `mail`。',
  'alarms.webhook': '由您自己的服务器接收同样的通知。',
  'alarms.webhook.url': '必填：以 POST 方式接收 JSON。可以是内网地址。',
  'alarms.webhook.tokenFile':
    '保存令牌的文件，令牌以 `Authorization: Bearer …` 发送；末尾的换行符不计入令牌。除非接收方就在本机，否则请使用 https。',
  notices: '到期之前的通知。',
  'notices.days':
    '在订单或其证书到期前多少天提醒账户：配置了邮件服务器时，发邮件给账户联系人和订单中的邮箱；同时发送到其 Webhook。空列表：从不提醒。',
  history: '服务器保留的工作记录。',
  'history.checksKeepDays':
    '未通过的验证检查记录保留多少天。证明了域名控制权的检查记录至少保留到所有可能依据它签发的证书到期。',
  webhooks: '发送到客户服务器的内容。',
  'webhooks.dangerSendKeysInClear':
    '订单的回调会收到由 certmux 生成的私钥时，是否允许其为 http 地址。途中任何人都能读到该私钥：仅用于您自己网络内的接收方。否则这类回调必须使用 https。',
  authority: '内置 CA。',
  'authority.organization': '写入内置 CA 证书的组织名称；这些证书在首次启动时生成。',
  'authority.root':
    '内置 CA 的根在哪里。`here`：首次启动时生成根和中间 CA。`outside`：不生成；用 `certmux ca request` 生成密钥和交给外部 CA 的请求，用 `certmux ca install` 安装其签发的证书，在此之前订单会等待。',
  'authority.caaIdentities':
    'CAA 记录用来允许内置 CA 签发的域名，ACME 目录中的 `caaIdentities` 也算在内；第一个会显示给 CAA 记录禁止签发的客户。供启用 `checksCaa` 的证书模板使用。',
  'authority.pkiUrl':
    '检查证书的一方访问本服务 `/pki/` 的地址：作为吊销列表和 CA 证书的地址写入每张证书。默认为 `publicUrl` 下的 `/pki`。请使用 http，因为许多客户端不通过 https 获取吊销列表（RFC 5280 第 8 节）。请在首次启动之前设置；首次启动会拒绝 https、环回地址和 0.0.0.0。',
  'authority.allowLocalPkiUrl':
    '无论 `pkiUrl` 是什么都创建 CA，供试用：十年之内，其证书指向的吊销列表地址别人都无法访问。`--allow-local-pki-url` 作用相同。',
  serve:
    '模式 `serve` 的响应服务：在 `/.well-known/acme-challenge/` 下提供上游 CA 验证域名时所查找的文件。写有此节，或有签发机构的模式为 `serve` 时，`listen` 的监听地址也提供该服务。',
  'serve.listen':
    '响应服务自己的监听地址，通常为 http://0.0.0.0:80，在这里不应答其他任何请求。空列表：只使用 `listen` 的地址，由 Web 服务器把这些路径转发过来。',
  issuers: '除内置 CA 之外的签发机构，ID 由您自定，产品通过该 ID 指定签发机构（`certmux product change --issuer`）。',
  'issuers.<id>.kind':
    '`acme`：支持 ACME（RFC 8555）的 CA 以及我们在那里的账户；`pool`：由多个签发机构组成，按顺序选用第一个可用、限额有余且适合该订单的；其余为厂商以及我们在那里的账户，设置见下一个表。',
  'issuers.<id>.ca': 'certmux 已知其地址、限额和特点的 CA；`custom`：其他 CA。',
  'issuers.<id>.directory': 'CA 的目录地址。`ca` 没有固定地址时必填；填写后代替其固定地址。',
  'issuers.<id>.account':
    '我们在该 CA 的账户名称：限额和熔断都按账户计算。名称相同的签发机构共用一个账户。默认为签发机构的 ID。',
  'issuers.<id>.mode':
    'CA 如何看到域名控制权的证明。`alias`：客户把 `_acme-challenge` 一次性委派到 `aliasZone`；`serve`：由响应服务（`serve`）在 80 端口提供文件，不支持通配符；`persist`：客户设置一条长期有效的 TXT 记录。',
  'issuers.<id>.contacts': 'CA 联系您所用的邮箱。有的 CA 要求至少一个。',
  'issuers.<id>.termsAgreed': '必须为 `true`：表示您已阅读并同意该 CA 的服务条款。',
  'issuers.<id>.externalKey': '将我们的 ACME 账户与您在该 CA 的账户绑定（EAB，RFC 8555 第 7.3.4 节），CA 要求时填写。',
  'issuers.<id>.externalKey.keyId': 'CA 给出的密钥标识（`kid`）。',
  'issuers.<id>.externalKey.hmacKey': 'HMAC 密钥（base64url）。建议改用 `hmacKeyFile`。',
  'issuers.<id>.externalKey.hmacKeyFile': '保存 HMAC 密钥（base64url）的文件，不能让他人读取。',
  'issuers.<id>.externalKey.zerosslEmail': '由 ZeroSSL 为该邮箱自动生成密钥；此时不填写其他各项。',
  'issuers.<id>.caFile': 'PEM：对方 https 证书所属的根证书，用来代替公共 CA。',
  'issuers.<id>.proxy': '访问对方所用的代理：`http://user:password@host:port`。默认不使用，也不理会环境变量。',
  'issuers.<id>.profile': 'CA 的证书模板（profile）。',
  'issuers.<id>.profile.name': '名称，与 CA 目录中所列一致，例如 `tlsserver`。',
  'issuers.<id>.profile.mandatory': 'CA 不再提供该模板时是否停止下单；否则使用 CA 的默认模板。',
  'issuers.<id>.preferredChain':
    '有多条证书链时，选择根证书为该名称的一条，或其中某张证书的 SHA-256 指纹（十六进制）为该值的一条；CA 不发送根证书时，请填写中间证书的指纹。',
  'issuers.<id>.deadlineHours': '一个订单在那里最多可以处理多少小时，不含 CA 告知的限额等待时间。',
  'issuers.<id>.afterDeadline': '`fail`：取消订单并给客户退款；`wait`：继续查询，由您决定。',
  'issuers.<id>.concurrency': '同时进行的调用数。',
  'issuers.<id>.budgets':
    'CA 在一段时间内接受的数量，用来代替 certmux 已知的限额。写成列表则全部替换；按名称书写则只修改个别项，`off` 表示不使用该项。',
  'issuers.<id>.budgets.name': '显示用的名称，例如 `certificates per registered domain`。',
  'issuers.<id>.budgets.counts': '统计什么：订单、证书，或未通过的验证。',
  'issuers.<id>.budgets.per': '按什么合计：账户、可注册域名、同一组域名，或单个域名。',
  'issuers.<id>.budgets.limit': '这段时间内接受多少。',
  'issuers.<id>.budgets.windowHours': '这段时间的长度（小时）。',
  'issuers.<id>.budgets.isExemptForRenewal': '接续同一 CA 旧证书的新证书是否不计入（RFC 9773）。',
  'issuers.<id>.members': '必填：模式相同的签发机构的 ID，优先使用的写在前面。',
  'issuers.<vendor>.url':
    '厂商接口的地址，可带或不带各调用共同的路径（`/ssl`、`/services/v2`、`/v1`）。默认为厂商自己的地址；厂商已停止服务的，必须填写。',
  'issuers.<vendor>.formerUrls':
    '同一服务迁移到 `url` 之前使用过的地址：在这些地址下的订单改到 `url` 查询。未填写时，这些订单等待管理员处理。默认没有。',
  'issuers.<vendor>.credentials':
    '厂商识别我们账户的凭证，使用厂商自己的名称。`<name>File` 为保存机密内容的文件，不能让他人读取，比直接写出更好。',
  'issuers.<vendor>.account':
    '我们在该厂商的账户名称：限额、熔断和保留的往来记录都按账户计算。名称相同的签发机构共用一个账户，凭证必须一致。默认为签发机构的 ID。',
  'issuers.<vendor>.mode':
    '由谁向厂商证明域名控制权。`relay`：向客户展示厂商自己的验证信息；`standing`：厂商已为我们的账户验证过这些域名；`signfile`：客户长期放置厂商的静态文件。默认为该厂商支持的第一种。',
  'issuers.<vendor>.currency': '我们在该厂商的账户所用的币种（ISO 4217），用于价格不带币种的厂商。',
  'issuers.<vendor>.products':
    '为我们的产品购买什么：`certmux product list` 所列的产品代码，以及厂商的产品代码；期限与订单不同时，写成 `{ code, years }`、`{ code, months }` 或 `{ code, days }`。',
  'issuers.<vendor>.otherProducts': '`products` 中没有列出的产品购买什么。默认：不能购买。',
  'issuers.<vendor>.otherProducts.code': '必填：厂商的产品代码。',
  'issuers.<vendor>.otherProducts.years': '所购买的期限（年）。默认与订单相同。',
  'issuers.<vendor>.otherProducts.months': '同上，以月计。',
  'issuers.<vendor>.otherProducts.days': '同上，以天计。',
  'issuers.<vendor>.organizations': '组织在厂商的编号，按我们的组织编号（`certmux organization list`）填写。',
  'issuers.<vendor>.contact': '订单没有联系人或缺少其中某些内容时，提供给厂商的联系人。多数厂商要求姓名、电话和邮箱。',
  'issuers.<vendor>.contact.name': '姓名。',
  'issuers.<vendor>.contact.title': '职务，例如 `Operations`。',
  'issuers.<vendor>.contact.phone': '电话，带国家代码，例如 `+49 30 1234567`。',
  'issuers.<vendor>.contact.email': '邮箱地址。',
  'issuers.<vendor>.contact.address': '街道和门牌号。',
  'issuers.<vendor>.contact.city': '城市。',
  'issuers.<vendor>.contact.state': '省或州。',
  'issuers.<vendor>.contact.country': '国家的两字母代码，例如 `CN`（ISO 3166-1）。',
  'issuers.<vendor>.contact.postalCode': '邮政编码。',
  'issuers.<vendor>.contact.organization': '联系人所在的组织。',
  'issuers.<vendor>.container': '下单所用的容器（部门）在厂商的编号。默认为凭证所属的容器。',
  'issuers.<vendor>.balanceWarning': '金额，例如 `100.00 CNY`：在厂商的余额低于该金额时告警。',
  'issuers.<vendor>.caFile': 'PEM：对方 https 证书所属的根证书，用来代替公共 CA。',
  'issuers.<vendor>.proxy': '访问对方所用的代理：`http://user:password@host:port`。默认不使用，也不理会环境变量。',
  'issuers.<vendor>.deadlineHours': '一个订单在那里最多可以处理多少小时。',
  'issuers.<vendor>.afterDeadline': '`fail`：取消订单并给客户退款；`wait`：继续查询，由您决定。',
  'issuers.<vendor>.concurrency': '同时进行的调用数。',
  'issuers.<vendor>.budgets': '厂商在一段时间内接受的数量，如厂商有此限制。',
  'issuers.<vendor>.budgets.name': '显示用的名称，例如 `certificates per registered domain`。',
  'issuers.<vendor>.budgets.counts': '统计什么：订单、证书，或未通过的验证。',
  'issuers.<vendor>.budgets.per': '按什么合计：账户、可注册域名、同一组域名，或单个域名。',
  'issuers.<vendor>.budgets.limit': '这段时间内接受多少。',
  'issuers.<vendor>.budgets.windowHours': '这段时间的长度（小时）。',
  'issuers.<vendor>.budgets.isExemptForRenewal': '接续同一 CA 旧证书的新证书是否不计入（RFC 9773）。',
  'issuers.<vendor>.relayWaitSeconds': '`relay` 模式下，下单的请求最多等待厂商的验证信息多少秒，以便在应答中直接给出。',
  'profiles.<name>.maxValidityDays': '证书的最长有效期（天）。',
  'profiles.<name>.reuseDays': '一次域名验证可供同一账户之后的证书使用多少天。0：不重复使用。',
  'profiles.<name>.validationDays': '等待域名验证多少天之后，订单失败。',
  'profiles.<name>.wildcardByFile': '放在主域名下的文件是否足以验证通配符域名。公共 CA 不允许。',
  'profiles.<name>.allowsReservedIp': '是否可以为 10.0.0.1 之类的地址签发证书。',
  'profiles.<name>.requiresKnownSuffix': '域名是否必须以公共后缀列表中的后缀结尾；`.internal` 不在其中。',
  'profiles.<name>.keyKinds': '可签发的密钥类型；`rsa` 为 2048 至 4096 位。',
  'profiles.<name>.methods': '可用的域名验证方法；各前端接口提供其中自身支持的方法。',
  'profiles.<name>.backdateSeconds': '证书的起始时间比签发时间早多少秒，供时钟偏慢的客户端使用。',
  'profiles.<name>.includesCommonName': '主体（subject）是否重复写入一个域名（CN），供旧客户端读取。',
  'profiles.<name>.includesSubjectKeyId': '证书是否包含主体密钥标识符（SKI）。',
  'profiles.<name>.checksCaa': '域名的 CAA 记录是否可以禁止签发。公共 CA 必须检查；没有公网 DNS 的名称没有此记录。',
  'profiles.<name>.policyOids': '证书声明所遵循的证书策略。',
  'dialects.<name>.enabled': '是否开放该前端接口。',
  'dialects.<name>.hosts': '这些主机名下的所有路径都属于该前端接口，供只能修改主机名的客户端使用。',
  'dialects.encryption365.language': '所有消息的语言；与厂商一致，默认为中文。',
  'dialects.encryption365.suffix': 'CNAME 验证所指向、验证文件中所写的名称。不会去查询它。',
  'dialects.encryption365.timeOffset': '所显示时间（不带时区）相对 UTC 的偏移。厂商使用北京时间。',
  'dialects.encryption365.registration':
    '谁可以通过 `/account/register` 注册账户。`closed`：不开放，由管理员创建账户。',
  'dialects.encryption365.registration.authcode':
    '至少 12 个字符的口令，由您交给可以注册的人。知道它的人可以得到一个余额为零的人民币账户。修改它即可重新关闭注册。',
  'dialects.encryption365.registration.perHour': '每小时可以注册多少个账户。重启后重新计时。',
  'dialects.encryption365.registration.perHourAndNetwork': '其中来自同一地址（IPv6 为同一 /64）的账户数。',
  'dialects.wosign.language': '`other_msg` 中说明文字的语言，默认中文。',
  'dialects.wosign.statusAs': '`status` 的写法。厂商文档的表格中写的是 int，而所有示例都是字符串。',
  'dialects.httpsok.language': '所有消息的语言；与厂商一致，默认为中文。',
  'dialects.httpsok.aliasZone':
    '`_acme-challenge` 的别名所在的域名：客户的 CNAME 记录指向那里，因此请在第一条记录之前设置，之后不要更改。默认为 `aliasZone.zone`，未设置时为 `httpsok.com`；两者都设置时必须相同。',
  'dialects.httpsok.issuers':
    '`ca` 的每个取值由哪个签发机构提供（按名称）；未写的由产品的签发机构提供（`certmux product change --issuer`）。',
  'dialects.httpsok.defaultCa': '请求没有指明 `ca` 时的取值。',
  'dialects.httpsok.timeOffset': '所显示时间（不带时区）相对 UTC 的偏移。厂商使用北京时间。',
  'dialects.digicert.language': '所有消息的语言；默认为英文。',
  'dialects.digicert.requestLimits':
    '一个密钥在五秒和五分钟内可以发送多少个请求；超过的以 429 应答。默认值与厂商相同。`off`：不限制。',
  'dialects.digicert.requestLimits.per5Seconds': '一个密钥五秒内的请求数。',
  'dialects.digicert.requestLimits.per5Minutes': '一个密钥五分钟内的请求数。',
  'dialects.digicert.answerWithinMs': '所有域名都已验证的订单，最多等待多久，以便在应答中直接给出证书。0：从不等待。',
  'dialects.digicert.cnameTarget': 'CNAME 验证所指向的名称。不会去查询它。',
  'dialects.digicert.plainWebhooks':
    'Webhook 是否也可以使用 `http:`，供您自己网络内的接收方使用。厂商只接受 `https:`。',
  'dialects.digicert.revocationStatus':
    '没有跳过审批的吊销请求如何应答：已知的客户端需要 `submitted`，厂商文档写的是 `pending`。',
  'dialects.racent.language': '所有消息的语言；与厂商一致，默认为中文。',
  'dialects.racent.suffix': 'CNAME 验证所指向、验证文件中所写的名称。不会去查询它。',
  'dialects.racent.timeOffset': '所显示时间（不带时区）相对 UTC 的偏移。厂商使用北京时间。',
  'dialects.racent.certificateDays':
    '一张证书的有效天数。多年的订单由先后签发的多张证书满足，每一张都在前一张到期之前签发。',
  'dialects.racent.generatedKey': '订单没有 CSR 时生成的密钥类型：2048 位 RSA，或 P-256。',
  'dialects.racent.pkcs12':
    '`collect` 给出的 PKCS#12 文件的加密方式：AES-256（SHA-256），或旧的 3DES（SHA-1），后者用于早于 Windows 10（1709）和 Server 2019 的系统。',
  'dialects.acme.directories': '按其 URL 中的名称列出：`/acme/<name>/directory`。',
};
