/** An order beside the list: how it stands, its names, its certificate. What is to be placed is on its page. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTexts } from '../preferences/texts-provider.tsx';
import { capitalized } from '../shared/capitalized.ts';
import { Detail } from '../shared/detail.tsx';
import { DomainName } from '../shared/domain-name.tsx';
import { Moment } from '../shared/time.tsx';
import { visible } from '../shared/visible.ts';
import styles from './order.module.css';
import { OrderCertificate } from './order-certificate.tsx';
import { OrderFacts } from './order-facts.tsx';
import { orderQuery } from './order-query.ts';
import { NameStateChip, OrderStateChip } from './state-chips.tsx';

/** The rest is on the page of the order. */
const shownNames = 20;

export function OrderPeek({ reference }: { readonly reference: string }) {
  const { orders } = useTexts();
  const query = useQuery(orderQuery(reference));
  return (
    <Detail query={query} unknown={orders.unknownTitle}>
      {(order) => (
        <div className={styles.peek}>
          <header className={styles.head}>
            <div className={styles.peekTitle}>
              <h2>{orders.order(order.number)}</h2>
              <OrderStateChip state={order.state} />
            </div>
            <p>{visible(capitalized(order.summary))}</p>
            <p className="dim small">
              {orders.facts.placed} <Moment at={order.createdAt} />
            </p>
          </header>
          <section className="card">
            <ul>
              {order.names.slice(0, shownNames).map((name) => (
                <li key={name.name} className={styles.peekName}>
                  <DomainName name={name.name} />
                  <NameStateChip state={name.state} />
                </li>
              ))}
            </ul>
            {(order.state === 'open' || order.names.length > shownNames) && (
              <Link to="/orders/$order" params={{ order: reference }} className={styles.peekMore}>
                {order.state === 'open' ? orders.toPlace : orders.allNames(order.names.length)}
              </Link>
            )}
          </section>
          {order.certificate !== null && <OrderCertificate certificate={order.certificate} />}
          <OrderFacts order={order} />
        </div>
      )}
    </Detail>
  );
}
