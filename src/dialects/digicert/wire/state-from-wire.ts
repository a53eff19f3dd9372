/** `filters[status]` and `filters[is_active]` of lists of things that are in use or not. */
import { quoted, refuse } from '../../../domain/errors.ts';
import { type Filters, flagOf, lastOf } from './filters.ts';

/** Undefined: either. @throws {CertError} invalidField */
export function stateFromWire(filters: Filters): 'active' | 'inactive' | undefined {
  const isActive = flagOf(filters, 'is_active');
  if (isActive !== undefined) return isActive ? 'active' : 'inactive';
  const status = lastOf(filters, 'status')?.toLowerCase();
  if (status === undefined || status === 'active' || status === 'inactive') return status;
  throw refuse('fieldInvalid', { field: 'filters[status]', value: quoted(status), expected: 'active, inactive' });
}
