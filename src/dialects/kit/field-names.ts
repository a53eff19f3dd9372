/**
 * The vendor's names for the fields that the core refuses by its own names. A refusal is put into the vendor's words once, where
 * the server answers it.
 */
import { CertError, type Reason } from '../../domain/errors.ts';

/** Fields of the core's requests that may be called otherwise in a front door's. */
export type CoreField =
  | 'productCode'
  | 'periods'
  /** The half of a key that may be shown, or all of it. */
  | 'credential'
  | 'credential.secret'
  | 'registrationCode'
  | 'url'
  | 'customValues'
  | 'alternativeReference'
  | 'addresses'
  | 'reminders.addresses'
  | 'reminders.message';

/** A dialect's own, always: a key whose secret is wrong must not tell more than the vendor does (`credential`). */
export type FieldNames = Readonly<
  Partial<Record<CoreField, string>> & Record<'credential' | 'credential.secret', string>
>;

/** Puts the vendor's field into the refusal; the same where it names none, or one that is called the same. */
export function inVendorWords(error: CertError, names: FieldNames): CertError {
  const { reason } = error;
  if (!('field' in reason.params)) return error;
  const known: Readonly<Record<string, string>> = names;
  const field = Object.hasOwn(known, reason.params.field) ? known[reason.params.field] : undefined;
  if (field === undefined) return error;
  return new CertError({ key: reason.key, params: { ...reason.params, field } } as Reason, { cause: error.cause });
}
