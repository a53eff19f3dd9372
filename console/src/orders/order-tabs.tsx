/** The parts of an order, as links: each has its address. */
import { Link } from '@tanstack/react-router';
import { useTexts } from '../preferences/texts-provider.tsx';
import styles from './order.module.css';
import type { Order } from './order-query.ts';

const tabs = ['names', 'timeline', 'certificates', 'notes', 'raw'] as const;
export type OrderTab = (typeof tabs)[number];

export interface OrderTabsProps {
  readonly order: Order;
  readonly reference: string;
  readonly shown: OrderTab;
}

export function OrderTabs({ order, reference, shown }: OrderTabsProps) {
  const { order: words } = useTexts();
  const counts: Readonly<Partial<Record<OrderTab, number>>> = { names: order.names.length };
  return (
    <nav className={styles.tabs} aria-label={words.tabsLabel}>
      {tabs.map((tab) => (
        <Link
          key={tab}
          to={tab === 'names' ? '/orders/$order' : '/orders/$order/$tab'}
          params={{ order: reference, tab }}
          activeOptions={{ exact: true }}
          resetScroll={false}
          className={styles.tab}
          aria-current={tab === shown ? 'page' : undefined}
        >
          {words.tabs[tab]}
          {counts[tab] !== undefined && <span className={styles.count}>{counts[tab]}</span>}
        </Link>
      ))}
    </nav>
  );
}
