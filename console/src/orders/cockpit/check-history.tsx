/** Earlier checks of a name: those that found the same are one line. */
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { call, type Reply } from '../../api/call.ts';
import { useTexts } from '../../preferences/texts-provider.tsx';
import { failureText } from '../../shared/failure.tsx';
import { Icon } from '../../shared/icons.tsx';
import { Relative } from '../../shared/time.tsx';
import { visible } from '../../shared/visible.ts';
import styles from './cockpit.module.css';

type Check = Reply<'checks', 'ofAuthorization'>['checks'][number];

/** As many names as one page of the API has. */
const mostNames = 200;

/** Whose checks: of one name of an order, or of the proof of a domain. */
export type CheckSource =
  | { readonly kind: 'order'; readonly order: string; readonly name: string }
  | { readonly kind: 'domain'; readonly authorization: string };

export function CheckHistory({ of }: { readonly of: CheckSource }) {
  const { order: words } = useTexts();
  const [isOpen, setOpen] = useState(false);
  return (
    <details className={styles.ways} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{words.history}</summary>
      {isOpen && <History of={of} />}
    </details>
  );
}

function History({ of }: { readonly of: CheckSource }) {
  const texts = useTexts();
  const { data, error } = useQuery({
    queryKey: of.kind === 'order' ? ['order', of.order, 'checks', of.name] : ['domains', 'checks', of.authorization],
    queryFn: ({ signal }) => checksOf(of, signal),
  });
  if (error !== null) return <p className={styles.problem}>{failureText(error, texts)}</p>;
  if (data === undefined) return <p className="dim small">{texts.shared.loading}</p>;
  if (data.length === 0) return <p className="dim small">{texts.order.noHistory}</p>;
  return <CheckLines checks={data} />;
}

async function checksOf(of: CheckSource, signal: AbortSignal): Promise<readonly Check[]> {
  if (of.kind === 'domain') {
    return (await call('checks', 'ofAuthorization', { authorization: of.authorization }, { signal })).checks;
  }
  // An order has more names than a page: the one that is meant may stand on a later one.
  let cursor: string | null = null;
  do {
    const after: { readonly cursor?: string } = cursor === null ? {} : { cursor };
    const page = await call('checks', 'ofOrder', { order: of.order, limit: mostNames, ...after }, { signal });
    const found = page.items.find(({ name }) => name === of.name);
    if (found !== undefined) return found.checks;
    cursor = page.nextCursor;
  } while (cursor !== null);
  return [];
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
