/** The first page: what needs this person, worst first; what is under way and in whose hands; how things went. Each block fails alone. */
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type Me, may, meQuery } from '../api/me.ts';
import { useChosenAccount } from '../frame/chosen-account.ts';
import { useTexts } from '../preferences/texts-provider.tsx';
import { Empty } from '../shared/blocks.tsx';
import { usePageTitle } from '../shared/page-title.ts';
import { visible } from '../shared/visible.ts';
import { AlarmsBlock } from './alarms-block.tsx';
import { FirstSteps } from './first-steps.tsx';
import styles from './home.module.css';
import { ExpiryBlock, FailuresBlock, IssuanceBlock, RevenueBlock } from './statistic-blocks.tsx';
import { TurnBlocks } from './turn-blocks.tsx';

export function HomePage() {
  const { home, newOrder } = useTexts();
  const { data: me } = useQuery(meQuery);
  const account = useChosenAccount();
  usePageTitle(home.title);
  if (me === undefined) return null;
  const seesAnything = may(me, 'statistics.home');
  return (
    <>
      <div className={styles.top}>
        <h1 className={styles.title}>{home.hello(visible(nameOf(me)))}</h1>
        {may(me, 'orders.place') && (
          <Button component={Link} to="/orders/new" variant="default">
            {newOrder.title}
          </Button>
        )}
      </div>
      {may(me, 'alarms.list') && account === undefined && <AlarmsBlock />}
      {may(me, 'setup.confirm') && account === undefined && <FirstSteps />}
      {seesAnything ? (
        <div className={styles.columns}>
          <div className={styles.blocks}>
            <TurnBlocks me={me} />
          </div>
          <div className={styles.blocks}>
            {may(me, 'statistics.issuance') && <IssuanceBlock />}
            {may(me, 'statistics.expiry') && <ExpiryBlock />}
            {may(me, 'statistics.failures') && <FailuresBlock />}
            {may(me, 'statistics.revenue') && me.account === null && <RevenueBlock />}
          </div>
        </div>
      ) : (
        <Empty icon="shield" title={home.noOrders} text={home.noOrdersText} />
      )}
    </>
  );
}

const nameOf = ({ user, actor }: Me) => user?.name ?? actor.name;
