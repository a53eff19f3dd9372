/** An order as place, collect and list show it. */
import type { Authorization } from '../../domain/authorization.ts';
import { isUsable } from '../../domain/authorization.ts';
import type { Identifier } from '../../domain/identifier.ts';
import { toMajor } from '../../domain/money.ts';
import type { OrderView } from '../../domain/platform.ts';
import { intermediatesOf } from '../../pki/intermediates.ts';
import { encodePem } from '../../pki/pem.ts';
import { formatWireTime } from '../kit/wire-time.ts';
import { vendorOf } from './catalogue.ts';
import { extensionOf, uniqueValueOf } from './extension.ts';
import type { Line, ListedLine } from './issuance-line.ts';
import type { KeyFiles } from './key-files.ts';
import { createProofs, methodNames, type Proofs } from './proofs.ts';
import type { Collected, DcvFields, DcvListEntry, Listed, PlacedData } from './schema.ts';
import type { Services } from './services.ts';
import { progressOf, statusOf } from './status.ts';

export function placedToWire(view: OrderView, services: Services): PlacedData {
  const { order, issuance, authorizations } = view;
  const proofs = proofsOf(view, services);
  const entries = authorizations.map(
    ({ identifier, preferredMethod }) => [identifier.value, proofs.fieldsOf(identifier, preferredMethod)] as const,
  );
  return {
    certId: issuance.proofReference,
    vendorId: String(order.number),
    vendorCertId: vendorCertId(view),
    ...dcvFieldsOf(view, services),
    ...(entries.length > 1 ? { dcvInfo: Object.fromEntries(entries) } : {}),
    orderNum: String(order.number),
  };
}

/** The values serve every name; the address of the file is that of the first name that can be proved by one. */
export function dcvFieldsOf(view: OrderView, services: Services, name?: Identifier): DcvFields {
  const { authorizations } = view;
  const proofs = proofsOf(view, services);
  const shown = authorizations.find(({ identifier }) => name === undefined || identifier.value === name.value);
  if (shown === undefined) return emptyFields;
  return proofs.fieldsOf(shown.identifier, shown.preferredMethod);
}

const emptyFields: DcvFields = {
  DCVfileName: '',
  DCVfileContent: '',
  DCVfilePath: '',
  DCVdnsHost: '',
  DCVdnsValue: '',
  DCVdnsType: '',
};

/** @param key of a key that we made; null: the customer has it */
export function collectedToWire(
  { view, newest, isSuperseded }: Line,
  key: KeyFiles | null,
  services: Services,
): Collected {
  const { order, certificate, issuance } = view;
  const time = (date: Date | null | undefined) =>
    date === null || date === undefined ? '' : formatWireTime(date, services.config.timeOffset);
  const status = statusOf(view, isSuperseded);
  const { ov, ...steps } = progressOf(view);
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
      ...steps,
      ...(ov === undefined ? {} : { ov }),
      dcvList: newest.authorizations.map((authorization) => dcvEntry(newest, authorization)),
      applyParams: {
        csr: issuance.csr === null ? '' : encodePem('CERTIFICATE REQUEST', issuance.csr),
        ...extensionOf(order).params,
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
    // Of what was paid for, not of the certificate.
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

function proofsOf({ order, issuance }: OrderView, { config, publicSuffixes }: Services): Proofs {
  const uniqueValue = uniqueValueOf(extensionOf(order), issuance.proofReference);
  return createProofs(issuance.csr ?? new Uint8Array(), uniqueValue, { suffix: config.suffix, publicSuffixes });
}

function vendorCertId({ certificate }: OrderView): string {
  return certificate === null ? '' : String(certificate.number);
}
