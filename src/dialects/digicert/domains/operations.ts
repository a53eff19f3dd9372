/** Domains: keeping them, and proving control of them before any order. */

import type { Reference } from '../../../domain/caller.ts';
import { quoted, refuse } from '../../../domain/errors.ts';
import { type Identifier, parseIdentifier } from '../../../domain/identifier.ts';
import { constructedAddresses } from '../../../domain/mailbox.ts';
import { isNewestProved, type ManagedDomainView } from '../../../domain/managed-domain.ts';
import { expected } from '../../../domain/messages/expectations.ts';
import type { DomainProofs } from '../../../domain/ports/managed-domains.ts';
import { callerOperation, type Operation } from '../../kit/operation.ts';
import { readContainers } from '../containers/container-to-wire.ts';
import { unlessTooSoon } from '../mail-again.ts';
import { basePath } from '../name.ts';
import { levelsFromWire, validationTypes } from '../organizations/validation-types.ts';
import {
  type DcvMethod,
  dcvMethodOf,
  dcvMethods,
  newProofReference,
  randomValueOf,
  randomValueUntil,
  type TokenMethod,
  validationMethodOf,
} from '../proofs.ts';
import type { Client, Services } from '../services.ts';
import { nothing } from '../wire/shapes.ts';
import { timestamp } from '../wire/wire-time.ts';
import { listDomains, showValidations } from './domain-lists.ts';
import { domainToWire, emailsToWire, methodOf, placeOfProof, proofToWire } from './domain-to-wire.ts';
import {
  addedDomain,
  checkedDomain,
  checkRequest,
  domain,
  domainInfoRequest,
  domainProof,
  domainRequest,
  domainValidationRequest,
  emailsRequest,
  emailTokenRequest,
  emptyRequest,
  methodList,
  methodRequest,
  newDomainRequest,
  newToken,
  submittedDomain,
  tokenRequest,
  validationEmails,
  validationTypeList,
} from './schema.ts';

const domainPath = `${basePath}/domain/:id`;

const listMethods = callerOperation({
  id: 'domain.methods',
  method: 'GET',
  path: `${basePath}/domain/dcv/method`,
  summary: { en: 'Ways to prove control of a domain', zh: '域名验证方式列表' },
  request: emptyRequest,
  response: methodList,
  async handle(_input, { language, services }: Client) {
    const methods = dcvMethods.map((name) => ({ name, description: methodDescriptions[name][language] }));
    const usual = usualMethod(services);
    return {
      dcv_methods: methods,
      // The same in the words of another time; pkix reads these.
      methods: methods.map(({ name, description }) => ({
        name,
        display_name: methodNames[name][language],
        description,
        default: name === usual,
      })),
    };
  },
});

const listValidationTypes = callerOperation({
  id: 'domain.validationTypes',
  method: 'GET',
  path: `${basePath}/domain/validation-type`,
  summary: { en: 'What a domain can be validated for', zh: '域名验证类型列表' },
  request: emptyRequest,
  response: validationTypeList,
  async handle(_input, _session: Client) {
    return { validation_types: Object.entries(validationTypes).map(([type, words]) => ({ type, ...words })) };
  },
});

const addDomain = callerOperation({
  id: 'domain.add',
  method: 'POST',
  path: `${basePath}/domain`,
  summary: { en: 'Add a domain, to be validated', zh: '添加域名' },
  status: 201,
  request: newDomainRequest,
  response: addedDomain,
  async handle(input, { services, caller }: Client) {
    const name = nameFromWire(input.name, input.keep_www);
    const method = input.dcv_method ?? input.dcv ?? usualMethod(services);
    if (method === 'email' && services.sendsMail !== true) throw refuse('mailNotConfigured', {});
    const view = await services.managedDomains.add(caller, {
      ...newProofs(services, method),
      name,
      organization: referenceOf(input.organization),
      container: referenceOf(input.container),
      requestedLevels: levelsFromWire(input.validations),
    });
    if (method === 'email') await sendMail(services, caller, view, input.email_array);
    return { id: view.domain.number, ...proofToWire(view, method, services) };
  },
});

const showDomain = callerOperation({
  id: 'domain.show',
  method: 'GET',
  path: domainPath,
  summary: { en: 'A domain', zh: '查看域名' },
  request: domainInfoRequest,
  response: domain,
  async handle(input, session: Client) {
    const { services, caller } = session;
    const view = await services.managedDomains.get(caller, { number: input.id });
    return domainToWire(view, {
      containers: await readContainers(session),
      withProof: input.include_dcv,
      withValidations: input.include_validation || input.include_dcv,
      services,
    });
  },
});

const removeDomain = callerOperation({
  id: 'domain.remove',
  method: 'DELETE',
  path: domainPath,
  summary: { en: 'Remove a domain', zh: '删除域名' },
  request: domainRequest,
  response: nothing,
  async handle({ id }, { services, caller }: Client) {
    await services.managedDomains.remove(caller, { number: id });
    return undefined;
  },
});

const activateDomain = stateOperation('activate', 'active', { en: 'Use a domain again', zh: '启用域名' });
const deactivateDomain = stateOperation('deactivate', 'inactive', { en: 'Stop using a domain', zh: '停用域名' });

function stateOperation(verb: string, state: 'active' | 'inactive', summary: { en: string; zh: string }) {
  return callerOperation({
    id: `domain.${verb}`,
    method: 'PUT',
    path: `${domainPath}/${verb}`,
    summary,
    request: domainRequest,
    response: nothing,
    async handle({ id }, { services, caller }: Client) {
      await services.managedDomains.setState(caller, { number: id }, state);
      return undefined;
    },
  });
}

export const changeMethod = callerOperation({
  id: 'domain.changeMethod',
  method: 'PUT',
  path: `${domainPath}/dcv/method`,
  summary: { en: 'Choose how control of a domain will be proved', zh: '修改域名验证方式' },
  request: methodRequest,
  response: domainProof,
  async handle(input, { services, caller }: Client) {
    const before = await services.managedDomains.get(caller, { number: input.id });
    const method = input.dcv_method;
    if (method !== 'email') {
      return proofToWire(await withTokenMethod(services, caller, before, method), method, services);
    }
    // Choosing again what was chosen sends no second mail: there is a call for that.
    if (isOpen(before) && methodOf(before) === 'email') return proofToWire(before, method, services);
    const sendsMail = input.send_dcv_email_flag !== false;
    const view = isOpen(before) && sendsMail ? before : await renewProofs(services, caller, before, method);
    if (sendsMail) await sendMail(services, caller, view, input.email_array);
    return proofToWire(view, method, services);
  },
});

/** A token that is still valid stays, for any method: the customer may have placed it already. */
function withTokenMethod(
  services: Services,
  caller: Client['caller'],
  before: ManagedDomainView,
  method: TokenMethod,
): Promise<ManagedDomainView> {
  const { domain } = before;
  const chosen = validationMethodOf(method);
  const isKept = isOpen(before) && dcvMethodOf(chosen, domain.proofReference) === method;
  return isKept
    ? services.managedDomains.chooseMethod(caller, { id: domain.id }, chosen)
    : renewProofs(services, caller, before, method);
}

/** Reports whether the proofs that there are can still be placed. */
function isOpen({ domain, authorization, now }: ManagedDomainView): boolean {
  return authorization.state === 'pending' && randomValueUntil(domain.proofReference) > now;
}

function renewProofs(services: Services, caller: Client['caller'], { domain }: ManagedDomainView, method: DcvMethod) {
  return services.managedDomains.renewProofs(caller, { id: domain.id }, newProofs(services, method));
}

const makeToken = callerOperation({
  id: 'domain.makeToken',
  method: 'POST',
  path: `${domainPath}/dcv/token`,
  summary: { en: 'A new random value to prove control with', zh: '生成新的域名验证随机值' },
  status: 201,
  request: tokenRequest,
  response: newToken,
  async handle(input, { services, caller }: Client) {
    const before = await services.managedDomains.get(caller, { number: input.id });
    const method = tokenMethodOf(input.dcv_method ?? methodOf(before));
    const view = await renewProofs(services, caller, before, method);
    const reference = view.domain.proofReference;
    return {
      token: randomValueOf(reference, method),
      expiration_date: timestamp(randomValueUntil(reference)),
      ...placeOfProof(reference, method, view.domain.name, services),
    };
  },
});

export const checkDomain = callerOperation({
  id: 'domain.check',
  method: 'PUT',
  path: `${domainPath}/dcv/validate-token`,
  summary: { en: 'Look for the proof of a domain now', zh: '立即检查域名验证' },
  request: checkRequest,
  response: checkedDomain,
  async handle(input, { services, caller }: Client) {
    const before = await services.managedDomains.get(caller, { number: input.id });
    const { domain, now } = before;
    const method = input.dcv_method ?? methodOf(before);
    if (isNewestProved(before)) {
      return { token: randomValueOf(domain.proofReference, placedMethod(before)), status: 'active' };
    }
    const name = domain.name.value;
    if (method === 'email') throw refuse('proofsByMail', { names: name });
    const token = randomValueOf(domain.proofReference, method);
    if (input.token !== undefined && input.token !== token) {
      throw refuse('fieldInvalid', { field: 'token', value: quoted(input.token), expected: expected.newestToken });
    }
    if (randomValueUntil(domain.proofReference) <= now) throw refuse('proofTooOld', { name });
    const view = await services.managedDomains.check(caller, { number: input.id });
    if (isNewestProved(view)) return { token, status: 'active' };
    throw refuse('proofsNotFound', { method: validationMethodOf(method), names: name });
  },
});

/** A domain proved by mail has no token: the reply then shows one for a TXT record. */
function placedMethod(view: ManagedDomainView): TokenMethod {
  const method = methodOf(view);
  return method === 'email' ? 'dns-txt-token' : method;
}

const submitDomain = callerOperation({
  id: 'domain.submit',
  method: 'POST',
  path: `${domainPath}/validation`,
  summary: { en: 'Have a domain validated, or validated again', zh: '提交域名验证' },
  status: 201,
  request: domainValidationRequest,
  response: submittedDomain,
  async handle(input, { services, caller }: Client) {
    const before = await services.managedDomains.get(caller, { number: input.id });
    const requested = input.dcv_method ?? input.dcv;
    const method = requested ?? methodOf(before);
    const levels = levelsFromWire(input.validations);
    const requestedLevels = [...new Set([...before.domain.requestedLevels, ...levels])];
    const view = await services.managedDomains.renewProofs(
      caller,
      { number: input.id },
      { ...newProofs(services, method), requestedLevels },
    );
    if (method === 'email') await sendMail(services, caller, view, input.email_array);
    return requested === undefined ? undefined : proofToWire(view, method, services);
  },
});

const showEmails = callerOperation({
  id: 'domain.emails',
  method: 'GET',
  path: `${domainPath}/dcv/emails`,
  summary: { en: 'Addresses that may confirm control of a domain', zh: '可用于域名验证的邮箱' },
  request: domainRequest,
  response: validationEmails,
  async handle({ id }, { services, caller }: Client) {
    const view = await services.managedDomains.get(caller, { number: id });
    return emailsToWire(view.domain.name, services);
  },
});

export const sendEmails = callerOperation({
  id: 'domain.sendEmails',
  method: 'PUT',
  path: `${domainPath}/dcv/emails`,
  summary: { en: 'Send the mail that confirms control of a domain', zh: '发送域名验证邮件' },
  request: emailsRequest,
  response: nothing,
  async handle(input, { services, caller }: Client) {
    const before = await services.managedDomains.get(caller, { number: input.id });
    const view = isOpen(before) ? before : await renewProofs(services, caller, before, 'email');
    await unlessTooSoon(() => sendMail(services, caller, view, input.email_array));
    return undefined;
  },
});

const confirmByToken = emailTokenOperation('domain.confirmMail', `${basePath}/domain/dcv/email/token/:token`);
const confirmByOldToken = emailTokenOperation('emailValidation.confirm', `${basePath}/email-validation/:token`);

/** Takes the secret of the mail, instead of the page behind its link. Only the secret decides; the key only allows the call. */
function emailTokenOperation(id: string, path: string) {
  return callerOperation({
    id,
    method: 'PUT',
    path,
    summary: { en: 'Confirm control by the secret of a mail', zh: '用邮件中的令牌确认域名控制权' },
    request: emailTokenRequest,
    response: nothing,
    async handle({ token, email }, { services, origin }: Client) {
      const unknown = () => refuse('mailTokenUnknown', {});
      const shown = await services.confirmations.show(token);
      if (shown === undefined) throw unknown();
      // Somebody who names another address than the one the secret went to has not read that mail.
      if (email !== undefined && email.toLowerCase() !== shown.address) throw unknown();
      const decided = await services.confirmations.decide(token, 'confirm', origin);
      if (decided?.state !== 'confirmed') throw refuse('mailTokenOver', {});
      return undefined;
    },
  });
}

export const domainOperations: readonly Operation<Services>[] = [
  listDomains,
  showValidations,
  listMethods,
  listValidationTypes,
  addDomain,
  confirmByToken,
  confirmByOldToken,
  showDomain,
  removeDomain,
  activateDomain,
  deactivateDomain,
  changeMethod,
  makeToken,
  checkDomain,
  submitDomain,
  showEmails,
  sendEmails,
];

/** `www.` in front is cut unless it is to stay: control of the name below it covers both. @throws {CertError} badName, invalidField */
function nameFromWire(text: string, keepsWww: boolean): Identifier {
  const trimmed = text.trim();
  const bare = keepsWww || !/^www\.[^.]+\.[^.]/i.test(trimmed) ? trimmed : trimmed.slice('www.'.length);
  const name = parseIdentifier(bare, 'name');
  if (name.kind === 'dns') return name;
  throw refuse('fieldInvalid', { field: 'name', value: quoted(text), expected: expected.exampleDomain });
}

/** The vendor's default is e-mail. Where this server sends none, a client that did not choose gets a token instead. */
function usualMethod({ sendsMail }: Pick<Services, 'sendsMail'>): DcvMethod {
  return sendsMail === true ? 'email' : 'dns-txt-token';
}

function newProofs({ clock, random }: Services, method: DcvMethod): DomainProofs {
  return {
    proofReference: newProofReference({ now: clock.now(), random }, method),
    preferredMethod: validationMethodOf(method),
  };
}

/**
 * Mails the first requested address that may decide for the domain; others are ignored, as by the vendor. One mail at a time:
 * the vendor writes to all addresses at once (docs/divergences/digicert.md).
 */
async function sendMail(
  { managedDomains, publicSuffixes }: Services,
  caller: Client['caller'],
  { domain }: ManagedDomainView,
  emails: readonly string[] = [],
): Promise<void> {
  const addresses = constructedAddresses(domain.name, publicSuffixes);
  const requested = emails.map((email) => email.trim().toLowerCase()).find((email) => addresses.includes(email));
  const address = requested ?? addresses[0] ?? '';
  await managedDomains.chooseMethod(caller, { id: domain.id }, { method: 'email', address });
}

/** @throws {CertError} invalidField */
function tokenMethodOf(method: DcvMethod): TokenMethod {
  if (method !== 'email') return method;
  const expected = dcvMethods.filter((one) => one !== 'email').join(', ');
  throw refuse('fieldInvalid', { field: 'dcv_method', value: quoted(method), expected });
}

function referenceOf(number: number | undefined): Reference | null {
  return number === undefined ? null : { number };
}

const methodDescriptions = {
  email: { en: 'A mail to one of the addresses of the domain', zh: '向域名邮箱发送确认邮件' },
  'dns-txt-token': { en: 'A TXT record that holds the token', zh: '添加包含随机值的 TXT 记录' },
  'dns-cname-token': { en: 'A CNAME record whose label is the token', zh: '添加以随机值为主机名的 CNAME 记录' },
  'http-token': { en: 'A file at an agreed path that holds the token', zh: '在约定路径放置包含随机值的文件' },
  'http-token-dynamic': {
    en: 'A file that holds the token, at a path of its own',
    zh: '在专用路径放置包含随机值的文件',
  },
} as const satisfies Record<DcvMethod, { readonly en: string; readonly zh: string }>;

const methodNames = {
  email: { en: 'E-mail', zh: '邮件' },
  'dns-txt-token': { en: 'DNS TXT record', zh: 'DNS TXT 记录' },
  'dns-cname-token': { en: 'DNS CNAME record', zh: 'DNS CNAME 记录' },
  'http-token': { en: 'HTTP file', zh: 'HTTP 文件' },
  'http-token-dynamic': { en: 'HTTP file with a name of its own', zh: 'HTTP 文件（专用文件名）' },
} as const satisfies Record<DcvMethod, { readonly en: string; readonly zh: string }>;
