/** Proving control of the names of an order. */
import type { NameChoice } from '../../../domain/challenge.ts';
import { CertError, quoted, refuse } from '../../../domain/errors.ts';
import { baseName, type Identifier, isIp } from '../../../domain/identifier.ts';
import { constructedAddresses } from '../../../domain/mailbox.ts';
import { isVerified } from '../../../domain/organization.ts';
import type { OrderView } from '../../../domain/ports/orders.ts';
import { withDefined } from '../../../domain/with-defined.ts';
import { callerOperation, type Operation } from '../../kit/operation.ts';
import { dialectDataOf } from '../dialect-data.ts';
import { unlessTooSoon } from '../mail-again.ts';
import { basePath } from '../name.ts';
import { validationTypes } from '../organizations/validation-types.ts';
import { type DcvMethod, randomValueOf, randomValueUntil, type TokenMethod, validationMethodOf } from '../proofs.ts';
import type { Client, Services } from '../services.ts';
import { orderStatus } from '../status.ts';
import { personToWire } from '../users/people.ts';
import { nothing } from '../wire/shapes.ts';
import { timestamp } from '../wire/wire-time.ts';
import { amongNames } from './order-from-wire.ts';
import { checkOrder, isProved, mailChallengeOf, unproved } from './order-proofs.ts';
import { certificateId, methodOf } from './order-to-wire.ts';
import { orderNumberRequest } from './place-schema.ts';
import {
  checked,
  checkRequest,
  emailValidation,
  maybeRandomValue,
  methodRequest,
  orderValidation,
  randomValue,
  resendRequest,
} from './proof-schema.ts';
import { isRelayed, reasonWithoutValue, relayedRandomValue, relayedTokenOf } from './relayed-proofs.ts';

const ofOrder = `${basePath}/order/certificate/:order_id`;

export const check = callerOperation({
  id: 'order.checkDcv',
  method: 'PUT',
  path: `${ofOrder}/check-dcv`,
  summary: { en: 'Look for the proofs of an order now', zh: '立即检查订单域名验证' },
  request: checkRequest,
  response: checked,
  async handle({ order_id, dns_names_validations: list }, session: Client) {
    const { services, caller } = session;
    const before = await services.orders.get(caller, { number: order_id });
    const namesOf = ({ issuance }: OrderView) => issuance.names.map(({ identifier }) => identifier);
    const meant = amongNames(namesOf(before), list, (index) => `dns_names_validations[${index}]`);
    const isMeant = (name: Identifier) => meant === undefined || meant.has(name.value) || meant.has(baseName(name));
    const view = await checkOrder(before, session, isMeant);
    return {
      order_status: orderStatus(view),
      ...withDefined({ certificate_id: certificateId(view.issuance) }),
      dcv_status: 'valid',
      dns_name_validations: namesOf(view)
        .filter(isMeant)
        .map(({ value }) => ({ dns_name: value, status: 'approved' })),
    };
  },
});

export const chooseMethod = callerOperation({
  id: 'order.dcvMethod',
  method: 'PUT',
  path: `${ofOrder}/dcv-method`,
  summary: { en: 'Say how the names of an order will be proved', zh: '修改订单域名验证方式' },
  request: methodRequest,
  response: maybeRandomValue,
  async handle({ order_id, dcv_method: method }, session: Client) {
    const { orders } = session.services;
    const view = await orders.get(session.caller, { number: order_id });
    await chooseForAll(view, method, session);
    const dialectData = { dcvMethod: method };
    await orders.change(session.caller, { id: view.order.id }, { dialectData });
    if (method === 'email') return undefined;
    if (!view.authorizations.some(isRelayed)) return randomValueToWire(view, method);
    // The upstream may have made another one, or may still be at it.
    return relayedRandomValue(await orders.get(session.caller, { number: order_id }));
  },
});

async function chooseForAll(view: OrderView, method: DcvMethod, { services, caller }: Client): Promise<void> {
  const waiting = unproved(view);
  // Nothing to choose for is the core's refusal, which names the state.
  const authorizations = waiting.length === 0 ? view.authorizations.slice(0, 1) : waiting;
  const choices = authorizations.map(({ identifier: name }): NameChoice => {
    const [address] = isIp(name) ? [] : constructedAddresses(name, services.publicSuffixes);
    const isMail = method === 'email' && address !== undefined;
    return { name, choice: isMail ? { method: 'email', address } : validationMethodOf(method) };
  });
  await services.proving.chooseMethods(caller, { id: view.order.id }, choices);
}

const showRandomValue = callerOperation({
  id: 'order.dcvRandomValue',
  method: 'PUT',
  path: `${ofOrder}/dcv-random-value`,
  summary: { en: 'The random value that proves the names of an order', zh: '获取订单域名验证随机值' },
  request: orderNumberRequest,
  response: randomValue,
  async handle({ order_id }, { services, caller }: Client) {
    const view = await services.orders.get(caller, { number: order_id });
    if (view.authorizations.some(isRelayed)) {
      const value = relayedRandomValue(view);
      if (value === undefined) throw new CertError(reasonWithoutValue(view));
      return value;
    }
    const method = methodOf(view, dialectDataOf(view.order)) as DcvMethod;
    return randomValueToWire(view, method === 'email' ? 'dns-txt-token' : method);
  },
});

function randomValueToWire({ issuance: { proofReference } }: OrderView, method: TokenMethod) {
  return {
    dcv_random_value: randomValueOf(proofReference, method),
    expiration_date: timestamp(randomValueUntil(proofReference)),
  };
}

const emailStatus = callerOperation({
  id: 'order.emailValidation',
  method: 'GET',
  path: `${ofOrder}/email-validation`,
  summary: { en: 'Mails that were sent for the names of an order', zh: '订单验证邮件' },
  request: orderNumberRequest,
  response: emailValidation,
  async handle({ order_id }, { services, caller }: Client) {
    const view = await services.orders.get(caller, { number: order_id });
    const emails = view.authorizations.flatMap((authorization) => {
      const email = mailChallengeOf(authorization)?.chosen;
      if (email === undefined) return [];
      const sentAt = authorization.checks.find(({ method }) => method === 'email')?.checkedAt;
      return [
        {
          email,
          status: isProved(view, authorization) ? 'validated' : 'unvalidated',
          ...(sentAt === undefined ? {} : { date_emailed: timestamp(sentAt) }),
          name_scope: authorization.identifier.value,
        },
      ];
    });
    return { delivery_options: [], emails };
  },
});

const resendEmails = callerOperation({
  id: 'order.resendEmails',
  method: 'PUT',
  path: `${ofOrder}/resend-emails`,
  summary: { en: 'Send the mails of an order again', zh: '重新发送订单验证邮件' },
  request: resendRequest,
  response: nothing,
  async handle({ order_id, domain_approval_emails: wanted }, { services, caller }: Client) {
    const view = await services.orders.get(caller, { number: order_id });
    const waiting = unproved(view);
    const targets = waiting.length === 0 ? view.authorizations.slice(0, 1) : waiting;
    const byMailbox = Map.groupBy(wantedMails(targets, wanted, services), ({ choice }) => mailboxOf(choice));
    // A mailbox whose mail has just gone out keeps no other from its own.
    for (const choices of byMailbox.values()) {
      await unlessTooSoon(() => services.proving.chooseMethods(caller, { id: view.order.id }, choices));
    }
  },
});

/**
 * The names to write about, and to which address: those of the request, else all, to the address that was chosen or is usual.
 * @throws {CertError} fieldInvalid for a domain that does not wait
 */
function wantedMails(
  targets: OrderView['authorizations'],
  wanted: readonly { readonly domain: string; readonly email: string }[],
  { publicSuffixes }: Pick<Services, 'publicSuffixes'>,
): readonly NameChoice[] {
  if (wanted.length > 0) {
    return wanted.flatMap(({ domain, email: address }, index) => {
      const asked = domain.trim().toLowerCase();
      const named = targets.filter(({ identifier: { value } }) => value === asked || value === `*.${asked}`);
      if (named.length > 0) {
        return named.map(({ identifier: name }): NameChoice => ({ name, choice: { method: 'email', address } }));
      }
      throw refuse('fieldInvalid', {
        field: `domain_approval_emails[${index}].domain`,
        value: quoted(domain),
        expected: targets.map(({ identifier: { value } }) => value).join(', '),
      });
    });
  }
  return targets.map((authorization): NameChoice => {
    const { identifier: name } = authorization;
    const [usual] = isIp(name) ? [] : constructedAddresses(name, publicSuffixes);
    const address = mailChallengeOf(authorization)?.chosen ?? usual;
    return { name, choice: address === undefined ? 'email' : { method: 'email', address } };
  });
}

function mailboxOf(choice: NameChoice['choice']): string {
  return typeof choice === 'string' ? '' : choice.address.toLowerCase();
}

export const validation = callerOperation({
  id: 'order.validation',
  method: 'GET',
  path: `${ofOrder}/validation`,
  summary: { en: 'What an order still waits for', zh: '订单验证状态' },
  request: orderNumberRequest,
  response: orderValidation,
  async handle({ order_id }, { services, caller }: Client) {
    const view = await services.orders.get(caller, { number: order_id });
    const { order, organization } = view;
    return {
      order_id: String(order.number),
      order_status: orderStatus(view),
      // Every name is proved by itself, or by the account's domain that it lies in.
      order_name_scope: 'fqdn',
      order_dcv_method: methodOf(view, dialectDataOf(order)),
      ...(organization === null
        ? {}
        : { organization_id: String(organization.number), organization_name: organization.details.name }),
      organization_validations: organizationValidations(view),
      dns_name_validations: view.authorizations.map((authorization) => ({
        name_scope: authorization.identifier.value,
        approval_scope: authorization.identifier.value,
        status: isProved(view, authorization) ? 'approved' : 'pending',
        method: methodOf({ ...view, authorizations: [authorization] }, dialectDataOf(order)),
        dns_names: [authorization.identifier.value],
        // Of a name that an upstream checks: here every name has its own.
        ...withDefined({ dcv_token: isRelayed(authorization) ? relayedTokenOf(authorization, view) : undefined }),
      })),
    };
  },
});

function organizationValidations({ organization, product, now }: OrderView) {
  if (organization === null || product.level === 'dv') return [];
  const { level } = product;
  const found = organization.validations.find((one) => one.level === level);
  const isDone = isVerified(organization, level, now);
  return [
    {
      type: level,
      ...validationTypes[level],
      date_created: timestamp(found?.askedAt ?? organization.createdAt),
      ...(found?.validUntil == null ? {} : { validated_until: timestamp(found.validUntil) }),
      status: isDone ? 'active' : 'pending',
      verified_contacts: organization.contacts.filter(({ role }) => role === 'verified').map(personToWire),
      // The operator vouches for the organization as a whole, in one step.
      verification_details: {
        organization_type: isDone,
        organization_status: isDone,
        address_verification: isDone,
        blacklist_fraud: isDone,
        request_authenticity: isDone,
      },
    },
  ];
}

export const orderProofOperations: readonly Operation<Services>[] = [
  check,
  chooseMethod,
  showRandomValue,
  emailStatus,
  resendEmails,
  validation,
];
