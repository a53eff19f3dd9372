/** What the last check asked, who answered, what was found and what was wanted: side by side, so that the difference is seen. */
import { useTexts } from '../preferences/texts-provider.tsx';
import { Icon } from '../shared/icons.tsx';
import { Relative } from '../shared/time.tsx';
import { visible } from '../shared/visible.ts';
import styles from './order.module.css';
import type { OrderName } from './state-chips.tsx';

type Check = OrderName['proofs'][number]['lastCheck'];

export function CheckEvidence({ check, wanted }: { readonly check: Check; readonly wanted: string | null }) {
  const { orders } = useTexts();
  const { evidence } = orders;
  if (check === null) return <p className="dim small">{orders.neverChecked}</p>;
  const rows: readonly (readonly [label: string, value: string])[] = [
    [evidence.asked, check.asked],
    ...(check.answeredBy.length === 0 ? [] : [[evidence.answeredBy, check.answeredBy.join(', ')] as const]),
    [evidence.found, check.answer === '' ? orders.nothingFound : check.answer],
    ...(wanted === null ? [] : [[evidence.wanted, wanted] as const]),
  ];
  return (
    <div className={styles.evidence}>
      <p className="dim small">
        {orders.lastCheck} <Relative at={check.checkedAt} />
        {check.durationMs !== null && <> · {orders.took(Math.round(check.durationMs))}</>}
      </p>
      {check.problem !== null && (
        <p className={styles.problem}>
          <Icon name="alert" />
          <span>{visible(check.problem)}</span>
        </p>
      )}
      <dl className={styles.found}>
        {rows.map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>
              <code>{visible(value)}</code>
            </dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
