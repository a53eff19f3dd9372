/** The pages of the navigation, and the operation without which a page has nothing to show. */
import { type Me, may } from '../api/me.ts';
import type { Texts } from '../messages/texts.ts';
import type { IconName } from '../shared/icons.tsx';
import type { ListSearch } from '../shared/list/address.ts';
import { isPageOf } from './pages-of-roles.ts';

export type PageName = keyof Texts['frame']['pages'];

export interface Page {
  readonly name: PageName;
  readonly to: string;
  readonly icon: IconName;
  /** Null: everybody has it. */
  readonly needs: string | null;
  /** The list as it is opened from the navigation. */
  readonly search?: ListSearch;
  readonly group: 'work' | 'people' | 'platform';
  /** It speaks of the server, whatever account is chosen. */
  readonly isOfServer?: boolean;
}

/** In the order of the navigation. On phones the first four stand in the bar. */
const pages: readonly Page[] = [
  { name: 'home', to: '/', icon: 'home', needs: null, group: 'work' },
  { name: 'orders', to: '/orders', icon: 'orders', needs: 'orders.list', group: 'work' },
  {
    name: 'certificates',
    to: '/certificates',
    icon: 'certificate',
    needs: 'certificates.list',
    search: { state: 'valid', replaced: 'false' },
    group: 'work',
  },
  {
    name: 'approvals',
    to: '/approvals',
    icon: 'shield',
    needs: 'approvals.list',
    search: { waiting: 'true', decidable: 'true' },
    group: 'work',
  },
  { name: 'domains', to: '/domains', icon: 'domain', needs: 'domains.list', group: 'work' },
  { name: 'organizations', to: '/organizations', icon: 'organization', needs: 'organizations.list', group: 'work' },
  { name: 'reports', to: '/reports', icon: 'chart', needs: 'statistics.issuance', group: 'work' },
  { name: 'accounts', to: '/accounts', icon: 'wallet', needs: 'accounts.list', group: 'people', isOfServer: true },
  { name: 'account', to: '/accounts', icon: 'wallet', needs: 'accounts.show', group: 'people' },
  { name: 'users', to: '/users', icon: 'people', needs: 'users.list', group: 'people' },
  {
    name: 'credentials',
    to: '/credentials',
    icon: 'key',
    needs: 'credentials.list',
    search: { revoked: 'false' },
    group: 'people',
  },
  { name: 'acmeKeys', to: '/acme-keys', icon: 'certificate', needs: 'acmeKeys.list', group: 'people' },
  { name: 'containers', to: '/containers', icon: 'list', needs: 'containers.list', group: 'people' },
  { name: 'customFields', to: '/custom-fields', icon: 'note', needs: 'customFields.list', group: 'people' },
  { name: 'roleGrants', to: '/role-grants', icon: 'shield', needs: 'roleGrants.list', group: 'people' },
  { name: 'webhooks', to: '/webhooks', icon: 'webhook', needs: 'webhooks.list', group: 'people' },
  { name: 'deliveries', to: '/deliveries', icon: 'send', needs: 'webhooks.deliveries', group: 'people' },
  { name: 'products', to: '/products', icon: 'product', needs: 'products.list', group: 'platform', isOfServer: true },
  { name: 'issuers', to: '/issuers', icon: 'issuer', needs: 'authorities.list', group: 'platform', isOfServer: true },
  { name: 'jobs', to: '/jobs', icon: 'jobs', needs: 'jobs.list', group: 'platform', isOfServer: true },
  { name: 'alarms', to: '/alarms', icon: 'bell', needs: 'alarms.list', group: 'platform', isOfServer: true },
  { name: 'mail', to: '/mail', icon: 'mail', needs: 'mail.stopped', group: 'platform', isOfServer: true },
  { name: 'blockedKeys', to: '/blocked-keys', icon: 'stop', needs: 'keys.blocked', group: 'platform' },
  { name: 'audit', to: '/audit', icon: 'audit', needs: 'events.list', group: 'platform' },
  { name: 'settings', to: '/settings', icon: 'settings', needs: null, group: 'platform', isOfServer: true },
];

export function pagesOf(me: Me): readonly Page[] {
  const { account, roles } = me;
  // The list of all accounts is not theirs; their own has balance, prices and what signs their webhooks.
  const own = account === null ? undefined : `/accounts/${account.number}`;
  return (
    pages
      .map((page) => (page.name === 'account' && own !== undefined ? { ...page, to: own } : page))
      .filter((page) => page.name !== 'account' || own !== undefined)
      // Whoever verifies has those first that wait for it.
      .map((page) =>
        page.name === 'organizations' && may(me, 'organizations.verify')
          ? { ...page, search: { waiting: 'true' } }
          : page,
      )
      .filter(({ name, needs }) => isPageOf(roles, name) && (needs === null || may(me, needs)))
  );
}

/** @param path of the router, without the prefix of the console */
export function isOfServer(path: string): boolean {
  return pages.some((page) => page.isOfServer === true && page.to === path);
}
