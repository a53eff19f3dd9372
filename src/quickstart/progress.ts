/**
 * Steps as they are done: each is one line with a tick or a cross, what it took and what came of it. On a terminal the
 * line of the step under way is alive; elsewhere a line is written once, when its step has ended.
 */
import { styled, type Terminal } from '../cli/terminal.ts';
import { cutToWidth, padToWidth, wrapToWidth } from '../cli/width.ts';
import { visible } from '../domain/visible-text.ts';

export type Screen = Pick<Terminal, 'stdout' | 'isTty' | 'columns' | 'colours' | 'clock'>;

export interface Step<T> {
  /** At most `titleWidth` columns, so that the durations stand below each other. */
  readonly title: string;
  /** `note` says how far it is; seen only while the step is under way, on a terminal. */
  readonly run: (note: (text: string) => void) => Promise<T>;
  /** What came of it, in one line. */
  readonly describe: (result: T) => string;
  /** By default the message of what was thrown. */
  readonly describeFailure?: (thrown: unknown) => string;
}

export interface Progress {
  /** Runs one step; never two at once. @throws {StepError} with what the step threw as its cause; it has been shown */
  run<T>(step: Step<T>): Promise<T>;
  /** Since the progress was made. */
  elapsedMs(): number;
}

/** A step failed, and the person knows. */
export class StepError extends Error {
  override readonly name = 'StepError';
}

export const titleWidth = 22;
const durationWidth = 7;
const indent = '  ';
/** Tick, title and duration with the blanks between them. */
const detailColumn = indent.length + 2 + titleWidth + 1 + durationWidth + 2;
const smallestDetail = 30;
/** Below this many columns nothing is alive: a line that the terminal wraps cannot be rewritten. */
const narrowest = detailColumn + smallestDetail;

const frames = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'] as const;
const frameMs = 80;
/** Back to the first column, and everything right of it gone (ECMA-48 §8.3.41 EL). */
const clearLine = '\r\x1b[2K';

export function createProgress(screen: Screen): Progress {
  const { clock } = screen;
  const startedAt = clock.monotonicMs();

  async function run<T>({ title, run: act, describe, describeFailure = messageOf }: Step<T>): Promise<T> {
    const begunAt = clock.monotonicMs();
    const isAlive = screen.isTty && screen.columns >= narrowest;
    const spinner = isAlive ? startSpinner(screen, title) : undefined;
    const finish = async (mark: Mark, detail: string) => {
      const duration = formatDuration(clock.monotonicMs() - begunAt);
      await spinner?.stop();
      screen.stdout(finishedLines(screen, { mark, title, duration, detail }));
    };
    try {
      const result = await act((text) => spinner?.note(text));
      await finish('tick', describe(result));
      return result;
    } catch (thrown) {
      await finish('cross', describeFailure(thrown));
      throw new StepError(`${title}: ${messageOf(thrown)}`, { cause: thrown });
    }
  }

  return { run, elapsedMs: () => clock.monotonicMs() - startedAt };
}

function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** `4 ms`, `1.24 s`. */
export function formatDuration(durationMs: number): string {
  const rounded = Math.round(durationMs);
  return rounded < 1000 ? `${rounded} ms` : `${(durationMs / 1000).toFixed(2)} s`;
}

type Mark = 'tick' | 'cross';
const marks = { tick: ['green', '✓'], cross: ['red', '✗'] } as const satisfies Record<Mark, readonly string[]>;

interface FinishedStep {
  readonly mark: Mark;
  readonly title: string;
  readonly duration: string;
  readonly detail: string;
}

function finishedLines(screen: Screen, { mark, title, duration, detail }: FinishedStep): string {
  const [style, sign] = marks[mark];
  const head = headOf(screen, { sign: styled(screen, style, sign), title, duration });
  const width = screen.isTty ? Math.max(screen.columns - detailColumn, smallestDetail) : Number.POSITIVE_INFINITY;
  const [first = '', ...more] = wrapToWidth(visible(detail), width);
  const lines = [`${head}${first}`.trimEnd(), ...more.map((line) => ' '.repeat(detailColumn) + line)];
  return lines.map((line) => `${line}\n`).join('');
}

interface Head {
  readonly sign: string;
  readonly title: string;
  readonly duration: string;
}

/** Everything left of the detail; `detailColumn` wide. */
function headOf(screen: Screen, { sign, title, duration }: Head): string {
  const time = styled(screen, 'dim', padToWidth(duration, durationWidth, 'right'));
  return `${indent}${sign} ${padToWidth(title, titleWidth)} ${time}  `;
}

interface Spinner {
  note(text: string): void;
  /** Removes its line. Resolves when nothing will draw again. */
  stop(): Promise<void>;
}

function startSpinner(screen: Screen, title: string): Spinner {
  const { clock } = screen;
  const begunAt = clock.monotonicMs();
  const stopped = new AbortController();
  let detail = '';
  const spin = async () => {
    for (let turn = 0; !stopped.signal.aborted; turn++) {
      const duration = formatDuration(clock.monotonicMs() - begunAt);
      // A line as wide as the terminal may wrap, and only its last part would be cleared.
      const room = screen.columns - detailColumn - 1;
      const frame = styled(screen, 'cyan', frames[turn % frames.length] ?? '');
      screen.stdout(clearLine + headOf(screen, { sign: frame, title, duration }) + cutToWidth(detail, room));
      await clock.sleep(frameMs, stopped.signal).catch(() => undefined);
    }
  };
  const spinning = spin();
  return {
    note(text) {
      detail = visible(text);
    },
    async stop() {
      stopped.abort();
      await spinning;
      screen.stdout(clearLine);
    },
  };
}
