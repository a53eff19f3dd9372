/** The head of an order: whose turn it is, since when, until when, when the server looks again, and what that somebody does. */
import type { ReactNode } from 'react';
import { useTexts } from '../preferences/texts-provider.tsx';
import { capitalized } from '../shared/capitalized.ts';
import { Chip } from '../shared/chip.tsx';
import { Moment, Relative } from '../shared/time.tsx';
import { visible } from '../shared/visible.ts';
import { OrderActs, type OrderActsProps } from './acts/order-acts.tsx';
import styles from './head.module.css';
import { needOf } from './need.ts';
import { OrderSteps } from './order-steps.tsx';
import { OrderStateChip, turnLooks } from './state-chips.tsx';

export function OrderHead(props: OrderActsProps) {
  const texts = useTexts();
  const { order: words, orders } = texts;
  const { order } = props;
  const { turn } = order;
  const need = needOf(order, texts);
  return (
    <header className={`card ${styles.head}`}>
      <div className={styles.title}>
        <h1>{orders.order(order.number)}</h1>
        {turn === null ? (
          <OrderStateChip state={order.state} />
        ) : (
          <Chip icon={turnLooks[turn.who][0]} tone={turnLooks[turn.who][1]}>
            {words.waits[turn.who]}
          </Chip>
        )}
        {turn === null && <span className={styles.standing}>{visible(capitalized(order.summary))}</span>}
      </div>
      {turn !== null && (
        <>
          {need !== '' && (
            <p className={styles.need}>
              <span className={styles.label}>{words.need[turn.who]}</span> {need}
            </p>
          )}
          {turn.reason !== null && <p className={styles.reason}>{visible(capitalized(turn.reason.text))}</p>}
          <dl className={styles.times}>
            <Time label={words.since}>
              <Relative at={turn.since} />
            </Time>
            {turn.nextAt !== null && (
              <Time label={words.next}>
                <Relative at={turn.nextAt} />
              </Time>
            )}
            {turn.deadline !== null && (
              <Time label={words.deadline}>
                <Moment at={turn.deadline} />
              </Time>
            )}
          </dl>
        </>
      )}
      <OrderSteps order={order} />
      <OrderActs {...props} />
    </header>
  );
}

function Time({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}
