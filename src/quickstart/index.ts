/** `certmux quickstart`: the main job from end to end on throw-away data, reported step by step. */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Terminal } from '../cli/terminal.ts';
import type { SecretOptions } from '../main.ts';
import type { CustomerScript } from './customer.ts';
import { everyApi, quickstartApis, scriptOf } from './customers.ts';
import { type Interruption, listenForInterruption } from './interruption.ts';
import { pairLines } from './pair-lines.ts';
import { play } from './play.ts';
import { createProgress, type Screen, StepError } from './progress.ts';
import { createReport, logFileName, upstreamLogFileName } from './report.ts';
import type { Play } from './steps.ts';
import { everyVia, objectionTo, type Via, viaOf } from './via.ts';

export { quickstartApis };

export interface QuickstartOptions {
  /** Leaves the service running until it is interrupted. */
  readonly keep: boolean;
  /** The API to order through, one of `quickstartApis`; or `all`. */
  readonly api: string;
  /** Where certmux gets the certificate; from its own CA by default. `all`: plays nothing, and prints which pairs there are. */
  readonly via?: string;
  /** Where the certificate goes; by default a new temporary directory. With `all`, each API has its own inside. */
  readonly directory?: string;
  /** Instead of Ctrl-C and SIGTERM, for tests. */
  readonly interrupted?: AbortSignal;
  readonly secrets?: SecretOptions;
}

export type QuickstartTerminal = Screen & Pick<Terminal, 'random' | 'fetch'>;

const exitCodes = { ok: 0, failure: 1, /** 128 + SIGINT, as shells say it. */ interrupted: 130 } as const;

/**
 * Plays it and answers the exit code: 0, 1 when a step failed, 130 when it was interrupted before the end. Nothing it
 * started is running when it answers. Of several APIs, none is played after one that failed, and those that cannot sell what comes from
 * there are named.
 * @throws {Error} for people, when there is no such API or way out, or no such pair, or all of them were to be kept running
 */
export async function runQuickstart(options: QuickstartOptions, terminal: QuickstartTerminal): Promise<number> {
  if (options.via === everyVia) {
    for (const line of pairLines(terminal.isTty ? terminal.columns : Number.POSITIVE_INFINITY)) {
      terminal.stdout(`${line}\n`);
    }
    return exitCodes.ok;
  }
  const via = options.via === undefined ? undefined : viaOf(options.via);
  if (options.api !== everyApi) {
    const script = scriptOf(options.api);
    const objection = via && objectionTo(script.api, via);
    if (objection !== undefined) throw new Error(objection);
    return playOne(script, { ...options, via }, terminal);
  }
  if (options.keep) throw new Error('one service can be kept running: name its API');
  const parent = await openDirectory(options.directory);
  const objections = new Map(quickstartApis.map((api) => [api, via && objectionTo(api, via)]));
  const playable = quickstartApis.filter((api) => objections.get(api) === undefined);
  for (const api of playable) {
    if (api !== playable[0]) terminal.stdout('\n');
    const one = { ...options, via, directory: join(parent, api) };
    const exitCode = await playOne(scriptOf(api), one, terminal, api === playable.at(-1));
    if (exitCode !== exitCodes.ok) return exitCode;
  }
  for (const objection of objections.values()) if (objection !== undefined) terminal.stdout(`\n${objection}\n`);
  return exitCodes.ok;
}

async function playOne(
  script: CustomerScript,
  options: Omit<QuickstartOptions, 'via'> & { readonly via: Via | undefined },
  terminal: QuickstartTerminal,
  isLast = true,
): Promise<number> {
  const { via } = options;
  const directory = await openDirectory(options.directory);
  // Never a directory that was there: it is removed in the end.
  const thrownAway = await mkdtemp(join(directory, 'data-'));
  const interruption = interruptionOf(options);
  const interrupted = interruption.signal;
  const report = createReport(terminal);
  const stage: Play = {
    clock: terminal.clock,
    random: terminal.random,
    fetch: terminal.fetch,
    script,
    via,
    directory,
    dataDirectory: via === undefined ? thrownAway : join(thrownAway, 'certmux'),
    logFile: join(directory, logFileName),
    upstream: { dataDirectory: join(thrownAway, 'upstream'), logFile: join(directory, upstreamLogFileName) },
    progress: createProgress(terminal),
    report,
    interrupted,
    keep: options.keep,
    secrets: options.secrets ?? {},
  };
  try {
    await play(stage);
  } catch (thrown) {
    if (!(thrown instanceof StepError)) throw thrown;
    if (!interrupted.aborted) {
      report.failure(stage);
      return exitCodes.failure;
    }
    await rm(thrownAway, { recursive: true });
    report.stopped();
    return exitCodes.interrupted;
  } finally {
    interruption.release();
  }
  await rm(thrownAway, { recursive: true });
  if (options.keep) report.stopped();
  else report.done(stage.progress.elapsedMs(), { api: script.api, via, isLast });
  return exitCodes.ok;
}

function interruptionOf({ interrupted }: Pick<QuickstartOptions, 'interrupted'>): Interruption {
  return interrupted === undefined ? listenForInterruption() : { signal: interrupted, release: () => undefined };
}

async function openDirectory(path: string | undefined): Promise<string> {
  if (path === undefined) return mkdtemp(join(tmpdir(), 'certmux-quickstart-'));
  await mkdir(path, { recursive: true, mode: 0o700 });
  return resolve(path);
}
