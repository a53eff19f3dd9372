/** The pages of the navigation, and the operation without which a page has nothing to show. */
import { type Me, may } from '../api/me.ts';
import type { Texts } from '../messages/texts.ts';
import type { IconName } from '../shared/icons.tsx';
import type { ListSearch } from '../shared/list/address.ts';

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
  { name: 'accounts', to: '/accounts', icon: 'wallet', needs: 'accounts.list', group: 'people' },
  { name: 'users', to: '/users', icon: 'people', needs: 'users.list', group: 'people' },
  {
    name: 'credentials',
    to: '/credentials',
    icon: 'key',
    needs: 'credentials.list',
    search: { revoked: 'false' },
    group: 'people',
  },
  { name: 'webhooks', to: '/webhooks', icon: 'webhook', needs: 'webhooks.list', group: 'people' },
  { name: 'deliveries', to: '/deliveries', icon: 'send', needs: 'webhooks.deliveries', group: 'people' },
  { name: 'products', to: '/products', icon: 'product', needs: 'products.list', group: 'platform' },
  { name: 'issuers', to: '/issuers', icon: 'issuer', needs: 'authorities.list', group: 'platform' },
  { name: 'jobs', to: '/jobs', icon: 'jobs', needs: 'jobs.list', group: 'platform' },
  { name: 'audit', to: '/audit', icon: 'audit', needs: 'events.list', group: 'platform' },
  { name: 'settings', to: '/settings', icon: 'settings', needs: null, group: 'platform' },
];

export function pagesOf(me: Me): readonly Page[] {
  return pages.filter(({ needs }) => needs === null || may(me, needs));
}
