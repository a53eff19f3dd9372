/** An order as place, collect and list show it. */
import { type Authorization, isUsable } from '../../domain/authorization.ts';
import { type Challenge, isChecked } from '../../domain/challenge.ts';
import { soleDelegation } from '../../domain/delegation.ts';
import { renderReason } from '../../domain/errors.ts';
import type { Identifier } from '../../domain/identifier.ts';
import { toMajor } from '../../domain/money.ts';
import type { CheckedOrder, OrderView } from '../../domain/ports/orders.ts';
import type { ValidationMethod } from '../../domain/validation-method.ts';
import { withDefined } from '../../domain/with-defined.ts';
import { intermediatesOf } from '../../pki/intermediates.ts';
import { encodePem } from '../../pki/pem.ts';
import { formatWireTime } from '../kit/wire-time.ts';
import { vendorOf } from './catalogue.ts';
import type { Line, ListedLine } from './cert-id.ts';
import { dialectDataOf, uniqueValueOf } from './dialect-data.ts';
import type { KeyFiles } from './key-files.ts';
import { createProofs, methodNames, type ProofsOfIssuance, proofsOf } from './proofs.ts';
import { emptyFields, recordFieldsOf, relayedFieldsOf } from './relayed-fields.ts';
import type { CheckedData, Collected, DcvFields, DcvListEntry, Listed, PlacedData } from './schema.ts';
import type { Client, Services } from './services.ts';
import { progressOf, statusOf } from './status.ts';

export function placedToWire(view: OrderView, services: Services): PlacedData {
  const { order, issuance, authorizations } = view;
  const proofs = proofsOfView(view, services);
  const fields = authorizations.map((one) => [one.identifier.value, fieldsOf(one, proofs)] as const);
  return {
    certId: issuance.proofReference,
    vendorId: String(order.number),
    vendorCertId: vendorCertId(view),
    ...checkedToWire(fields),
    orderNum: String(order.number),
  };
}

/**
 * Challenges for each name, by its method. The values serve every name; the URL of the file is that of the first.
 * @param proofs undefined: no CSR to compute them from
 */
export function fieldsToWire(
  proofs: ProofsOfIssuance | undefined,
  {
    entries,
    delegations,
  }: {
    readonly entries: readonly (readonly [name: Identifier, method: ValidationMethod])[];
    readonly delegations: CheckedOrder['delegations'];
  },
): CheckedData {
  const fields = entries.map(([name, method]) => {
    const delegation = delegations.find((one) => one.name === name.value)?.challenge;
    const own = proofs?.fieldsOf(name, method) ?? emptyFields;
    return [name.value, delegation ? recordFieldsOf(name, delegation) : own] as const;
  });
  return checkedToWire(fields);
}

function checkedToWire(fields: readonly (readonly [name: string, fields: DcvFields])[]): CheckedData {
  return {
    ...(fields[0]?.[1] ?? emptyFields),
    ...(fields.length > 1 ? { dcvInfo: Object.fromEntries(fields) } : {}),
  };
}

/** The values serve every name; the address of the file is that of the first name that can be proved by one. */
export function dcvFieldsOf(view: OrderView, services: Services, name?: Identifier): DcvFields {
  const { authorizations } = view;
  const proofs = proofsOfView(view, services);
  const shown = authorizations.find(({ identifier }) => name === undefined || identifier.value === name.value);
  if (shown === undefined) return emptyFields;
  return fieldsOf(shown, proofs);
}

/** What an upstream wants of each name, where it is not the same for all of them. */
function ownFieldsOf(view: OrderView, services: Services): Pick<CheckedData, 'dcvInfo'> {
  const { authorizations } = view;
  if (authorizations.length < 2 || !authorizations.some(isOthers)) return {};
  const proofs = proofsOfView(view, services);
  return { dcvInfo: Object.fromEntries(authorizations.map((one) => [one.identifier.value, fieldsOf(one, proofs)])) };
}

/** Of a name that an upstream checks: its challenge, once it has made one. Of one that is delegated: the delegation. */
function fieldsOf(authorization: Authorization, proofs: ProofsOfIssuance): DcvFields {
  if (isOthers(authorization)) return relayedFieldsOf(authorization);
  return proofs.fieldsOf(authorization.identifier, authorization.preferredMethod);
}

/** The challenge is an upstream's, or the delegation. */
function isOthers({ checkedBy, challenges }: Authorization): boolean {
  return checkedBy !== null || soleDelegation(challenges) !== undefined;
}

/** @param key of a key that we made; null: the customer has it */
export function collectedToWire(
  { view, newest, isSuperseded }: Line,
  key: KeyFiles | null,
  { services, language }: Pick<Client, 'services' | 'language'>,
): Collected {
  const { order, certificate, issuance } = view;
  const time = (date: Date | null | undefined) =>
    date === null || date === undefined ? '' : formatWireTime(date, services.config.timeOffset);
  const status = statusOf(view, isSuperseded);
  const { ov, issued, ...steps } = progressOf(view);
  const obstacle = issuance.failure ?? issuance.rest?.reason ?? newest.refusedWish;
  return {
    code: 1,
    status,
    certStatus: status,
    data: {
      // The WHMCS module that looks only here.
      status,
      beginDate: time(certificate?.notBefore),
      endDate: time(certificate?.notAfter),
      dueDate: time(order.coverageUntil),
      certificate: certificate === null ? '' : encodePem('CERTIFICATE', certificate.der),
      caCertificate: intermediatesOf(view)
        .map((der) => encodePem('CERTIFICATE', der))
        .join(''),
      privateKey: key?.privateKey ?? '',
      rsaPrivateKey: key?.rsaPrivateKey ?? '',
      jks: key?.jks ?? '',
      pkcs12: key?.pkcs12 ?? '',
      jksPass: key?.password ?? '',
      pkcsPass: key?.password ?? '',
      vendorId: String(order.number),
      vendorCertId: vendorCertId(view),
      certPath: '',
      ...dcvFieldsOf(newest, services),
      ...ownFieldsOf(newest, services),
      ...steps,
      issued: { ...issued, ...withDefined({ message: obstacle && renderReason(obstacle, language) }) },
      ...withDefined({ ov }),
      dcvList: newest.authorizations.map((authorization) => dcvEntry(newest, authorization)),
      applyParams: {
        csr: issuance.csr === null ? '' : encodePem('CERTIFICATE REQUEST', issuance.csr),
        ...dialectDataOf(order).params,
      },
    },
  };
}

/** One order as `list` shows it, or one of its certificates. */
export function listedToWire({ view, certId, isSuperseded }: ListedLine, { config }: Services): Listed {
  const { order, issuance, product, certificate } = view;
  const time = (date: Date | null) => (date === null ? '' : formatWireTime(date, config.timeOffset));
  const { names } = issuance;
  const { count } = order.coverage;
  return {
    certId,
    status: statusOf(view, isSuperseded),
    commonName: names[0] ?? '',
    domains: [...names],
    period: count === 1 ? '1year' : `${count}years`,
    beginDate: time(certificate?.notBefore ?? null),
    // Coverage that was paid for, not the certificate's validity.
    endDate: time(order.coverageUntil),
    productName: product.name,
    productCode: product.code,
    brand: vendorOf(product),
    amount: toMajor(order.totalMinor, order.currency),
    orderNum: String(order.number),
    created: time(order.createdAt),
  };
}

function dcvEntry(view: OrderView, authorization: Authorization): DcvListEntry {
  const { identifier, preferredMethod, challenges } = authorization;
  const mail = challenges.find((challenge) => challenge.method === 'email');
  return {
    domainName: identifier.value,
    dcvMethod: methodNames[preferredMethod],
    dcvEmail: preferredMethod === 'email' ? (mail?.chosen ?? '') : '',
    is_verify: isVerified(view, authorization) ? 'verified' : '',
  };
}

/** Once every name was proved they stay so for this issuance, even after the proofs are too old to serve another. */
export function isVerified({ issuance, now }: OrderView, authorization: Authorization): boolean {
  return ['ready', 'issuing', 'issued'].includes(issuance.state) || isUsable(authorization, now);
}

function proofsOfView({ order, issuance, authorizations }: OrderView, { proofContext }: Services): ProofsOfIssuance {
  const csr = issuance.csr ?? new Uint8Array();
  const uniqueValue = uniqueValueOf(dialectDataOf(order), issuance.proofReference);
  const proofs = proofsOf(csr, { accountId: order.accountId, uniqueValue }, proofContext);
  if (uniqueValue !== '') return proofs;
  // An order placed before accounts had values of their own is looked for by the values that its reply had then.
  const plain = createProofs(csr, '', proofContext);
  const isLookedFor = authorizations.some(({ issuanceId, identifier, challenges }) => {
    const [value] = valuesOf(challenges);
    const isOwn = issuanceId === issuance.id && value !== undefined;
    return isOwn && valuesOf(plain.challengesFor(identifier, 'request')).includes(value);
  });
  return isLookedFor ? { ...proofs, fieldsOf: plain.fieldsOf } : proofs;
}

/** Challenges to place. */
function valuesOf(challenges: readonly Challenge[]): readonly string[] {
  return challenges.filter(isChecked).flatMap((challenge) => {
    if ('content' in challenge) return [challenge.content];
    if ('target' in challenge) return [challenge.target];
    return 'value' in challenge ? [challenge.value] : [];
  });
}

function vendorCertId({ certificate }: OrderView): string {
  return certificate === null ? '' : String(certificate.number);
}
