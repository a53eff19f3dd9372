/** The names of an order, those first that are still to be proved, and the button that looks again at once. */
import { Button } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { call } from '../api/call.ts';
import { type Me, may } from '../api/me.ts';
import { useTexts } from '../preferences/texts-provider.tsx';
import { DomainName } from '../shared/domain-name.tsx';
import { wordsOf } from '../shared/failure.tsx';
import { Icon } from '../shared/icons.tsx';
import { NameProofs } from './name-proofs.tsx';
import styles from './order.module.css';
import { NameStateChip, type Order } from './state-chips.tsx';

export function OrderNames({ order, me }: { readonly order: Order; readonly me: Me }) {
  const texts = useTexts();
  const { orders } = texts;
  const isProved = ({ state }: Order['names'][number]) => state === 'valid';
  const proved = order.names.filter(isProved).length;
  const names = order.names.toSorted((one, other) => Number(isProved(one)) - Number(isProved(other)));
  const isWaiting = order.issuance?.state === 'awaitingValidation' && proved < names.length;
  const check = useCheck(order.number);

  return (
    <section className="card" aria-labelledby="names">
      <div className={`${styles.sectionHead} ${styles.namesHead}`}>
        <h2 id="names">{orders.names}</h2>
        <span className="dim">{orders.provedCount(proved, names.length)}</span>
        {isWaiting && may(me, 'orders.check') && (
          <Button
            className={styles.checkNow}
            leftSection={<Icon name="refresh" />}
            loading={check.isPending}
            onClick={() => check.mutate()}
          >
            {orders.checkNow}
          </Button>
        )}
      </div>
      <p role="status" className={check.isSuccess ? styles.note : 'hidden'}>
        {check.isPending ? orders.checking : check.isSuccess ? orders.checked : ''}
      </p>
      {check.error !== null && (
        <p role="alert" className={styles.problem}>
          <Icon name="alert" />
          {wordsOf(check.error, texts)}
        </p>
      )}
      <ul>
        {names.map((name) => (
          <li key={name.name} className={styles.name}>
            <div className={styles.nameHead}>
              <h3>
                <DomainName name={name.name} />
              </h3>
              <NameStateChip state={name.state} />
              {name.provedBy !== null && (
                <span className="dim small">{orders.provedBy(orders.methods[name.provedBy])}</span>
              )}
            </div>
            {!isProved(name) && isWaiting && <NameProofs name={name} />}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Looks for the proofs now. What was found is in the answer, and on the page without another question. */
function useCheck(number: number) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => call('orders', 'check', { order: String(number) }),
    onSuccess: (order) => {
      queries.setQueryData(['order', String(number)], order);
      void queries.invalidateQueries({ queryKey: ['order', String(number)] });
    },
  });
}
