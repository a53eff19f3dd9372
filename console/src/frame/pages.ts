/** The pages of the navigation, and the operation without which a page has nothing to show. */
import { type Me, may } from '../api/me.ts';
import type { IconName } from '../shared/icons.tsx';

export interface Page {
  readonly name: 'home' | 'orders';
  readonly to: '/' | '/orders';
  readonly icon: IconName;
  /** Null: everybody has it. */
  readonly needs: string | null;
}

const pages: readonly Page[] = [
  { name: 'home', to: '/', icon: 'home', needs: null },
  { name: 'orders', to: '/orders', icon: 'orders', needs: 'orders.list' },
];

export function pagesOf(me: Me): readonly Page[] {
  return pages.filter(({ needs }) => needs === null || may(me, needs));
}
