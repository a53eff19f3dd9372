/**
 * Which pages a role works with. What the API lets everybody read, such as its products, is no page of everybody: a menu is short where it has
 * only what somebody comes for. A page that is not here belongs to those who have all of them.
 */
import type { Texts } from '../messages/texts.ts';

type PageName = keyof Texts['frame']['pages'];
type RoleName = keyof Texts['frame']['roles'];

const ofEverybody = ['home', 'settings'] as const satisfies readonly PageName[];

/** All: as far as the API answers them. */
const ofRole: Readonly<Record<RoleName, 'all' | readonly PageName[]>> = {
  operator: 'all',
  support: 'all',
  auditor: 'all',
  administrator: 'all',
  approver: ['approvals', 'orders', 'certificates'],
  requester: ['orders', 'certificates', 'domains', 'credentials'],
  registrar: ['organizations', 'domains'],
  userManager: ['users', 'credentials'],
  viewer: ['orders', 'certificates', 'approvals', 'domains', 'organizations', 'products'],
};

/** Whoever has several roles has the pages of each. */
export function isPageOf(roles: readonly RoleName[], page: PageName): boolean {
  if (ofEverybody.some((one) => one === page)) return true;
  return roles.some((role) => {
    const pages = ofRole[role];
    return pages === 'all' || pages.includes(page);
  });
}
