/** Proofs of control: choosing how, looking again, taking names out, and what a CA may issue. */

import type { MethodChoice } from '../../../domain/challenge.ts';
import { CertError, quoted, refuse } from '../../../domain/errors.ts';
import { type Identifier, isIp, parseIdentifier } from '../../../domain/identifier.ts';
import { constructedAddresses } from '../../../domain/mailbox.ts';
import { expected } from '../../../domain/messages/expectations.ts';
import type { OrderView } from '../../../domain/ports/orders.ts';
import { callerOperation } from '../../kit/operation.ts';
import { findLine } from '../cert-id.ts';
import { choiceFromWire, wishFromWire } from '../order-from-wire.ts';
import { dcvFieldsOf, isVerified } from '../order-to-wire.ts';
import { roomForNames } from '../read.ts';
import {
  batchUpdateDcvRequest,
  caaReply,
  type DomainEntry,
  dcvReply,
  dnsReply,
  done,
  emailsReply,
  fileReply,
  nameRequest,
  proofRequest,
  removeRequest,
  updateDcvRequest,
} from '../schema.ts';
import type { Client } from '../services.ts';

export const updateMethod = callerOperation({
  id: 'dcv.update',
  method: 'POST',
  path: '/ssl/updateDCV',
  summary: { en: 'Say how a name will be proved, and look at once', zh: '修改域名验证方式' },
  request: updateDcvRequest,
  response: dcvReply,
  async handle({ certId, domainInfo, domainName, dcvMethod, dcvEmail }, session: Client) {
    const { newest } = await findLine(session.services, session.caller, certId);
    const isSingle = newest.authorizations.length === 1;
    const onlyName = isSingle ? newest.authorizations[0]?.identifier.value : undefined;
    const name = domainName ?? onlyName;
    if (domainInfo === undefined && name === undefined) throw refuse('fieldMissing', { field: 'domainName' });
    if (domainInfo === undefined && dcvMethod === undefined) throw refuse('fieldMissing', { field: 'dcvMethod' });
    const choices =
      domainInfo === undefined
        ? chosen(newest, name ?? '', { dcvMethod, dcvEmail }, session)
        : chosenOf(newest, domainInfo, dcvMethod, session);
    await choose(newest, choices, session);
    const after = await session.services.orders.get(session.caller, { id: newest.order.id });
    return { code: 1, data: dcvFieldsOf(after, session.services, choices[0]?.[0]) };
  },
});

export const updateMethods = callerOperation({
  id: 'dcv.batchUpdate',
  method: 'POST',
  path: '/ssl/batchUpdateDCV',
  ...roomForNames,
  summary: { en: 'Say how the names of an order will be proved, and look at once', zh: '批量修改域名验证方式' },
  request: batchUpdateDcvRequest,
  response: done,
  async handle({ certId, domainInfo, dcvMethod, dcvEmail }, session: Client) {
    const { newest } = await findLine(session.services, session.caller, certId);
    await choose(newest, choicesOf(), session);
    return { code: 1 };

    function choicesOf(): Choices {
      if (domainInfo !== undefined) return chosenOf(newest, domainInfo, dcvMethod, session);
      if (dcvMethod === undefined) return [];
      // One address cannot speak for all names.
      if (dcvMethod.toUpperCase() === 'EMAIL') {
        const expected = 'HTTP_CSR_HASH / HTTPS_CSR_HASH / CNAME_CSR_HASH';
        throw refuse('fieldInvalid', { field: 'dcvMethod', value: quoted(dcvMethod), expected });
      }
      const waiting = newest.authorizations.filter((authorization) => !isVerified(newest, authorization));
      return waiting.flatMap(({ identifier }) => chosen(newest, identifier.value, { dcvMethod, dcvEmail }, session));
    }
  },
});

type Choices = readonly (readonly [name: Identifier, choice: MethodChoice])[];

function chosen(
  view: OrderView,
  text: string,
  method: { readonly dcvMethod: string | undefined; readonly dcvEmail: string | undefined },
  { services: { publicSuffixes } }: Client,
): Choices {
  const name = nameOf(view, text, 'domainName');
  return [[name, choiceFromWire(name, method, { at: '', publicSuffixes })]];
}

function chosenOf(
  view: OrderView,
  entries: readonly DomainEntry[],
  common: string | undefined,
  { services: { publicSuffixes } }: Client,
): Choices {
  const { names, choices } = wishFromWire(entries, common, publicSuffixes);
  return names.map((name, index) => [
    nameOf(view, name.value, `domainInfo[${index}].domainName`),
    choices.get(name.value) ?? 'dnsCname',
  ]);
}

/** @throws {CertError} notFound for a name that is not the order's */
function nameOf({ authorizations }: OrderView, text: string, field: string): Identifier {
  const { value } = parseIdentifier(text, field);
  const found = authorizations.find(({ identifier }) => identifier.value === value);
  if (found === undefined) throw refuse('notFound', { what: 'name', value: quoted(value) });
  return found.identifier;
}

/** Everything was checked before the first is chosen. What is proved already needs no method, also while an upstream has the order. */
async function choose(view: OrderView, choices: Choices, { services: { proving }, caller }: Client): Promise<void> {
  const { order, issuance, authorizations } = view;
  if (issuance.state !== 'awaitingValidation' && !isAtUpstream(view)) {
    const { state, proofReference: value } = issuance;
    throw refuse('wrongState', { what: 'order', value, state, needed: 'awaitingValidation' });
  }
  const isProved = (name: Identifier) =>
    authorizations.some((one) => one.identifier.value === name.value && isVerified(view, one));
  const open = choices.filter(([name]) => !isProved(name)).map(([name, choice]) => ({ name, choice }));
  if (open.length > 0) await proving.chooseMethods(caller, { id: order.id }, open);
  await lookAgain(order, proving, caller);
}

/** It may wait there for a record of the customer. Only what we sign ourselves has a plan. */
function isAtUpstream({ issuance }: OrderView): boolean {
  return issuance.state === 'issuing' && issuance.plan === null;
}

/**
 * If it was proved or ended since it was read, there is nothing left to check; that is no mistake of the caller. Nor is it that it was just
 * checked often: the method is chosen, and the server looks by itself.
 */
async function lookAgain(
  { id }: OrderView['order'],
  proving: Client['services']['proving'],
  caller: Client['caller'],
): Promise<void> {
  try {
    await proving.recheck(caller, { id });
  } catch (thrown) {
    if (!(thrown instanceof CertError && ['wrongState', 'rateLimited'].includes(thrown.code))) throw thrown;
  }
}

function removal(id: string, path: string, summary: { readonly en: string; readonly zh: string }) {
  return callerOperation({
    id,
    method: 'POST',
    path,
    summary,
    request: removeRequest,
    response: done,
    async handle({ certId, domainName }, { services, caller }: Client) {
      const { newest } = await findLine(services, caller, certId);
      // A reseller's client sends the star, since the live call asks for a name where the document needs none.
      const isAll = domainName === undefined || domainName === '*';
      const names = isAll ? 'unproved' : [nameOf(newest, domainName, 'domainName')];
      await services.orders.removeNames(caller, { id: newest.order.id }, names);
      return { code: 1 };
    },
  });
}

export const removeName = removal('dcv.remove', '/ssl/removeMdcDomain', {
  en: 'Take a name out of an order that is not issued yet; without one, all that are not proved',
  zh: '移除未验证的域名',
});

export const removeNames = removal('dcv.batchRemove', '/ssl/batchRemoveMdcDomain', {
  en: 'Take all names out of an order that are not proved',
  zh: '批量移除未验证的域名',
});

export const checkCaa = callerOperation({
  id: 'caa.check',
  method: 'POST',
  path: '/ssl/caaCheck',
  summary: { en: 'The CAA records that govern a name, looked up now', zh: '查询 CAA 记录' },
  request: nameRequest,
  response: caaReply,
  async handle({ domainName, domain }, { services: { proving }, caller }: Client) {
    const name = dnsNameOf(domainName ?? domain);
    const { foundAt, records } = await proving.caa(caller, name);
    return { code: 1, data: records.map(({ flags, tag, value }) => ({ domain: foundAt ?? '', flags, tag, value })) };
  },
});

export const listAddresses = callerOperation({
  id: 'dcv.emails',
  method: 'POST',
  path: '/ssl/DCVemail',
  summary: {
    en: 'The addresses that can confirm a name; with certId and dcvEmail a mail is sent',
    zh: '查询域名验证邮箱',
  },
  request: nameRequest,
  response: emailsReply,
  async handle({ domainName, domain, certId, dcvEmail }, session: Client) {
    const { services, caller } = session;
    const { publicSuffixes } = services;
    const name = dnsNameOf(domainName ?? domain);
    if (certId !== undefined && dcvEmail !== undefined) {
      const { newest } = await findLine(services, caller, certId);
      const [[found, choice] = []] = chosen(newest, name.value, { dcvMethod: 'EMAIL', dcvEmail }, session);
      if (found !== undefined && choice !== undefined) {
        await services.proving.chooseMethods(caller, { id: newest.order.id }, [{ name: found, choice }]);
      }
    }
    return { code: 1, data: { emails: [...constructedAddresses(name, publicSuffixes)] } };
  },
});

/** @throws {CertError} fieldMissing, badName; fieldInvalid for an address, which has neither records nor mailboxes */
function dnsNameOf(text: string | undefined): Identifier {
  if (text === undefined) throw refuse('fieldMissing', { field: 'domainName' });
  const name = parseIdentifier(text, 'domainName');
  if (!isIp(name)) return name;
  throw refuse('fieldInvalid', {
    field: 'domainName',
    value: quoted(text),
    expected: expected.domainName,
  });
}

/** The two calls that the PHP SDK and the WHMCS module have for "look now". */
async function proofOf(
  input: { readonly [K in 'orderId' | 'certId' | 'domain' | 'domainName']?: string | undefined },
  { services, caller }: Client,
) {
  const certId = input.certId ?? input.orderId;
  if (certId === undefined) throw refuse('fieldMissing', { field: 'certId' });
  const { newest } = await findLine(services, caller, certId);
  const text = input.domainName ?? input.domain;
  const name = text === undefined ? undefined : nameOf(newest, text, 'domain');
  const isWaiting = newest.issuance.state === 'awaitingValidation' || isAtUpstream(newest);
  if (isWaiting) await lookAgain(newest.order, services.proving, caller);
  return dcvFieldsOf(newest, services, name);
}

export const validateFile = callerOperation({
  id: 'dcv.file',
  method: 'POST',
  path: '/ssl/validatefile',
  summary: { en: 'The file that proves a name, looked for at once', zh: '文件验证' },
  request: proofRequest,
  response: fileReply,
  async handle(input, session: Client) {
    const { DCVfileName, DCVfileContent, DCVfilePath } = await proofOf(input, session);
    return { code: 1, data: { DCVfileName, DCVfileContent, DCVfilePath } };
  },
});

export const validateDns = callerOperation({
  id: 'dcv.dns',
  method: 'POST',
  path: '/ssl/validatedns',
  summary: { en: 'The record that proves a name, looked for at once', zh: 'DNS 验证' },
  request: proofRequest,
  response: dnsReply,
  async handle(input, session: Client) {
    const { DCVdnsHost, DCVdnsValue, DCVdnsType } = await proofOf(input, session);
    return { code: 1, data: { DCVdnsHost, DCVdnsValue, DCVdnsType } };
  },
});
