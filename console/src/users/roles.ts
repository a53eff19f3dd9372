/** Roles as they are chosen: with what each is for. Nobody gives a role that they do not hold: it is not offered. */
import type { Me } from '../api/me.ts';
import type { Texts } from '../messages/texts.ts';
import type { Field } from '../shared/act/fields.tsx';

export type Role = Me['roles'][number];

const ofAccounts = ['administrator', 'approver', 'requester', 'registrar', 'userManager', 'viewer'] as const;
const ofServer = ['operator', 'support', 'auditor'] as const;
export const allRoles: readonly Role[] = [...ofServer, ...ofAccounts];

/** What the holder of a role may give: that role and those that it covers, as the API has it. */
const given: Readonly<Record<Role, readonly Role[]>> = {
  operator: allRoles,
  support: ['support'],
  auditor: ['auditor'],
  administrator: ofAccounts,
  approver: ['approver', 'requester', 'viewer'],
  requester: ['requester', 'viewer'],
  registrar: ['registrar', 'viewer'],
  userManager: ['userManager', 'viewer'],
  viewer: ['viewer'],
};

export function givableBy(roles: readonly Role[]): readonly Role[] {
  return allRoles.filter((role) => roles.some((held) => given[held].includes(role)));
}

export interface RolesChoice {
  readonly texts: Texts;
  readonly me: Pick<Me, 'roles'>;
  /** Marked at first. Those that somebody has already are offered too: taken away by who may, seen by everybody. */
  readonly value: readonly Role[];
  /** Of somebody without an account. */
  readonly isOfServer: boolean | 'both';
}

export function rolesField({ texts: { users, frame }, me, value, isOfServer }: RolesChoice): Field {
  const ofKind: readonly Role[] = isOfServer === 'both' ? allRoles : isOfServer ? ofServer : ofAccounts;
  const givable = givableBy(me.roles);
  const choices = ofKind.filter((role) => givable.includes(role) || value.includes(role));
  return {
    kind: 'several',
    name: 'roles',
    label: users.roles,
    isRequired: true,
    options: choices.map((role) => ({ value: role, label: frame.roles[role], text: users.roleTexts[role] })),
    value,
  };
}

/** Marked in a new choice: what most need, where it may be given; else the least. */
export function firstRole({ roles }: Pick<Me, 'roles'>, usual: Role): readonly Role[] {
  return [givableBy(roles).includes(usual) ? usual : 'viewer'];
}

/** @param isOfServer as of the field: what was marked before and is not offered any longer does not count */
export function rolesOf(marked: readonly string[], isOfServer: RolesChoice['isOfServer'] = 'both'): Role[] {
  const offered: readonly Role[] = isOfServer === 'both' ? allRoles : isOfServer ? ofServer : ofAccounts;
  return offered.filter((role) => marked.includes(role));
}
