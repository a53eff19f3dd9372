/** What the last check asked, who answered, what was found and what was wanted with the differences marked; why it proves nothing, and what to do. */
import { useTexts } from '../../preferences/texts-provider.tsx';
import { Icon } from '../../shared/icons.tsx';
import { Relative } from '../../shared/time.tsx';
import { visible } from '../../shared/visible.ts';
import type { Proof } from '../order-query.ts';
import styles from './cockpit.module.css';
import { differenceOf, type Part } from './difference.ts';
import { visibleLines } from './value-list.tsx';

type Check = Proof['lastCheck'];

interface CheckEvidenceProps {
  readonly check: Check;
  /** The server looks by itself, besides when somebody asks. */
  readonly isLookedFor: boolean;
}

export function CheckEvidence({ check, isLookedFor }: CheckEvidenceProps) {
  const { order, orders } = useTexts();
  if (check === null) return <p className="dim small">{isLookedFor ? orders.neverChecked : orders.checkedWhenAsked}</p>;
  return (
    <section className={styles.evidence} aria-label={orders.lastCheck}>
      <p className="dim small">
        {orders.lastCheck} <Relative at={check.checkedAt} />
        {check.durationMs !== null && <> · {orders.took(Math.round(check.durationMs))}</>}
      </p>
      {check.problem !== null && (
        <div className={styles.verdict}>
          <p className={styles.why}>
            <Icon name="alert" />
            <span>
              <span className={styles.word}>{orders.evidence.why}</span> {visible(check.problem)}
            </span>
          </p>
          {check.do !== null && (
            <p className={styles.do}>
              <Icon name="forward" />
              <span>
                <span className={styles.word}>{order.evidenceDo}</span> {visible(check.do)}
              </span>
            </p>
          )}
          {check.hints.map(({ code, text }) => (
            <p key={code} className={`small ${styles.hint}`}>
              {order.hint} {visible(text)}
            </p>
          ))}
        </div>
      )}
      <Findings check={check} />
    </section>
  );
}

function Findings({ check }: { readonly check: NonNullable<Check> }) {
  const { orders } = useTexts();
  const { evidence } = orders;
  const found = check.found ?? check.answer;
  const { wanted } = check;
  const difference =
    found === '' || wanted === null || check.proved
      ? { found: plain(found === '' ? orders.nothingFound : found), wanted: plain(wanted ?? '') }
      : differenceOf(found, wanted);
  const rows = [
    { label: evidence.asked, parts: plain(check.asked) },
    { label: evidence.answeredBy, parts: plain(check.answeredBy.join(', ')) },
    { label: evidence.found, parts: difference.found },
    { label: evidence.wanted, parts: difference.wanted },
  ];
  return (
    <dl className={styles.found}>
      {rows
        .filter(({ parts }) => parts.some(({ text }) => text !== ''))
        .map(({ label, parts }) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>
              <code>
                <Marked parts={parts} />
              </code>
            </dd>
          </div>
        ))}
    </dl>
  );
}

const plain = (text: string): readonly Part[] => [{ text, isDifferent: false }];

function Marked({ parts }: { readonly parts: readonly Part[] }) {
  return parts.map(({ text, isDifferent }) =>
    isDifferent ? (
      <mark key="different" className={styles.mark}>
        {visibleLines(text)}
      </mark>
    ) : (
      visibleLines(text)
    ),
  );
}
