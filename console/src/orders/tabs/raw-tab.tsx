/** The order as the API has it, for programs and for those who ask us. */
import { useTexts } from '../../preferences/texts-provider.tsx';
import { CopyText } from '../../shared/copy-text.tsx';
import { visibleLines } from '../cockpit/value-list.tsx';
import type { Order } from '../order-query.ts';
import styles from './tabs.module.css';

export function RawTab({ order }: { readonly order: Order }) {
  const { order: words } = useTexts();
  const text = JSON.stringify(order, null, 2);
  return (
    <section className={`card ${styles.section}`} aria-label={words.tabs.raw}>
      <div className={styles.rawHead}>
        <code>GET /api/v1/orders/{order.number}</code>
        <CopyText text={text}>{words.copy}</CopyText>
        <CopyText icon="code" text={`certmux order show ${order.number} --json`}>
          {words.copyCommand}
        </CopyText>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what can be scrolled must be reached by the keyboard */}
      <pre className={styles.raw} tabIndex={0}>
        {visibleLines(text)}
      </pre>
    </section>
  );
}
