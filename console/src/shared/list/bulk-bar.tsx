/** What is done with the marked rows: with a result for each, so that one that is refused holds up no other. */
import { Button, CloseButton } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTexts } from '../../preferences/texts-provider.tsx';
import { wordsOf } from '../failure.tsx';
import { Icon } from '../icons.tsx';
import { BulkQuestion } from './bulk-question.tsx';
import type { AskedAction, BulkAction, ListDefinition, ListRow, PlainAction } from './definition.ts';
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
  const queries = useQueryClient();
  const [run, setRun] = useState<Run | undefined>(undefined);
  const [asked, setAsked] = useState<
    { readonly action: AskedAction<Row>; readonly rows: readonly Row[] } | undefined
  >();
  const marked = rows.filter(({ id }) => selection.ids.has(id));
  const isRunning = run !== undefined && run.results.length < run.count;
  if (marked.length === 0 && run === undefined) return null;

  function start(action: BulkAction<Row>) {
    // Of just the rows that are marked now, whatever the list shows while somebody thinks about it.
    if ('ask' in action) setAsked({ action, rows: marked });
    else void runAll(action);
  }

  const labelOf = (row: Row) => list.detail?.labelOf(row) ?? row.id;

  async function runAll(action: PlainAction<Row>) {
    const results: Result[] = [];
    const show = () => setRun({ label: action.label, results: [...results], count: marked.length });
    show();
    for (const row of marked) {
      results.push({ id: row.id, label: labelOf(row), failure: await failureOf(action, row) });
      show();
    }
    selection.clear();
    await queries.invalidateQueries({ queryKey: [list.source.noun] });
  }

  async function failureOf(action: PlainAction<Row>, row: Row): Promise<string | null> {
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
              onClick={() => start(action)}
            >
              {action.label}
            </Button>
          ))}
          <CloseButton aria-label={texts.unmark} onClick={selection.clear} className={styles.bulkClose} />
        </>
      ) : (
        <Results run={run} isRunning={isRunning} onClose={() => setRun(undefined)} />
      )}
      {asked !== undefined && (
        <BulkQuestion
          action={asked.action}
          rows={asked.rows}
          onClose={() => setAsked(undefined)}
          onDone={(results) => {
            const labels = new Map(asked.rows.map((row) => [row.id, labelOf(row)]));
            setAsked(undefined);
            setRun({
              label: asked.action.label,
              results: results.map(({ id, failure }) => ({ id, failure, label: labels.get(id) ?? id })),
              count: results.length,
            });
            selection.clear();
            void queries.invalidateQueries({ queryKey: [list.source.noun] });
          }}
        />
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
