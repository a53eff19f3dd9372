/** What a reissue would cost and wait for, asked while it is being written: a refusal is read before anything is sent. */
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { call } from '../../api/call.ts';
import { may, meQuery } from '../../api/me.ts';
import { useTexts } from '../../preferences/texts-provider.tsx';
import { wordsOf } from '../../shared/failure.tsx';
import { Icon } from '../../shared/icons.tsx';
import type { Order } from '../order-query.ts';
import styles from './acts.module.css';

/** Nobody waits for an answer in the middle of a word. */
const pauseMs = 400;

export interface ReissueQuoteProps {
  readonly order: Order;
  readonly csr: string;
  readonly names: readonly string[];
}

export function ReissueQuote({ order, csr, names }: ReissueQuoteProps) {
  const texts = useTexts();
  const { acts, newOrder } = texts;
  const { data: me } = useQuery(meQuery);
  const isWhole = csr.trim() !== '' && names.length > 0;
  const [asked] = useDebouncedValue(isWhole ? JSON.stringify({ csr, names }) : null, pauseMs);
  const { data, error, isFetching } = useQuery({
    queryKey: ['dryRun', order.number, asked],
    queryFn: ({ signal }) =>
      call('orders', 'dryRunReissue', { order: String(order.number), csr, names: [...names] }, { signal }),
    enabled:
      asked !== null && asked === JSON.stringify({ csr, names }) && me !== undefined && may(me, 'orders.dryRunReissue'),
    retry: false,
    gcTime: 0,
  });
  if (!isWhole) return null;
  const open = data?.names.filter(({ isProved }) => !isProved).length ?? 0;
  return (
    <div className={styles.quote} aria-live="polite" aria-busy={isFetching}>
      {error !== null && (
        <p className={styles.quoteRefusal}>
          <Icon name="alert" size={16} />
          <span>{wordsOf(error, texts)}</span>
        </p>
      )}
      {data !== undefined && error === null && (
        <>
          <p>
            {newOrder.total} <strong>{data.price.amount}</strong>
            <span className="dim"> · {acts.reissue.after(data.balanceAfter.amount)}</span>
          </p>
          <ul className="small">
            {data.needsApproval && <li>{newOrder.needsApproval}</li>}
            <li>{open === 0 ? acts.reissue.allProved : acts.reissue.toProve(open)}</li>
          </ul>
        </>
      )}
    </div>
  );
}
