/** One name of an order: how it stands, and as long as it is not proved what to place and what the last check found. A proved name shows none of it. */
import { type ReactNode, useId, useState } from 'react';
import { useTexts } from '../../preferences/texts-provider.tsx';
import { DomainName } from '../../shared/domain-name.tsx';
import { Icon } from '../../shared/icons.tsx';
import { DaysLeft } from '../../shared/time.tsx';
import { visible } from '../../shared/visible.ts';
import type { OrderName } from '../order-query.ts';
import { NameStateChip } from '../state-chips.tsx';
import styles from './cockpit.module.css';
import { meantProof } from './groups.ts';

export interface NameCardProps {
  readonly name: OrderName;
  readonly isOpenFirst: boolean;
  /** What is under the name once it is opened. */
  readonly children: ReactNode;
}

export function NameCard({ name, isOpenFirst, children }: NameCardProps) {
  const [isOpen, setOpen] = useState(isOpenFirst);
  const id = useId();
  const problem = meantProof(name)?.lastCheck?.problem ?? null;
  return (
    <li className={styles.name}>
      <h3 className={styles.nameHead}>
        <button
          type="button"
          className={styles.toggle}
          aria-expanded={isOpen}
          aria-controls={id}
          onClick={() => setOpen(!isOpen)}
        >
          <span className={styles.arrow} data-open={isOpen}>
            <Icon name="forward" size={16} />
          </span>
          <DomainName name={name.name} />
          <NameStateChip state={name.state} />
        </button>
      </h3>
      {!isOpen && problem !== null && <p className={`dim small ${styles.short}`}>{visible(problem)}</p>}
      <div id={id} hidden={!isOpen} className={styles.body}>
        {isOpen && children}
      </div>
    </li>
  );
}

export function ProvedName({ name }: { readonly name: OrderName }) {
  const { order, orders } = useTexts();
  return (
    <li className={styles.proved}>
      <h3>
        <DomainName name={name.name} />
      </h3>
      <NameStateChip state={name.state} />
      <span className="dim small">
        {name.provedBy !== null && `${orders.provedBy(orders.methods[name.provedBy])} · `}
        {name.validUntil !== null && (
          <>
            {order.servesUntil} <DaysLeft until={name.validUntil} />
          </>
        )}
      </span>
    </li>
  );
}
