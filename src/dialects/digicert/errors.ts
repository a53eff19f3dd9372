/**
 * Errors on this wire: `{"errors":[{"code":"…","message":"…"}]}`, never an empty list, with a status. The vendor's own codes
 * where it has one for the case; its list is known in part only, the others are ours in its style (docs/divergences/digicert.md).
 */
import type { ErrorCode } from '../../domain/error-codes.ts';
import { type CertError, type Reason, renderReason } from '../../domain/errors.ts';
import type { Language } from '../../domain/language.ts';
import type { ErrorTable } from '../kit/error-table.ts';
import type { FieldNames, OperationFieldNames } from '../kit/field-names.ts';
import type { OperationDescription } from '../kit/operation.ts';
import { keyHeader } from './auth.ts';
import { inWireWords } from './wire-words.ts';

/** Of an organization in an order. */
const organizationFieldNames = {
  'organization.street': 'organization.address',
  'organization.street2': 'organization.address2',
  'organization.postalCode': 'organization.zip',
  'organization.phone': 'organization.telephone',
  'organization.assumedName': 'organization.assumed_name',
  'organization.registrationNumber': 'organization.registration_number',
  'organization.businessCategory': 'organization.business_category',
  'organization.jurisdictionCountry': 'organization.jurisdiction_country',
  'organization.jurisdictionState': 'organization.jurisdiction_state',
  'organization.jurisdictionLocality': 'organization.jurisdiction_city',
  'organization.organizationIdentifier': 'organization.organization_identifier',
} as const satisfies OperationFieldNames;

/** The same where the request is the organization. */
export const namesInOrganization: OperationFieldNames = Object.fromEntries([
  ['organization', ''],
  ...Object.entries(organizationFieldNames).map(([field, name]) => [field, name.replace('organization.', '')]),
]);

/** The vendor's names for the core's fields. */
export const fieldNames = {
  ...organizationFieldNames,
  productCode: 'product_name_id',
  credential: keyHeader,
  'credential.secret': keyHeader,
  url: 'endpoint',
  customValues: 'metadata_id',
  alternativeReference: 'alternative_order_id',
  addresses: 'emails',
  'reminders.addresses': 'additional_emails',
  'reminders.message': 'custom_renewal_message',
  firstName: 'first_name',
  lastName: 'last_name',
  jobTitle: 'job_title',
  phone: 'telephone',
} as const satisfies FieldNames;

interface Row {
  readonly status: number;
  readonly code: string;
}

// For several rows with one status the client takes the one whose code fits.
export const errors = {
  malformedRequest: { status: 400, code: 'bad_request_format' },
  invalidField: { status: 400, code: 'invalid_value' },
  // 403, not 401: so the live service answers a wrong key.
  unauthenticated: { status: 403, code: 'access_denied|access_denied_invalid_key' },
  forbidden: { status: 403, code: 'access_denied|missing_permission' },
  notFound: { status: 404, code: 'not_found' },
  unknownProduct: { status: 404, code: 'not_found|product' },
  badCsr: { status: 400, code: 'csr_invalid_cannot_parse' },
  badKey: { status: 400, code: 'csr_invalid_key' },
  badName: { status: 400, code: 'invalid_value:dns_names' },
  refusedName: { status: 400, code: 'domain_not_allowed' },
  tooManyNames: { status: 400, code: 'too_many_dns_names' },
  wrongState: { status: 400, code: 'invalid_status' },
  insufficientBalance: { status: 400, code: 'insufficient_funds' },
  conflict: { status: 400, code: 'already_exists' },
  tooLarge: { status: 413, code: 'request_too_large' },
  rateLimited: { status: 429, code: 'request_limit_exceeded' },
  validationFailed: { status: 400, code: 'validation_failed' },
  issuerRefused: { status: 400, code: 'issue_failed' },
  unavailable: { status: 503, code: 'service_unavailable' },
  unsupported: { status: 400, code: 'not_supported' },
  internal: { status: 500, code: 'internal_server_error' },
} as const satisfies ErrorTable<Row>;

export interface WireErrors {
  readonly errors: readonly [{ readonly code: string; readonly message: string }];
}

export function errorToWire(
  error: CertError,
  context: {
    readonly language: Language;
    readonly requestId: string;
    readonly operation: OperationDescription | undefined;
  },
): { readonly status: number; readonly body: WireErrors } {
  const { status, code } = rowOf(error, context.operation);
  const sentence = renderReason(inWireWords(error.reason), context.language);
  // There is no other place to tell the request id, and without it the operator cannot find the cause.
  const message = error.code === 'internal' ? `${sentence} (${context.requestId})` : sentence;
  return { status, body: { errors: [{ code, message }] } };
}

function rowOf(error: CertError, operation: OperationDescription | undefined): Row {
  const row = errors[error.code];
  const { reason } = error;
  const exact = exactRow(reason);
  if (exact !== undefined) return { status: row.status, ...exact };
  // Everywhere else names are those of an order.
  if (error.code === 'badName' && operation?.id === 'domain.add') return { ...row, code: 'invalid_value:name' };
  return row;
}

/** `invalid_value` of these fields has a code of its own. */
const codeOfField: Readonly<Record<string, string>> = {
  dcv_method: 'invalid_dcv_method',
  endpoint: 'webhook_invalid_endpoint',
  'certificate.csr': 'csr_invalid_cannot_parse',
  csr: 'csr_invalid_cannot_parse',
};

const codeOfMissingProof = {
  dnsTxt: 'invalid_dns_txt',
  dnsPersist: 'invalid_dns_txt',
  dnsCname: 'invalid_dns_cname',
  httpFile: 'file_random_value_not_found',
  tlsAlpn: 'file_random_value_not_found',
  httpsFile: 'file_random_value_not_found',
  email: 'invalid_dns_method',
} as const;

/** Set where the reason says more than its kind. */
function exactRow(reason: Reason): { readonly code: string; readonly status?: number } | undefined {
  switch (reason.key) {
    case 'fieldMissing':
    case 'customValueMissing':
      return { code: `required_param:${lastPart(reason.params.field)}` };
    case 'urlUndeliverable':
    case 'fieldInvalid': {
      const field = reason.params.field;
      return { code: codeOfField[field] ?? `invalid_value:${lastPart(field)}` };
    }
    case 'customValueInvalid':
      return { code: 'invalid_custom_field_value' };
    case 'approverIsRequester':
    case 'approverOfFirstStep':
    case 'personNeeded':
      return { code: 'access_denied|invalid_approver' };
    case 'secondAdministratorNeeded':
      return { code: 'access_denied|second_administrator' };
    case 'pathUnknown':
      return { code: 'not_found|route' };
    case 'methodUnknown':
      return { code: 'not_found|route', status: 405 };
    case 'notFound':
      return { code: `not_found|${wireThings[reason.params.what] ?? reason.params.what}` };
    case 'productAmbiguous':
      return { code: 'ambiguous_product', status: 400 };
    case 'timeFrameTooLong':
      return { code: 'time_frame_too_long' };
    case 'validityBeyondOrder':
      return { code: 'cert_validity_exceeds_order_validity' };
    case 'proofsNotFound':
      return { code: codeOfMissingProof[reason.params.method] };
    case 'proofsByMail':
      return { code: 'invalid_dns_method' };
    case 'organizationRequired':
    case 'organizationLacks':
      return { code: 'required_param:organization' };
    case 'contactTwice':
      return { code: 'contact_type_duplicate' };
    case 'webhookExists':
      return { code: 'webhook_configured_already' };
    case 'webhookUnproved':
      return { code: 'webhook_invalid_action' };
    case 'webhookTokenWrong':
      return { code: 'webhook_invalid_token' };
    case 'webhookNotTaken':
      return { code: 'webhook_endpoint_error' };
    case 'primaryCertificate':
      return { code: 'cannot_archive_primary_certificate' };
    case 'certificateNotIssued':
      return { code: 'cert_unavailable_processing', status: 404 };
    default:
      return undefined;
  }
}

/** `certificate.cert_validity.years` is `invalid_value:years` to this vendor; indexes are left out. */
function lastPart(field: string): string {
  return (
    field
      .replaceAll(/\[\d+\]/g, '')
      .split('.')
      .at(-1) ?? field
  );
}

/** Our nouns by the vendor's. */
const wireThings: Readonly<Record<string, string>> = {
  approval: 'request',
  managedDomain: 'domain',
  customField: 'metadata',
  credential: 'key',
  externalAccountKey: 'key',
};

/** The code of ours behind an answer of the vendor; undefined for one that is not its. */
export function codeOfWire(status: number, wireCode: string): ErrorCode | undefined {
  const rows = Object.entries(errors) as [ErrorCode, Row][];
  const byCode = rows.find(([, row]) => row.code === wireCode)?.[0];
  if (byCode !== undefined) return byCode;
  const known = prefixes.find(([prefix]) => wireCode.startsWith(prefix))?.[1];
  return known ?? rows.find(([, row]) => row.status === status)?.[0];
}

const prefixes: readonly (readonly [string, ErrorCode])[] = [
  ['invalid_dns', 'validationFailed'],
  ['file_random_value', 'validationFailed'],
  ['invalid_', 'invalidField'],
  ['required_param', 'invalidField'],
  ['cert_validity_exceeds', 'invalidField'],
  ['time_frame', 'invalidField'],
  ['contact_type_', 'invalidField'],
  ['webhook_configured', 'conflict'],
  ['webhook_invalid_action', 'wrongState'],
  ['webhook_invalid', 'invalidField'],
  ['webhook_endpoint', 'validationFailed'],
  ['cert_unavailable', 'wrongState'],
  ['ambiguous_product', 'unknownProduct'],
  ['csr_', 'badCsr'],
  ['access_denied', 'forbidden'],
  ['not_found', 'notFound'],
];
