/** The older forms of the calls that prove control of a domain: with POST, and with the method as `method`. */
import { refuse } from '../../../domain/errors.ts';
import { callerOperation, type Operation } from '../../kit/operation.ts';
import { basePath } from '../name.ts';
import type { Client, Services } from '../services.ts';
import { changeMethod, checkDomain, sendEmails } from './operations.ts';
import { checkedDomain, domainProof, oldCheckRequest, oldMethodRequest } from './schema.ts';

const ofDomain = `${basePath}/domain/:id/dcv`;

const check = callerOperation({
  id: 'domain.checkByPost',
  method: 'POST',
  path: ofDomain,
  summary: { en: 'Look for the proof of a domain now (older form)', zh: '立即检查域名验证（旧版调用方式）' },
  request: oldCheckRequest,
  response: checkedDomain,
  handle: ({ method, ...input }, session: Client) =>
    checkDomain.handle({ ...input, dcv_method: input.dcv_method ?? method }, session),
});

const checkCname = callerOperation({
  id: 'domain.checkCname',
  method: 'POST',
  path: `${ofDomain}/cname`,
  summary: { en: 'Look for the CNAME record of a domain now (older form)', zh: '立即检查 CNAME 验证（旧版调用方式）' },
  request: oldCheckRequest,
  response: checkedDomain,
  handle: ({ method, ...input }, session: Client) =>
    checkDomain.handle({ ...input, dcv_method: input.dcv_method ?? method ?? 'dns-cname-token' }, session),
});

const changeMethodByPost = callerOperation({
  id: 'domain.changeMethodByPost',
  method: 'POST',
  path: `${ofDomain}/method`,
  summary: { en: 'Choose how control of a domain will be proved (older form)', zh: '修改域名验证方式（旧版调用方式）' },
  request: oldMethodRequest,
  response: domainProof,
  async handle({ method, ...input }, session: Client) {
    const chosen = input.dcv_method ?? method;
    if (chosen === undefined) throw refuse('fieldMissing', { field: 'method' });
    return changeMethod.handle({ ...input, dcv_method: chosen }, session);
  },
});

const sendEmailsByPost = callerOperation({
  ...sendEmails,
  id: 'domain.sendEmailsByPost',
  method: 'POST',
  summary: {
    en: 'Send the mail that confirms control of a domain (older form)',
    zh: '发送域名验证邮件（旧版调用方式）',
  },
});

export const oldDomainOperations: readonly Operation<Services>[] = [
  check,
  checkCname,
  changeMethodByPost,
  sendEmailsByPost,
];
