/** What is done with the marked rows: one after the other, with a result for each, so that one that is refused holds up no other. */
import { Button, CloseButton } from '@mantine/core';
import { useState } from 'react';
import { useTexts } from '../../preferences/texts-provider.tsx';
import { useAfterAct } from '../act/after-act.ts';
import { wordsOf } from '../failure.tsx';
import { Icon } from '../icons.tsx';
import type { BulkAction, ListDefinition, ListRow } from './definition.ts';
import styles from './list.module.css';
import type { Selection } from './use-selection.ts';

interface Result {
  readonly id: string;
  readonly label: string;
  /** Null: it was done. */
  readonly failure: string | null;
}

interface Run {
  readonly label: string;
  readonly results: readonly Result[];
  readonly count: number;
}

export interface BulkBarProps<Row extends ListRow> {
  readonly list: ListDefinition<Row>;
  readonly rows: readonly Row[];
  readonly selection: Selection;
}

export function BulkBar<Row extends ListRow>({ list, rows, selection }: BulkBarProps<Row>) {
  const allTexts = useTexts();
  const texts = allTexts.list;
  const afterAct = useAfterAct();
  const [run, setRun] = useState<Run | undefined>(undefined);
  const marked = rows.filter(({ id }) => selection.ids.has(id));
  const isRunning = run !== undefined && run.results.length < run.count;
  if (marked.length === 0 && run === undefined) return null;

  async function start(action: BulkAction<Row>) {
    const results: Result[] = [];
    const show = () => setRun({ label: action.label, results: [...results], count: marked.length });
    show();
    for (const row of marked) {
      results.push({ id: row.id, label: list.detail?.labelOf(row) ?? row.id, failure: await failureOf(action, row) });
      show();
    }
    selection.clear();
    await afterAct([list.source.noun]);
  }

  async function failureOf(action: BulkAction<Row>, row: Row): Promise<string | null> {
    const refusal = action.refusalOf?.(row) ?? null;
    if (refusal !== null) return refusal;
    try {
      await action.run(row);
      return null;
    } catch (thrown) {
      return thrown instanceof Error ? wordsOf(thrown, allTexts) : String(thrown);
    }
  }

  return (
    <section className={styles.bulk} aria-label={texts.marked(marked.length)}>
      {run === undefined ? (
        <>
          <span className={styles.bulkCount}>{texts.marked(marked.length)}</span>
          {(list.actions ?? []).map((action) => (
            <Button
              key={action.key}
              size="sm"
              variant="default"
              leftSection={<Icon name={action.icon} size={16} />}
              onClick={() => void start(action)}
            >
              {action.label}
            </Button>
          ))}
          <CloseButton aria-label={texts.unmark} onClick={selection.clear} className={styles.bulkClose} />
        </>
      ) : (
        <Results run={run} isRunning={isRunning} onClose={() => setRun(undefined)} />
      )}
    </section>
  );
}

interface ResultsProps {
  readonly run: Run;
  readonly isRunning: boolean;
  readonly onClose: () => void;
}

function Results({ run, isRunning, onClose }: ResultsProps) {
  const texts = useTexts().list;
  const failed = run.results.filter(({ failure }) => failure !== null);
  const done = run.results.length - failed.length;
  return (
    <>
      <div className={styles.bulkResults}>
        <span role="status" className={styles.bulkCount}>
          {texts.resultOf(run.label)}{' '}
          {isRunning ? texts.running(run.results.length, run.count) : texts.ran(done, failed.length)}
        </span>
        <ul>
          {failed.map(({ id, label, failure }) => (
            <li key={id}>
              <strong>{label}</strong> {failure}
            </li>
          ))}
        </ul>
      </div>
      {!isRunning && <CloseButton aria-label={texts.close} onClick={onClose} className={styles.bulkClose} />}
    </>
  );
}
