/** What the order would cost, what is left of the balance, which names are proved already and what it waits for. */
import type { Reply } from '../api/call.ts';
import { useTexts } from '../preferences/texts-provider.tsx';
import { DomainName } from '../shared/domain-name.tsx';
import { Icon } from '../shared/icons.tsx';
import { type Draft, namesOf, type Product } from './form.ts';
import styles from './new-order.module.css';

export interface QuoteProps {
  readonly dryRun: Reply<'orders', 'dryRun'> | undefined;
  readonly isAsking: boolean;
  readonly product: Product | undefined;
  readonly draft: Draft;
}

/** Of more names only the number is said. */
const mostNamed = 8;

export function Quote({ dryRun, isAsking, product, draft }: QuoteProps) {
  const { newOrder, order } = useTexts();
  const names = namesOf(draft);
  const proved = dryRun?.names.filter(({ isProved }) => isProved) ?? [];
  const open = dryRun?.names.filter(({ isProved }) => !isProved) ?? [];
  return (
    <section className={`card ${styles.quote}`} aria-labelledby="quote" aria-busy={isAsking}>
      <h2 id="quote">{newOrder.quote}</h2>
      <dl className={styles.sums} aria-live="polite">
        {product !== undefined && (
          <>
            <Sum label={newOrder.perName} value={product.prices.fqdn.amount} />
            {names.some((name) => name.startsWith('*.')) && (
              <Sum label={newOrder.perWildcard} value={product.prices.wildcard.amount} />
            )}
          </>
        )}
        <Sum label={newOrder.count} value={order.namesCount(names.length)} />
        <Sum label={newOrder.total} value={dryRun?.price.amount ?? '—'} isTotal />
        <Sum label={newOrder.balanceAfter} value={dryRun?.balanceAfter.amount ?? '—'} />
      </dl>
      {dryRun === undefined ? (
        <p className="dim small">{newOrder.quoteText}</p>
      ) : (
        <ul className={styles.waits}>
          {dryRun.needsApproval && (
            <li>
              <Icon name="shield" size={16} />
              {newOrder.needsApproval}
            </li>
          )}
          {proved.length > 0 && (
            <li data-tone="good">
              <Icon name="check" size={16} />
              <span>
                {newOrder.proved(proved.length)}
                <Names names={proved} />
              </span>
            </li>
          )}
          {open.length > 0 && (
            <li>
              <Icon name="clock" size={16} />
              <span>
                {newOrder.toProve(open.length)}
                <Names names={open} />
              </span>
            </li>
          )}
        </ul>
      )}
    </section>
  );
}

function Sum({
  label,
  value,
  isTotal = false,
}: {
  readonly label: string;
  readonly value: string;
  readonly isTotal?: boolean;
}) {
  return (
    <div data-total={isTotal}>
      <dt>{label}</dt>
      <dd>{value}</dd>
    </div>
  );
}

function Names({ names }: { readonly names: readonly { readonly name: string }[] }) {
  if (names.length > mostNamed) return null;
  return (
    <span className={styles.named}>
      {names.map(({ name }) => (
        <DomainName key={name} name={name} />
      ))}
    </span>
  );
}
