/** Earlier checks of a name: those that found the same are one line. */
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { call, type Reply } from '../../api/call.ts';
import { useTexts } from '../../preferences/texts-provider.tsx';
import { wordsOf } from '../../shared/failure.tsx';
import { Icon } from '../../shared/icons.tsx';
import { Relative } from '../../shared/time.tsx';
import { visible } from '../../shared/visible.ts';
import styles from './cockpit.module.css';

type Check = Reply<'checks', 'ofOrder'>['items'][number]['checks'][number];

/** As many names as an order may have on one page of the API. */
const mostNames = 200;

export function CheckHistory({ order, name }: { readonly order: number; readonly name: string }) {
  const { order: words } = useTexts();
  const [isOpen, setOpen] = useState(false);
  return (
    <details className={styles.ways} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{words.history}</summary>
      {isOpen && <History order={order} name={name} />}
    </details>
  );
}

function History({ order, name }: { readonly order: number; readonly name: string }) {
  const texts = useTexts();
  const { data, error } = useQuery({
    queryKey: ['order', String(order), 'checks'],
    queryFn: ({ signal }) => call('checks', 'ofOrder', { order: String(order), limit: mostNames }, { signal }),
  });
  if (error !== null) return <p className={styles.problem}>{wordsOf(error, texts)}</p>;
  if (data === undefined) return <p className="dim small">{texts.shared.loading}</p>;
  const checks = data.items.find((one) => one.name === name)?.checks ?? [];
  if (checks.length === 0) return <p className="dim small">{texts.order.noHistory}</p>;
  return <CheckLines checks={checks} />;
}

export function CheckLines({ checks }: { readonly checks: readonly Check[] }) {
  const { order, orders } = useTexts();
  return (
    <ul className={styles.history}>
      {checks.map((check) => (
        <li key={`${check.method} ${check.checkedAt} ${check.firstAt} ${check.problem}`} data-proved={check.proved}>
          <Icon name={check.proved ? 'check' : 'close'} size={15} />
          <span>
            <Relative at={check.checkedAt} /> · {orders.methods[check.method]}
            {check.count > 1 && <> · {order.times(check.count)}</>}
            <span className={styles.historyText}>
              {check.problem === null ? order.checkProved : visible(check.problem)}
            </span>
          </span>
        </li>
      ))}
    </ul>
  );
}
