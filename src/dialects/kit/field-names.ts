/**
 * The vendor's names for the fields that the core refuses by its own names. A refusal is put into the vendor's words once, where
 * the server answers it.
 */
import { CertError, type Reason } from '../../domain/errors.ts';
import type { Contact } from '../../domain/order.ts';
import type { OrganizationDetails } from '../../domain/organization.ts';

/**
 * Fields of the core's requests that may be called otherwise in a front door's. A name stands for what is inside it as well:
 * `organization` for `organization.country`.
 */
export type CoreField =
  | 'productCode'
  | 'periods'
  /** The half of a key that may be shown, or all of it. */
  | 'credential'
  | 'credential.secret'
  | 'credential.signature'
  | 'registrationCode'
  | 'url'
  | 'customValues'
  | 'customFields'
  | 'alternativeReference'
  | 'addresses'
  | 'allowedNames'
  | 'reminders.addresses'
  | 'reminders.message'
  | 'amountMinor'
  | 'csr'
  | 'name'
  | 'text'
  | 'note'
  | 'label'
  | 'kind'
  | 'username'
  | 'secret'
  | 'events'
  | 'days'
  | 'validity'
  | 'contact'
  | `contact.${keyof Contact}`
  | 'organization'
  | `organization.${keyof OrganizationDetails}`
  | 'registrationNumber'
  | 'firstName'
  | 'lastName'
  | 'jobTitle'
  | 'phone'
  | 'email'
  | 'roles'
  | 'challenge';

/** A dialect's own, always: a key whose secret is wrong must not tell more than the vendor does (`credential`). */
export type FieldNames = Readonly<
  Partial<Record<CoreField, string>> & Record<'credential' | 'credential.secret', string>
>;

/** Those of one operation, over its dialect's. */
export type OperationFieldNames = Readonly<Partial<Record<CoreField, string>>>;

/** Puts the vendor's field into the refusal; the same where it names none, or one that is called the same. */
export function inVendorWords(error: CertError, names: FieldNames, own: OperationFieldNames = {}): CertError {
  const { reason } = error;
  if (!('field' in reason.params)) return error;
  const field = vendorName(reason.params.field, new Map(Object.entries({ ...names, ...own })));
  if (field === undefined) return error;
  return new CertError({ key: reason.key, params: { ...reason.params, field } } as Reason, { cause: error.cause });
}

/** By its whole name, else by the longest part of it that has another: an empty one leaves the part out. */
function vendorName(field: string, names: ReadonlyMap<string, string>): string | undefined {
  for (
    let end = field.length;
    end > 0;
    end = Math.max(field.lastIndexOf('.', end - 1), field.lastIndexOf('[', end - 1))
  ) {
    const name = names.get(field.slice(0, end));
    if (name !== undefined) return (name + field.slice(end)).replace(/^\./, '');
  }
  return undefined;
}
