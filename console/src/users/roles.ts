/** Roles as they are chosen: with what each is for. Nobody gives a role that they do not hold, which the API refuses. */
import type { Me } from '../api/me.ts';
import type { Texts } from '../messages/texts.ts';
import type { Field } from '../shared/act/fields.tsx';

export type Role = Me['roles'][number];

const ofAccounts = ['administrator', 'approver', 'requester', 'registrar', 'userManager', 'viewer'] as const;
const ofServer = ['operator', 'support', 'auditor'] as const;
export const allRoles: readonly Role[] = [...ofServer, ...ofAccounts];

export interface RolesChoice {
  readonly texts: Texts;
  readonly value: readonly Role[];
  /** Of somebody without an account. */
  readonly isOfServer: boolean | 'both';
}

export function rolesField({ texts: { users, frame }, value, isOfServer }: RolesChoice): Field {
  const choices = isOfServer === 'both' ? allRoles : isOfServer ? ofServer : ofAccounts;
  return {
    kind: 'several',
    name: 'roles',
    label: users.roles,
    isRequired: true,
    options: choices.map((role) => ({ value: role, label: frame.roles[role], text: users.roleTexts[role] })),
    value,
  };
}

export function rolesOf(marked: readonly string[]): Role[] {
  return allRoles.filter((role) => marked.includes(role));
}
