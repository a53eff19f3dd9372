/** `certmux database copy` in this process: the steps of a copy, shown as they are done. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { copyWords } from '../cli/copy-words.ts';
import type { DatabaseCopyOptions, DatabaseCopyResult } from '../cli/local.ts';
import type { Terminal } from '../cli/terminal.ts';
import { openCopy } from '../db/copy/copy.ts';
import { isServer } from '../db/open.ts';
import { quoted, refuse } from '../domain/errors.ts';
import { listenForInterruption } from '../quickstart/interruption.ts';
import { createProgress, type Progress, StepError } from '../quickstart/progress.ts';
import { databaseName } from './data-directory.ts';

interface Surroundings {
  readonly terminal: Terminal;
  /** Of a path as it was written on the command line. */
  readonly pathOf: (path: string) => string;
}

export async function copyDatabase(
  { from, to, json = undefined }: DatabaseCopyOptions,
  { terminal, pathOf }: Surroundings,
): Promise<DatabaseCopyResult> {
  const words = copyWords[terminal.language];
  const progress = json === true ? silentProgress : createProgress(terminal);
  const { signal, release } = listenForInterruption();
  const startedMs = terminal.clock.monotonicMs();
  const opened = new AsyncDisposableStack();
  // The message comes once, at the end.
  const describeFailure = () => '';
  try {
    const copy = await progress.run({
      title: words.check,
      async run() {
        const databases = { from: databaseOf('--from', from, pathOf), to: databaseOf('--to', to, pathOf) };
        const made = await openCopy({ ...databases, clock: terminal.clock, signal });
        opened.defer(() => made.close());
        return made;
      },
      describe: ({ rows, tables }) => words.rowsOf({ rows, tables: tables.length }),
      describeFailure,
    });
    await progress.run({
      title: words.copy,
      run: (note) => copy.copyRows((at) => note(words.underWay(at))),
      describe: () => `${copy.from} → ${copy.to}`,
      describeFailure,
    });
    const nextNumbers = await progress.run({
      title: words.complete,
      run: () => copy.complete(),
      describe: () => words.completed,
      describeFailure,
    });
    await progress.run({
      title: words.compare,
      run: (note) => copy.compare((at) => note(words.underWay(at))),
      describe: () => words.equal,
      describeFailure,
    });
    await progress.run({
      title: words.finish,
      run: () => copy.finish(),
      describe: () => words.finished,
      describeFailure,
    });
    const seconds = Math.round((terminal.clock.monotonicMs() - startedMs) / 100) / 10;
    const { tables, rows } = copy;
    return { from: copy.from, to: copy.to, isOnServer: isServer(to), rows, tables, nextNumbers, seconds };
  } catch (thrown) {
    throw thrown instanceof StepError ? thrown.cause : thrown;
  } finally {
    await opened.disposeAsync();
    release();
  }
}

const silentProgress: Pick<Progress, 'run'> = { run: ({ run }) => run(() => {}) };

/** What the core opens: the address, the file, or the file of the data directory. @throws {CertError} */
function databaseOf(option: string, text: string, pathOf: (path: string) => string): string {
  if (isServer(text)) {
    const url = URL.parse(text);
    if (url === null || url.pathname.length < 2) throw unnamed(option, text);
    return text;
  }
  if (text === '' || /^[a-z][a-z0-9+.-]*:\/\//i.test(text)) throw unnamed(option, text);
  const path = pathOf(text);
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true ? join(path, databaseName) : path;
}

function unnamed(option: string, text: string): Error {
  const withoutPassword = text.replace(/(:\/\/[^/@\s]*?):[^/\s]*@/, '$1:…@');
  return refuse('databaseUnnamed', { option, value: quoted(withoutPassword) });
}
