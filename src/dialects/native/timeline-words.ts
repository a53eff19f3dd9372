/** The lines of an order's timeline, for people. What is not named here is no part of an order's history. */
import type { EventKind } from '../../domain/event.ts';
import type { Language } from '../../domain/language.ts';

type Words = Readonly<Record<Language, string>>;

const words = (en: string, zh: string): Words => ({ en, zh });

export const timelineWords = {
  'order.placed': words('placed', '提交订单'),
  'order.reissued': words('a reissue was requested', '申请重签'),
  'order.reissueWithdrawn': words('the reissue was withdrawn', '撤回重签'),
  'order.duplicated': words('a duplicate was requested', '申请副本证书'),
  'order.duplicateWithdrawn': words('the duplicate was withdrawn', '撤回副本申请'),
  'order.csrProvided': words('the CSR came', '补交 CSR'),
  'order.reissueFailed': words('the automatic reissue was refused', '自动重签失败'),
  'order.renewalFailed': words('the automatic renewal was refused', '自动续订失败'),
  'approval.firstStep': words('the first of two steps was approved', '初审通过'),
  'revocation.requested': words('revocation was requested', '申请吊销'),
  'revocation.approved': words('revocation was approved', '批准吊销'),
  'revocation.rejected': words('revocation was rejected', '拒绝吊销'),
  'revocation.withdrawn': words('the request for revocation was withdrawn', '撤回吊销申请'),
  'order.approved': words('approved', '审批通过'),
  'order.rejected': words('rejected', '审批拒绝'),
  'order.cancelled': words('cancelled', '取消订单'),
  'order.failed': words('the order failed', '订单失败'),
  'order.ended': words('its coverage ended', '服务期结束'),
  'order.namesRemoved': words('names were taken out', '移除域名'),
  'order.removalRequested': words('the issuer was to take names out', '请求签发机构移除域名'),
  'order.removalRefused': words('the issuer did not take names out', '签发机构未移除域名'),
  'order.refunded': words('refunded', '退款'),
  'order.changed': words('changed', '修改订单'),
  'order.noteAdded': words('a note was added', '添加备注'),
  'order.noteChanged': words('a note was changed', '修改备注'),
  'order.noteRemoved': words('a note was removed', '删除备注'),
  'order.shared': words('a link was made that shows what to place', '生成分享链接'),
  'order.shareRemoved': words('a link was removed', '删除分享链接'),
  'validation.methodChanged': words('another method was chosen', '更换验证方式'),
  'validation.methodRefused': words('the issuer refused the method', '签发机构拒绝该验证方式'),
  'validation.proofsWanted': words('the issuer named its challenges', '签发机构已提供验证信息'),
  'validation.checkRequested': words('a check was requested', '请求立即检查'),
  'validation.mailRequested': words('a mail was requested', '请求发送验证邮件'),
  'validation.mailSent': words('the mail was sent', '验证邮件已发送'),
  'validation.mailUndelivered': words('the mail could not be delivered', '验证邮件无法送达'),
  'validation.mailRejected': words('the reader of the mail refused', '收件人拒绝验证'),
  'authorization.proved': words('the name is proved', '域名验证通过'),
  'authorization.checkRequested': words('a check was requested', '请求立即检查'),
  'authorization.failed': words('the check failed for good', '域名验证失败'),
  'authorization.deactivated': words('the proof was deactivated', '停用域名授权'),
  'authorization.renounced': words('a client gave up the proof', '客户端放弃域名授权'),
  'issuance.failed': words('the attempt failed', '签发失败'),
  'issuance.waits': words('it waits, although every name is proved', '域名已全部验证，等待其他条件'),
  'issuance.plannedAgain': words('it was planned again', '重新安排签发'),
  'upstream.cancelled': words('it was cancelled at the upstream', '已在上游取消'),
  'upstream.lost': words('the upstream does not know the order', '上游查不到该订单'),
  'upstream.resolved': words('the operator said what became of it at the upstream', '管理员已确认上游订单结果'),
  'certificate.issued': words('the certificate was issued', '证书已签发'),
  'certificate.unfit': words(
    'a certificate came that is not what was ordered; it was refused',
    '收到的证书与订单不符，已拒收',
  ),
  'certificate.withheld': words('a certificate came when it was no longer wanted', '证书在不再需要后到达，未交付'),
  'certificate.revoked': words('a certificate was revoked', '证书已吊销'),
  'certificate.revokedUpstream': words('it was revoked at the upstream', '已在上游吊销'),
  'certificate.reasonRaised': words('the reason of a revocation became key compromise', '吊销原因改为密钥泄露'),
  'certificate.sendingAsked': words('the certificate was to be sent by mail', '请求邮寄证书'),
  'key.delivered': words('the private key was handed out', '私钥已交付'),
  'notice.sent': words('a mail was sent', '邮件已发送'),
  'notice.undelivered': words('a mail could not be delivered', '邮件无法送达'),
  'notification.replayed': words('a webhook message is sent again', '重新推送 Webhook'),
  'notification.delivered': words('a webhook message was taken', 'Webhook 推送成功'),
  'notification.tried': words('a webhook message was not taken', 'Webhook 推送未成功'),
  'notification.failed': words('a webhook message was given up', 'Webhook 推送已放弃'),
} as const satisfies Partial<Record<EventKind, Words>>;

export const checkWords = {
  proved: words('the proof was found', '检查通过'),
  failed: words('looked for the proof, and did not find it', '检查未通过'),
} as const;

/** Events of other kinds, which a later version may record of an order, show by their kind. */
export function timelineText(kind: EventKind, language: Language): string {
  const table: Readonly<Partial<Record<EventKind, Words>>> = timelineWords;
  return table[kind]?.[language] ?? kind;
}
