/** The first page: what goes wrong, what is under way, what ends. Each block is the beginning of a list, and fails alone. */
import { useQuery } from '@tanstack/react-query';
import { type Me, may, meQuery } from '../api/me.ts';
import { useTexts } from '../preferences/texts-provider.tsx';
import { Empty } from '../shared/blocks.tsx';
import { usePageTitle } from '../shared/page-title.ts';
import { visible } from '../shared/visible.ts';
import styles from './home.module.css';
import { OrdersBlock } from './orders-block.tsx';

/** What is worst first. */
const blocks = ['failing', 'open', 'ending'] as const;

export function HomePage() {
  const { home } = useTexts();
  const { data: me } = useQuery(meQuery);
  usePageTitle(home.title);
  if (me === undefined) return null;
  return (
    <>
      <h1 className={styles.title}>{home.hello(visible(nameOf(me)))}</h1>
      {may(me, 'orders.list') ? (
        <div className={styles.blocks}>
          {blocks.map((view) => (
            <OrdersBlock key={view} view={view} />
          ))}
        </div>
      ) : (
        <Empty icon="shield" title={home.noOrders} text={home.noOrdersText} />
      )}
    </>
  );
}

const nameOf = ({ user, actor }: Me) => user?.name ?? actor.name;
