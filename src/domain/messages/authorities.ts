/** What stands against a certificate, a list or a key that comes from outside for the server's own CA; and orders that wait for it. */
import { type None, row } from './row.ts';

export const authorityReasons = {
  authorityAwaited: row<None>(
    'unavailable',
    () =>
      'the CA of this server has no certificate yet: the order goes on by itself once the operator has installed it (certmux ca requests shows what waits, certmux ca install ends the wait)',
    () =>
      '本服务器的 CA 尚无证书。管理员安装证书后订单会自动继续（certmux ca requests 查看等待中的请求，certmux ca install 安装证书）',
  ),
  caAwaited: row<None>(
    'wrongState',
    () =>
      'the CA of this server has no certificate yet, and orders wait for it: make a request for the CA outside (certmux ca request), and install what it signs (certmux ca install)',
    () =>
      '本服务器的 CA 尚无证书，订单都在等待：请生成提交给外部 CA 的请求（certmux ca request），再安装其签发的证书（certmux ca install）',
  ),
  caRequestWaits: row<{ subject: string }>(
    'wrongState',
    (p) =>
      `the CA of this server has no certificate yet, and orders wait for it: the request of ${p.subject} is to be signed by the CA outside (certmux ca requests shows it), and its certificate installed (certmux ca install)`,
    (p) =>
      `本服务器的 CA 尚无证书，订单都在等待：请由外部 CA 签发 ${p.subject} 的请求（certmux ca requests 可查看），再安装其证书（certmux ca install）`,
  ),
  serverCertificateAwaited: row<None>(
    'unavailable',
    () =>
      "tls.selfServed needs a certificate of this server's own CA, which has none yet: start without tls or with tls.certFile and tls.keyFile, and use tls.selfServed after certmux ca install",
    () =>
      'tls.selfServed 需要由本服务器自己的 CA 签发证书，而该 CA 尚无证书。请先不配置 tls，或使用 tls.certFile 和 tls.keyFile 启动，在 certmux ca install 之后再启用 tls.selfServed',
  ),
  nameOutsideAuthority: row<{ name: string; constraint: string; authority: string }>(
    'refusedName',
    (p) =>
      `${p.name} cannot be certified: the CA certificate ${p.authority} permits only ${p.constraint}; leave the name out, or ask the operator for another CA`,
    (p) =>
      `无法为 ${p.name} 签发证书：CA 证书 ${p.authority} 只允许 ${p.constraint}。请去掉该名称，或联系管理员更换 CA`,
  ),
  nameExcludedByAuthority: row<{ name: string; constraint: string; authority: string }>(
    'refusedName',
    (p) =>
      `${p.name} cannot be certified: the CA certificate ${p.authority} excludes ${p.constraint}; leave the name out, or ask the operator for another CA`,
    (p) =>
      `无法为 ${p.name} 签发证书：CA 证书 ${p.authority} 排除了 ${p.constraint}。请去掉该名称，或联系管理员更换 CA`,
  ),
  requestWaits: row<{ id: string; subject: string }>(
    'wrongState',
    (p) =>
      `a request of this authority waits already, ${p.id} (${p.subject}): install its certificate, or withdraw it with certmux ca withdraw ${p.id}`,
    (p) => `该签发机构已有等待中的请求 ${p.id}（${p.subject}）。请安装其证书，或用 certmux ca withdraw ${p.id} 撤回`,
  ),
  requestsTooMany: row<{ limit: number }>(
    'wrongState',
    (p) => `${p.limit} requests wait already; withdraw those that are not needed with certmux ca withdraw`,
    (p) => `已有 ${p.limit} 个等待中的请求。请用 certmux ca withdraw 撤回不再需要的请求`,
  ),
  authorityKeyOutside: row<{ authority: string }>(
    'wrongState',
    (p) =>
      `the key of ${p.authority} is not on this server: have it done where the key is (certmux ca sign-request, certmux ca sign-list), and bring the file here (certmux ca install, certmux ca list upload)`,
    (p) =>
      `${p.authority} 的密钥不在本服务器上。请在保管密钥的地方完成（certmux ca sign-request、certmux ca sign-list），再把文件交给本服务器（certmux ca install、certmux ca list upload）`,
  ),
  authorityKeyHere: row<{ authority: string }>(
    'wrongState',
    (p) => `the key of ${p.authority} is on this server, which makes its lists by itself: certmux ca publish-crl`,
    (p) => `${p.authority} 的密钥在本服务器上，其吊销列表由本服务器生成：certmux ca publish-crl`,
  ),
  noCertificateInFile: row<{ file: string }>(
    'invalidField',
    (p) => `${p.file} holds no certificate; give files of certificates: PEM, DER, or PKCS #7 (.p7b)`,
    (p) => `${p.file} 中没有证书。请提供证书文件：PEM、DER 或 PKCS #7（.p7b）`,
  ),
  certificateForNoKey: row<{ subjects: string; waiting: string }>(
    'invalidField',
    (p) =>
      `none of the certificates is for a key of this server: they are of ${p.subjects}; ${p.waiting === '' ? 'no request waits (certmux ca request makes one)' : `it waits for ${p.waiting}`}`,
    (p) =>
      `没有一张证书对应本服务器的密钥：文件中为 ${p.subjects}；${p.waiting === '' ? '没有等待中的请求（certmux ca request 可新建）' : `等待中的为 ${p.waiting}`}`,
  ),
  certificatesForOneKey: row<{ subject: string }>(
    'invalidField',
    (p) => `the files hold several certificates for the key of ${p.subject}; give only the one that is to be used`,
    (p) => `文件中有多张证书对应 ${p.subject} 的密钥，请只提供要使用的那一张`,
  ),
  certificateNoCa: row<{ subject: string }>(
    'invalidField',
    (p) =>
      `the certificate ${p.subject} is not one of a CA (basicConstraints without CA:TRUE); have the request signed as a subordinate CA`,
    (p) => `证书 ${p.subject} 不是 CA 证书（basicConstraints 没有 CA:TRUE）。请按下级 CA 签发该请求`,
  ),
  certificateLacksUsage: row<{ subject: string; missing: string }>(
    'invalidField',
    (p) =>
      `the key usage of the certificate ${p.subject} lacks ${p.missing}; a CA needs keyCertSign and cRLSign, as the request asks for`,
    (p) => `证书 ${p.subject} 的密钥用途缺少 ${p.missing}。CA 证书需要 keyCertSign 和 cRLSign，请求中已包含`,
  ),
  pathTooShort: row<{ subject: string; length: number; needed: number }>(
    'invalidField',
    (p) =>
      `the path length of the certificate ${p.subject} is ${p.length}, but ${p.needed} CAs stand below it; it must be signed with a path length of at least ${p.needed}`,
    (p) => `证书 ${p.subject} 的路径长度为 ${p.length}，而其下有 ${p.needed} 级 CA。签发时路径长度至少应为 ${p.needed}`,
  ),
  purposeNotAllowed: row<{ subject: string }>(
    'invalidField',
    (p) =>
      `the extended key usage of the certificate ${p.subject} does not include serverAuth, so clients would refuse every server certificate below it`,
    (p) => `证书 ${p.subject} 的扩展密钥用途不含 serverAuth，其下的服务器证书都会被客户端拒绝`,
  ),
  extensionUnknownCritical: row<{ subject: string; extension: string }>(
    'invalidField',
    (p) =>
      `the certificate ${p.subject} has the critical extension ${p.extension}, which certmux does not know: clients would refuse it`,
    (p) => `证书 ${p.subject} 含有 certmux 不认识的关键扩展 ${p.extension}，会被客户端拒绝`,
  ),
  constraintsUnreadable: row<{ subject: string; detail: string }>(
    'invalidField',
    (p) => `the name constraints of the certificate ${p.subject} cannot be read: ${p.detail}`,
    (p) => `无法读取证书 ${p.subject} 的名称约束：${p.detail}`,
  ),
  constraintsExcludeAll: row<{ subject: string }>(
    'invalidField',
    (p) =>
      `the name constraints of the certificate ${p.subject} exclude every DNS name and every address, so nothing could be issued`,
    (p) => `证书 ${p.subject} 的名称约束排除了所有域名和 IP 地址，无法签发任何证书`,
  ),
  subjectOutsideConstraints: row<{ subject: string; constraint: string; authority: string }>(
    'invalidField',
    (p) =>
      `the name of the certificate, ${p.subject}, is not allowed by the constraints of ${p.authority} (${p.constraint}); make a request with a name that is`,
    (p) => `证书名称 ${p.subject} 不符合 ${p.authority} 的名称约束（${p.constraint}）。请用符合约束的名称重新生成请求`,
  ),
  signatureTooWeak: row<{ subject: string; algorithm: string }>(
    'invalidField',
    (p) =>
      `the certificate ${p.subject} is signed with ${p.algorithm}; it must be SHA-256 or better, with RSA (PKCS #1), ECDSA or Ed25519`,
    (p) => `证书 ${p.subject} 的签名算法为 ${p.algorithm}，应为 SHA-256 或更强的 RSA（PKCS #1）、ECDSA 或 Ed25519`,
  ),
  authorityKeyUnfit: row<{ subject: string; key: string }>(
    'invalidField',
    (p) =>
      `the key of the certificate ${p.subject} is ${p.key}; a CA needs RSA of 2048 to 4096 bits, P-256, P-384, P-521 or Ed25519`,
    (p) => `证书 ${p.subject} 的密钥为 ${p.key}。CA 密钥应为 2048 至 4096 位 RSA、P-256、P-384、P-521 或 Ed25519`,
  ),
  caSerialUnfit: row<{ subject: string; serial: string }>(
    'invalidField',
    (p) =>
      `the certificate ${p.subject} has the serial number ${p.serial}; it must be positive and of at most 20 octets (RFC 5280, 4.1.2.2), or clients refuse it: have it signed again under another number`,
    (p) =>
      `证书 ${p.subject} 的序列号为 ${p.serial}，而序列号必须大于零且不超过 20 字节（RFC 5280，4.1.2.2），否则客户端会拒绝它。请改用其他序列号另行签发`,
  ),
  keyIdMissing: row<{ subject: string }>(
    'invalidField',
    (p) =>
      `the certificate ${p.subject} has no subject key identifier, which certificates below it must name (RFC 5280, 4.2.1.2)`,
    (p) => `证书 ${p.subject} 缺少主体密钥标识符（RFC 5280，4.2.1.2），其下的证书无法引用`,
  ),
  caNotYetValid: row<{ subject: string; from: string; now: string }>(
    'invalidField',
    (p) =>
      `the certificate ${p.subject} is valid from ${p.from} on, and the server's clock shows ${p.now}; install it then`,
    (p) => `证书 ${p.subject} 自 ${p.from} 起有效，而服务器时钟显示 ${p.now}。请届时再安装`,
  ),
  caEnded: row<{ subject: string; until: string; now: string }>(
    'invalidField',
    (p) => `the certificate ${p.subject} ended on ${p.until}, and the server's clock shows ${p.now}; have it renewed`,
    (p) => `证书 ${p.subject} 已于 ${p.until} 到期，服务器时钟显示 ${p.now}。请先更新该证书`,
  ),
  caTooShort: row<{ subject: string; until: string; profile: string; days: number }>(
    'invalidField',
    (p) =>
      `the certificate ${p.subject} ends on ${p.until}, before a certificate of ${p.days} days of the profile ${p.profile} would; install it with --shorter if such certificates are not needed`,
    (p) =>
      `证书 ${p.subject} 将于 ${p.until} 到期，早于策略 ${p.profile} 的 ${p.days} 天证书。如不需要这样的证书，可用 --shorter 安装`,
  ),
  subjectEmpty: row<None>(
    'invalidField',
    () => 'the certificate has an empty subject; a CA needs a name, which certificates below it repeat as their issuer',
    () => '证书的主体名称为空。CA 需要名称，其下的证书以该名称作为签发机构',
  ),
  issuerCertificateMissing: row<{ subject: string; issuer: string }>(
    'invalidField',
    (p) =>
      `the certificate of ${p.issuer}, which signed ${p.subject}, is not among the files and not known here; give it as well, up to the root`,
    (p) => `缺少 ${p.issuer} 的证书（它签发了 ${p.subject}），文件中没有，本服务器也没有。请一并提供，直至根证书`,
  ),
  issuerKeyDiffers: row<{ subject: string; issuer: string }>(
    'invalidField',
    (p) =>
      `${p.subject} names a key of ${p.issuer} that the certificate at hand does not have (authority key identifier); give the certificate of ${p.issuer} for the key that signed`,
    (p) =>
      `${p.subject} 引用的 ${p.issuer} 的密钥与现有证书不符（authorityKeyIdentifier）。请提供 ${p.issuer} 实际用于签名的证书`,
  ),
  notSignedByIssuer: row<{ subject: string; issuer: string }>(
    'invalidField',
    (p) =>
      `the signature of ${p.subject} was not made by the key of ${p.issuer}; the file is damaged, or it is another CA of the same name`,
    (p) => `${p.subject} 的签名不是由 ${p.issuer} 的密钥产生的。文件可能已损坏，或是另一个同名的 CA`,
  ),
  chainTooLong: row<{ limit: number }>(
    'invalidField',
    (p) => `more than ${p.limit} certificates stand above the one to install`,
    (p) => `待安装的证书之上超过 ${p.limit} 张证书`,
  ),
  ownRootInstalled: row<{ subject: string }>(
    'invalidField',
    (p) =>
      `the certificate ${p.subject} is signed by its own key; a root of this server is made here, and a subordinate CA is signed by another one`,
    (p) => `证书 ${p.subject} 是自签名的。本服务器的根证书在此生成，下级 CA 应由其他 CA 签发`,
  ),
  certificateNotUsed: row<{ subject: string }>(
    'invalidField',
    (p) => `the certificate ${p.subject} has no place in the chain and is left out`,
    (p) => `证书 ${p.subject} 不在证书链中，已忽略`,
  ),
  subjectDiffers: row<{ asked: string; found: string }>(
    'invalidField',
    (p) =>
      `the CA has changed the name: the request says ${p.asked}, the certificate ${p.found}; the certificate counts`,
    (p) => `CA 更改了名称：请求中为 ${p.asked}，证书中为 ${p.found}，以证书为准`,
  ),
  pathLengthDiffers: row<{ subject: string; asked: number; found: number | null }>(
    'invalidField',
    (p) =>
      `the request of ${p.subject} asks for the path length ${p.asked}, the certificate has ${p.found ?? 'none, so that any number of CAs may be below'}; the certificate counts`,
    (p) =>
      `${p.subject} 的请求要求路径长度为 ${p.asked}，证书中${p.found === null ? '未限制，其下可有任意数量的 CA' : `为 ${p.found}`}，以证书为准`,
  ),
  policyDemanded: row<{ subject: string; profiles: string; allowed: string }>(
    'invalidField',
    (p) =>
      `${p.subject}, or a CA above it, demands a certificate policy${p.allowed === '' ? '' : ` (one of ${p.allowed})`}, and certificates of these profiles have none that it allows: ${p.profiles}; clients that check policies refuse them: have it signed without requireExplicitPolicy, or set policyOids in those profiles`,
    (p) =>
      `${p.subject} 或其上级 CA 要求证书声明策略 OID${p.allowed === '' ? '' : `（${p.allowed} 之一）`}，而以下证书模板签发的证书没有：${p.profiles}；检查策略的客户端会拒绝这些证书：请改为签发不含 requireExplicitPolicy 的 CA 证书，或在这些证书模板中设置 policyOids`,
  ),
  namesOutsideNow: row<{ count: number; example: string; constraint: string }>(
    'invalidField',
    (p) =>
      `${p.count} names that are certified now are outside of the name constraints (${p.constraint}), ${p.example} among them: they cannot be renewed`,
    (p) => `现有证书中有 ${p.count} 个名称不符合名称约束（${p.constraint}），例如 ${p.example}，到期后无法再次签发`,
  ),
  listOfOther: row<{ issuer: string; authority: string }>(
    'invalidField',
    (p) => `the list is of ${p.issuer}, not of ${p.authority}`,
    (p) => `该吊销列表由 ${p.issuer} 签发，而不是 ${p.authority}`,
  ),
  listNotSigned: row<{ authority: string }>(
    'invalidField',
    (p) => `the signature of the list was not made by the key of ${p.authority}`,
    (p) => `该吊销列表的签名不是由 ${p.authority} 的密钥产生的`,
  ),
  listNumberBack: row<{ number: string; newest: string }>(
    'invalidField',
    (p) =>
      `the list has the number ${p.number}, but ${p.newest} is served already; numbers only grow (RFC 5280, 5.2.3)`,
    (p) => `该吊销列表编号为 ${p.number}，而已发布的为 ${p.newest}。编号只能增大（RFC 5280，5.2.3）`,
  ),
  listWithoutNumber: row<None>(
    'invalidField',
    () => 'the list has no CRL number, so nobody can tell which of two is newer (RFC 5280, 5.2.3)',
    () => '该吊销列表没有编号，无法判断新旧（RFC 5280，5.2.3）',
  ),
  listOver: row<{ until: string; now: string }>(
    'invalidField',
    (p) => `the list ended on ${p.until}, and the server's clock shows ${p.now}; have a new one made`,
    (p) => `该吊销列表已于 ${p.until} 过期，服务器时钟显示 ${p.now}。请生成新的列表`,
  ),
  listNotYet: row<{ from: string; now: string }>(
    'invalidField',
    (p) =>
      `the list begins on ${p.from}, and the server's clock shows ${p.now}: clients would refuse it; wait until then, or set the clock that is wrong`,
    (p) => `该吊销列表自 ${p.from} 起生效，而服务器时钟显示 ${p.now}，客户端会拒绝它。请等到生效时间，或校正不准的时钟`,
  ),
  listUnknownCritical: row<{ extension: string }>(
    'invalidField',
    (p) =>
      `the list has the critical extension ${p.extension}, which certmux does not know, so clients would refuse it; have a list made without it`,
    (p) => `该吊销列表含有 certmux 不认识的关键扩展 ${p.extension}，客户端会拒绝它。请生成不含此扩展的列表`,
  ),
  listWithoutEnd: row<None>(
    'invalidField',
    () => 'the list does not say when the next one comes (nextUpdate), which RFC 5280 requires (5.1.2.5)',
    () => '该吊销列表没有下次更新时间（nextUpdate），RFC 5280（5.1.2.5）要求必须有',
  ),
  listPartial: row<None>(
    'invalidField',
    () =>
      'the list speaks only for a part of the certificates (delta list or issuing distribution point); give the whole list',
    () => '该吊销列表只包含部分证书（增量列表或带分发点限制），请提供完整列表',
  ),
  rootOnly: row<{ authority: string }>(
    'wrongState',
    (p) => `${p.authority} is not a root; only the keys of roots are taken out, since the others sign every day`,
    (p) => `${p.authority} 不是根。只有根的密钥可以取出，其他签发机构每天都要签名`,
  ),
  passphraseTooShort: row<{ length: number; least: number }>(
    'invalidField',
    (p) =>
      `the passphrase has ${p.length} characters; it must have at least ${p.least}, since it alone protects the key`,
    (p) => `密码只有 ${p.length} 个字符，至少需要 ${p.least} 个，因为密钥只靠它保护`,
  ),
  keyProofWrong: row<{ authority: string }>(
    'invalidField',
    (p) =>
      `the proof was not made by the key of ${p.authority}, so the key stays here: export it again, and have the exported file make the proof`,
    (p) => `该证明不是由 ${p.authority} 的密钥产生的，密钥保留在本服务器。请重新导出，并用导出的文件生成证明`,
  ),
  nothingBelowRoot: row<{ authority: string }>(
    'wrongState',
    (p) => `no intermediate of this server hangs under ${p.authority} yet: nothing could be issued without its key`,
    (p) => `${p.authority} 之下还没有中间签发机构，取走密钥后无法签发任何证书`,
  ),
  keyFileExists: row<{ file: string }>(
    'wrongState',
    (p) =>
      `${p.file} is there already and does not hold this key under this passphrase; a key is never written over another file: name a new one, or remove that file`,
    (p) => `${p.file} 已存在，且用此密码打开的不是该密钥；密钥不会覆盖已有文件，请使用新的文件名，或先删除该文件`,
  ),
  keyFileNotOpened: row<{ file: string }>(
    'invalidField',
    (p) => `the key in ${p.file} cannot be opened: the passphrase is wrong, or it is no private key in PEM (PKCS#8)`,
    (p) => `无法打开 ${p.file} 中的密钥：密码错误，或不是 PEM 格式的私钥（PKCS#8）`,
  ),
  offlineLintFound: row<{ rule: string; source: string; found: string }>(
    'invalidField',
    (p) =>
      `nothing was signed: it would break the lint rule ${p.rule} (${p.source}), found ${p.found === '' ? 'nothing' : `"${p.found}"`}; docs/lint.md says what the rule asks for`,
    (p) =>
      `未签名：内容不符合检查规则 ${p.rule}（${p.source}），实际${p.found === '' ? '缺失' : `为“${p.found}”`}；规则的要求见 docs/lint.md`,
  ),
  listNumberTooLarge: row<{ number: string }>(
    'invalidField',
    (p) =>
      `no list is made with the number ${p.number}: the largest is 2^48 - 1; make it with the tool that made the list before`,
    (p) => `无法生成编号为 ${p.number} 的列表：编号最大为 2^48 - 1，请用生成上一份列表的工具生成`,
  ),
  keyOfOtherCertificate: row<{ file: string; subject: string }>(
    'invalidField',
    (p) => `the key in ${p.file} is not that of the certificate ${p.subject}`,
    (p) => `${p.file} 中的密钥与证书 ${p.subject} 不匹配`,
  ),
  revokesOfOther: row<{ subject: string; authority: string }>(
    'invalidField',
    (p) => `the certificate ${p.subject} was not issued by ${p.authority}, whose list cannot name it`,
    (p) => `证书 ${p.subject} 不是由 ${p.authority} 签发的，不能列入其吊销列表`,
  ),
} as const;
