/** Contacts of an organization. */
import { nobody, type Person } from '../../domain/account.ts';
import { quoted, refuse } from '../../domain/errors.ts';
import type { AccountId, OrganizationId } from '../../domain/ids.ts';
import type { OrganizationContact } from '../../domain/organization.ts';
import type { NewOrganizationContact } from '../../domain/ports/organizations.ts';
import type { Stores } from '../../domain/ports/stores/index.ts';
import { checkPerson } from '../accounts/people.ts';

/**
 * The contact with its number: that of an existing user or contact, or a new one. Fields of the request replace known ones.
 * @throws {CertError} notFound for a number that is nobody's of this account; invalidField for somebody without name and address
 */
export async function newContact(
  tx: Stores,
  { accountId, organizationId }: { readonly accountId: AccountId; readonly organizationId: OrganizationId },
  { userNumber, role, ...fields }: NewOrganizationContact,
): Promise<OrganizationContact> {
  const known = userNumber === undefined ? undefined : await findPerson(tx, accountId, userNumber);
  const person = { ...nobody, ...known?.person, ...nonEmpty(checkPerson({ ...nobody, ...fields })) };
  if (person.email === '' && person.lastName === '') throw refuse('fieldMissing', { field: 'contact.email' });
  const number = known?.number ?? (await tx.organizations.takeContactNumber(organizationId));
  return { ...person, number, role, userId: known?.userId ?? null };
}

async function findPerson(
  tx: Stores,
  accountId: AccountId,
  number: number,
): Promise<Pick<OrganizationContact, 'number' | 'userId'> & { readonly person: Person }> {
  const user = await tx.users.getByNumber(number);
  if (user?.accountId === accountId) return { number, userId: user.id, person: user.person };
  const contact = await tx.organizations.getContact(accountId, number);
  if (contact === undefined) throw refuse('notFound', { what: 'contact', value: quoted(number) });
  const { number: _, role: __, userId, ...person } = contact;
  return { number, userId, person };
}

function nonEmpty(person: Person): Partial<Person> {
  const entries = Object.entries(person).map(([field, text]) => [field, text.trim()] as const);
  return Object.fromEntries(entries.filter(([, text]) => text !== ''));
}
