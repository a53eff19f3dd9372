/** Refusals of what is handed in when a CA is taken over: its key, its certificates, its last list, and what it has issued. */
import { type IndexFault, indexFaultText } from './faults.ts';
import { type None, row } from './row.ts';

export const authorityImportReasons = {
  caKeyUnreadable: row<None>(
    'badKey',
    () =>
      'the key file holds no private key that can be read; PKCS#8 is taken (PEM or DER, encrypted or not), the older PEM forms, and PKCS#12: openssl pkcs8 -topk8 -in FILE makes the first',
    () =>
      '密钥文件中没有可读取的私钥；可用 PKCS#8（PEM 或 DER，可加密）、旧的 PEM 格式或 PKCS#12，用 openssl pkcs8 -topk8 -in 文件 可转换为 PKCS#8',
  ),
  caKeyPasswordMissing: row<None>(
    'invalidField',
    () => 'the key file is encrypted; give its password (--password-file, or password in the API)',
    () => '密钥文件已加密，请提供其密码（--password-file，API 中为 password）',
  ),
  caKeyPasswordWrong: row<None>(
    'invalidField',
    () => 'the password does not open the key file; give the one that it was encrypted under',
    () => '密码无法打开密钥文件，请提供加密该文件时所用的密码',
  ),
  caKeyEncryption: row<{ algorithm: string }>(
    'unsupported',
    (p) =>
      `the key file is encrypted in a way that is not read here (${p.algorithm}); encrypt it again: openssl pkcs8 -topk8 -v2 aes-256-cbc -in FILE`,
    (p) => `不支持密钥文件的加密方式（${p.algorithm}），请用 openssl pkcs8 -topk8 -v2 aes-256-cbc -in 文件 重新加密`,
  ),
  caKeysSeveral: row<{ count: number }>(
    'badKey',
    (p) => `the key file holds ${p.count} private keys; leave the one of the CA in it`,
    (p) => `密钥文件中有 ${p.count} 个私钥，请只保留 CA 的私钥`,
  ),
  caKeyKind: row<{ key: string }>(
    'badKey',
    (p) =>
      `the key of the CA is ${p.key}; the key of an authority is RSA of 2048 to 4096 bits, P-256 or P-384: this CA cannot be taken over`,
    (p) => `该 CA 的密钥是 ${p.key}；签发机构的密钥须为 RSA 2048–4096、P-256 或 P-384，无法接管该 CA`,
  ),
  caIndexLine: row<{ file: string; line: number; detail: IndexFault }>(
    'invalidField',
    (p) => `${p.file}:${p.line} cannot be taken: ${indexFaultText(p.detail, 'en')}; correct the line or take it out`,
    (p) => `${p.file} 第 ${p.line} 行有误：${indexFaultText(p.detail, 'zh')}，请更正或删除该行`,
  ),
  importCertificateMissing: row<{ subjects: string }>(
    'invalidField',
    (p) =>
      `no certificate of the CA's own key was given (${p.subjects === '' ? 'none at all' : p.subjects}); give it with --certificate, and those above it`,
    (p) =>
      `没有提供与该 CA 密钥对应的证书（${p.subjects === '' ? '未提供任何证书' : `提供的是 ${p.subjects}`}），请用 --certificate 提供该证书及其上级证书`,
  ),
  issuedUnreadable: row<{ file: string; detail: string }>(
    'invalidField',
    (p) =>
      `${p.file} holds a certificate that cannot be read: ${p.detail}; take the file out of the folder, or repair it`,
    (p) => `${p.file} 中的证书无法读取：${p.detail}，请将该文件移出目录或修复`,
  ),
  importKnown: row<{ authority: string; subject: string }>(
    'conflict',
    (p) =>
      `the key of ${p.subject} is here already, as ${p.authority}: nothing is left to be taken over (certmux ca show)`,
    (p) => `${p.subject} 的密钥已在本服务器上（${p.authority}），无需再次接管（certmux ca show）`,
  ),
  formerListUnreadable: row<None>(
    'invalidField',
    () => 'the last list of the CA cannot be read; give the CRL file that it published, PEM or DER',
    () => '无法读取该 CA 的最后一个吊销列表，请提供其发布的 CRL 文件（PEM 或 DER）',
  ),
  formerListOfOther: row<{ issuer: string; subject: string }>(
    'invalidField',
    (p) => `the list is of ${p.issuer}, not of ${p.subject}; give the last list of that CA`,
    (p) => `该吊销列表由 ${p.issuer} 签发，而不是 ${p.subject}，请提供该 CA 的最后一个吊销列表`,
  ),
  formerListNotSigned: row<{ subject: string }>(
    'invalidField',
    (p) =>
      `the signature of the list was not made by the key of ${p.subject}; the file is damaged, or it is of another CA of that name`,
    (p) => `该吊销列表的签名不是由 ${p.subject} 的密钥产生的，文件可能已损坏，或来自同名的其他 CA`,
  ),
  formerListPartial: row<None>(
    'invalidField',
    () =>
      'the list speaks only for a part of the certificates (delta list or issuing distribution point); give the last whole list',
    () => '该吊销列表只包含部分证书（增量列表或带分发点限制），请提供最后一个完整列表',
  ),
  formerListUnnumbered: row<None>(
    'invalidField',
    () =>
      'the list has no CRL number, so ours cannot go on from it; leave it out, and give the index and --list-number',
    () => '该吊销列表没有编号，无法接续；请不要提供该列表，改为提供索引文件和 --list-number',
  ),
  formerListNumber: row<{ number: string }>(
    'unsupported',
    (p) =>
      `the number of the last list is ${p.number}; lists here are numbered by counting, up to 2^48, so this CA cannot be taken over with its lists`,
    (p) => `最后一个吊销列表的编号为 ${p.number}；本服务器的列表编号依次递增，最大为 2^48，无法接续该 CA 的吊销列表`,
  ),
  uploadUnknown: row<{ upload: string }>(
    'notFound',
    (p) => `there are no serials under ${p.upload}: they were imported, or forgotten after a day; hand them in again`,
    (p) => `没有 ${p.upload} 对应的序列号：可能已导入，或超过一天已被清除，请重新提交`,
  ),
  serialUnknown: row<{ serial: string; authority: string }>(
    'notFound',
    (p) =>
      `${p.authority} has issued no certificate with the serial number ${p.serial} before it came here, as far as is known`,
    (p) => `据已导入的记录，${p.authority} 在接管之前没有签发过序列号为 ${p.serial} 的证书`,
  ),
  serialOfCertificate: row<{ serial: string; certificate: string }>(
    'wrongState',
    (p) =>
      `the serial number ${p.serial} is of a certificate that was issued here: certmux certificate revoke ${p.certificate}`,
    (p) => `序列号 ${p.serial} 属于本服务器签发的证书：certmux certificate revoke ${p.certificate}`,
  ),
  serialRevoked: row<{ serial: string; at: string; reason: string }>(
    'wrongState',
    (p) =>
      `the serial number ${p.serial} was revoked on ${p.at} already (${p.reason}); its reason can only be changed to keyCompromise`,
    (p) => `序列号 ${p.serial} 已于 ${p.at} 吊销（${p.reason}），之后只能将原因改为 keyCompromise`,
  ),
  importWithoutList: row<None>(
    'invalidField',
    () =>
      'no last list was given: the lists of this CA are numbered from 1 here, and clients that know one of a higher number may refuse them; give it with --list, or its number with --list-number',
    () =>
      '没有提供最后一个吊销列表：本服务器将从 1 开始编号，已知更大编号的客户端可能拒绝；请用 --list 提供该列表，或用 --list-number 提供其编号',
  ),
  importListOver: row<{ until: string }>(
    'invalidField',
    (p) => `the last list ended on ${p.until}: there may be a later one, whose revocations would be missing here`,
    (p) => `最后一个吊销列表已于 ${p.until} 过期：可能还有更新的列表，其中的吊销不会出现在这里`,
  ),
  importWithoutSerials: row<None>(
    'invalidField',
    () =>
      'neither an index nor a folder of certificates was given: only what the list names is known of what this CA has issued',
    () => '没有提供索引文件或证书目录：对该 CA 已签发的证书，只知道吊销列表中的那些',
  ),
  importEndsSoon: row<{ subject: string; until: string; days: number }>(
    'invalidField',
    (p) =>
      `${p.subject} ends on ${p.until}, before a certificate of ${p.days} days would: such orders wait or are refused`,
    (p) => `${p.subject} 将于 ${p.until} 到期，早于 ${p.days} 天的证书：这类订单将等待或被拒绝`,
  ),
  importRootOnly: row<{ subject: string }>(
    'invalidField',
    (p) =>
      `${p.subject} is a root: it goes on with its lists here, and signs no certificates of subscribers itself; an intermediate under it does`,
    (p) => `${p.subject} 是根：其吊销列表在此接续，但不直接签发用户证书，由其下的中间签发机构签发`,
  ),
  importRootNarrow: row<{ subject: string }>(
    'invalidField',
    (p) =>
      `the path length of ${p.subject} is 0, so no intermediate can be made under it: its lists go on here, and new certificates come from another CA`,
    (p) => `${p.subject} 的路径长度为 0，其下不能再有中间签发机构：其吊销列表在此接续，新证书由其他 CA 签发`,
  ),
  importUnreadBeside: row<{ algorithm: string }>(
    'unsupported',
    (p) =>
      `certificates in the key file are encrypted with ${p.algorithm}, which is not read here; those given with --certificate count`,
    (p) => `密钥文件中的证书以 ${p.algorithm} 加密，无法读取，以 --certificate 提供的证书为准`,
  ),
} as const;
