/** What is done with the marked rows: one request for all of them, whose answer has a result for each, so that one that is refused holds up no other. */
import { Button, CloseButton } from '@mantine/core';
import { useRef, useState } from 'react';
import { call } from '../../api/call.ts';
import { useTexts } from '../../preferences/texts-provider.tsx';
import { useAfterAct } from '../act/after-act.ts';
import type { ActOptions } from '../confirm/use-act.ts';
import { failureText } from '../failure.tsx';
import { Icon } from '../icons.tsx';
import { saveFile } from '../save-file.ts';
import { type ZipFile, zipOf } from '../zip.ts';
import { BulkDialog, type Further } from './bulk-dialog.tsx';
import { type BulkResult, BulkResults, type BulkRun } from './bulk-results.tsx';
import type { BulkAction, BulkDownload, ListDefinition, ListRow } from './definition.ts';
import styles from './list.module.css';
import type { Selection } from './use-selection.ts';

/** Of one request. */
const mostAtOnce = 200;

export interface BulkBarProps<Row extends ListRow> {
  readonly list: ListDefinition<Row>;
  readonly rows: readonly Row[];
  readonly selection: Selection;
}

export function BulkBar<Row extends ListRow>({ list, rows, selection }: BulkBarProps<Row>) {
  const allTexts = useTexts();
  const texts = allTexts.list;
  const afterAct = useAfterAct();
  const [run, setRun] = useState<BulkRun | undefined>(undefined);
  const [asked, ask] = useState<BulkAction<Row> | undefined>(undefined);
  // A second click comes before the button is drawn as busy.
  const isRunning = useRef(false);
  const marked = rows.filter(({ id }) => selection.ids.has(id));
  if (marked.length === 0 && run === undefined) return null;
  const labelOf = (row: Row) => list.detail?.labelOf(row) ?? row.id;

  async function send(action: BulkAction<Row>, further: Further, options: ActOptions): Promise<BulkRun> {
    const refusals = new Map(marked.map((row) => [row.id, action.refusalOf?.(row) ?? null]));
    const sent = marked.filter(({ id }) => refusals.get(id) === null);
    const failures = new Map<string, string | null>();
    if (sent.length > 0) {
      const ids = sent.map((row) => action.idOf(row));
      const { versionOf } = action;
      const versions = versionOf && Object.fromEntries(sent.map((row) => [action.idOf(row), versionOf(row)]));
      const input = { action: action.action, ids, ...further, ...(versions === undefined ? {} : { versions }) };
      const { results } = await call('bulk', 'act', input, options);
      for (const { id, problem } of results) failures.set(id, problem === null ? null : problem.detail);
    }
    const results = marked.map((row) => ({
      id: row.id,
      label: labelOf(row),
      failure: refusals.get(row.id) ?? failures.get(action.idOf(row)) ?? null,
    }));
    return { label: action.label, results, isOver: true };
  }

  async function show(ended: BulkRun): Promise<void> {
    ask(undefined);
    setRun(ended);
    selection.clear();
    await afterAct([list.source.noun]);
  }

  /** One after the other: each is asked for by itself. What could not be had is missing in the file, and is said. */
  async function save({ label, name, fileOf }: BulkDownload<Row>): Promise<BulkRun> {
    const files: ZipFile[] = [];
    const results: BulkResult[] = [];
    for (const row of marked) {
      let failure: string | null = null;
      try {
        files.push(await fileOf(row));
      } catch (thrown) {
        failure = failureOf(thrown);
      }
      results.push({ id: row.id, label: labelOf(row), failure });
    }
    if (files.length > 0) saveFile(zipOf(files), `${name}-${new Date().toISOString().slice(0, 10)}.zip`);
    return { label, results, isOver: true };
  }

  const failureOf = (thrown: unknown) =>
    failureText(thrown instanceof Error ? thrown : new Error(String(thrown)), allTexts);

  async function runOnce(label: string, act: () => Promise<BulkRun>): Promise<void> {
    if (isRunning.current) return;
    isRunning.current = true;
    setRun({ label, results: [], isOver: false });
    try {
      await show(await act());
    } catch (thrown) {
      const failure = failureOf(thrown);
      await show({ label, results: marked.map((row) => ({ id: row.id, label: labelOf(row), failure })), isOver: true });
    } finally {
      isRunning.current = false;
    }
  }

  const start = (action: BulkAction<Row>) =>
    runOnce(action.label, () => send(action, {}, { idempotencyKey: crypto.randomUUID() }));

  return (
    <section className={styles.bulk} aria-label={texts.marked(marked.length)}>
      {run === undefined ? (
        <>
          <span className={styles.bulkCount}>{texts.marked(marked.length)}</span>
          {(list.actions ?? []).map((action) => {
            const most = action.most ?? mostAtOnce;
            return (
              <Button
                key={action.key}
                size="sm"
                variant="default"
                leftSection={<Icon name={action.icon} size={16} />}
                {...(action.confirm?.tone === 'danger' ? { c: 'var(--bad)' } : {})}
                disabled={marked.length > most}
                {...(marked.length > most ? { title: texts.atMost(most) } : {})}
                onClick={() => (action.confirm === undefined ? void start(action) : ask(action))}
              >
                {action.label}
              </Button>
            );
          })}
          {(list.downloads ?? []).map((download) => (
            <Button
              key={download.key}
              size="sm"
              variant="default"
              leftSection={<Icon name="download" size={16} />}
              disabled={marked.length > mostAtOnce}
              onClick={() => void runOnce(download.label, () => save(download))}
            >
              {download.label}
            </Button>
          ))}
          {marked.length > mostAtOnce && <span className="dim small">{texts.atMost(mostAtOnce)}</span>}
          <CloseButton aria-label={texts.unmark} onClick={selection.clear} className={styles.bulkClose} />
        </>
      ) : (
        <BulkResults run={run} onClose={() => setRun(undefined)} />
      )}
      {asked?.confirm !== undefined && (
        <BulkDialog
          confirm={asked.confirm}
          act={asked.label}
          labels={marked
            .filter((row) => (asked.refusalOf?.(row) ?? null) === null)
            .map((row) => asked.confirm?.labelOf?.(row) ?? labelOf(row))}
          leftOut={marked.filter((row) => (asked.refusalOf?.(row) ?? null) !== null).length}
          run={(further, options) => send(asked, further, options)}
          onDone={(ended) => void show(ended)}
          onClose={() => ask(undefined)}
        />
      )}
    </section>
  );
}
