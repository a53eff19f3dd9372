/** What was ordered, for whom, for how much. */
import type { ReactNode } from 'react';
import { useSpoken } from '../preferences/texts-provider.tsx';
import { dayText } from '../shared/time.tsx';
import { visible } from '../shared/visible.ts';
import styles from './order.module.css';
import type { Order } from './state-chips.tsx';

export function OrderFacts({ order }: { readonly order: Order }) {
  const { language, texts } = useSpoken();
  const { facts, until } = texts.orders;
  const { coverageFrom, coverageUntil } = order;
  const rows: readonly (readonly [label: string, value: ReactNode])[] = [
    [facts.product, visible(order.productName)],
    [facts.account, visible(order.accountName)],
    [facts.total, order.total.amount],
    [
      facts.coverage,
      coverageFrom !== null && coverageUntil !== null ? (
        <span key="coverage" className="kept">
          {until(dayText(coverageFrom, language), dayText(coverageUntil, language))}
        </span>
      ) : null,
    ],
    [facts.reference, order.reference === null ? null : visible(order.reference)],
    [facts.organization, order.organization === null ? null : visible(order.organization.name)],
    [facts.reminders, remindersText()],
    [facts.api, order.dialect],
    ...(order.customFields ?? []).map(({ label, value }) => [visible(label), visible(value)] as const),
  ];
  function remindersText(): string {
    const { isOff, addresses } = order.reminders;
    if (isOff) return facts.remindersOff;
    return addresses.length === 0 ? facts.remindersOn : facts.remindersTo(addresses.map(visible).join(', '));
  }

  return (
    <section className="card">
      <dl className={styles.facts}>
        {rows.map(([label, value]) =>
          value === null ? null : (
            <div key={label}>
              <dt>{label}</dt>
              <dd>{value}</dd>
            </div>
          ),
        )}
      </dl>
    </section>
  );
}
