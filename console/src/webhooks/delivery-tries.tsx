/** Each try of a delivery: when, for how long, and what the receiver answered; and of what it speaks. */
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { RowOf } from '../api/list.ts';
import { useTexts } from '../preferences/texts-provider.tsx';
import { ActTrigger } from '../shared/act/act-trigger.tsx';
import { Dialog } from '../shared/dialog.tsx';
import { Icon } from '../shared/icons.tsx';
import { Prose } from '../shared/prose.tsx';
import { Moment } from '../shared/time.tsx';
import styles from './webhooks.module.css';

type Delivery = RowOf<'webhooks', 'deliveries'>;

export function DeliveryTries({ delivery }: { readonly delivery: Delivery }) {
  const { webhooks } = useTexts();
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <ActTrigger variant="default" size="xs" refusal={null} onAct={() => setOpen(true)}>
        {webhooks.showTries(delivery.attempts)}
      </ActTrigger>
      {isOpen && (
        <Dialog title={webhooks.events[delivery.event]} size={560} onClose={() => setOpen(false)}>
          <Tries delivery={delivery} />
        </Dialog>
      )}
    </>
  );
}

function Tries({ delivery: { url, orderId, tries, attempts } }: { readonly delivery: Delivery }) {
  const { webhooks } = useTexts();
  return (
    <div className={styles.tries}>
      <p>
        <Prose>{url}</Prose>
      </p>
      {orderId !== null && (
        <p>
          <Link to="/orders/$order" params={{ order: orderId }}>
            {webhooks.toOrder}
          </Link>
        </p>
      )}
      {tries.length === 0 && <p className="dim">{webhooks.noTries}</p>}
      {tries.length < attempts && tries.length > 0 && <p className="dim small">{webhooks.lastTries(tries.length)}</p>}
      <ol className={styles.list}>
        {tries.toReversed().map(({ at, status, ms, answer }) => {
          const isTaken = status !== null && status >= 200 && status < 300;
          return (
            <li key={at} data-taken={isTaken}>
              <Icon name={isTaken ? 'check' : 'close'} size={15} />
              <span>
                <Moment at={at} /> · {webhooks.took(ms)}
                <span className={styles.answer}>
                  <Prose>{answer}</Prose>
                </span>
              </span>
            </li>
          );
        })}
      </ol>
    </div>
  );
}
