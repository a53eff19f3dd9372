/** Fields and their values, as they are typed into a form elsewhere; each can be copied whole. */
import { useTexts } from '../../preferences/texts-provider.tsx';
import { CopyButton } from '../../shared/copy-button.tsx';
import { visible } from '../../shared/visible.ts';
import styles from './cockpit.module.css';

export interface Line {
  readonly label: string;
  readonly value: string;
  readonly isCopied?: boolean;
}

export function ValueList({ lines, alternatives = [] }: ValueListProps) {
  const { orders } = useTexts();
  return (
    <dl className={styles.values}>
      {lines.map(({ label, value, isCopied = false }) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>
            <code>{visibleLines(value)}</code>
            {isCopied && <CopyButton value={value} what={label} />}
          </dd>
        </div>
      ))}
      {alternatives.length > 0 && (
        <div>
          <dt>{orders.place.alternatives}</dt>
          <dd>
            <code>{visible(alternatives.join(', '))}</code>
          </dd>
        </div>
      )}
    </dl>
  );
}

export interface ValueListProps {
  readonly lines: readonly Line[];
  readonly alternatives?: readonly string[];
}

/** A text of several lines keeps them. */
export function visibleLines(text: string): string {
  return text.split('\n').map(visible).join('\n');
}
