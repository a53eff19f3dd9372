/**
 * The console for the server to show. Whoever opens it first has it loaded, and built where its sources are newer than what was built: a server
 * that is only called by programs builds nothing, and none starts later for it.
 */
import { join } from 'node:path';
import type { Clock, Log } from '../../domain/ports/system.ts';
import type { ConsoleSource, ConsoleState } from '../../http/console/state.ts';
import { type ConsoleIndex, cacheFolder } from './index-file.ts';
import { loadConsole, readIndex } from './load.ts';
import type { ConsolePlace } from './place.ts';
import { type RunningBuild, runBuild } from './run-build.ts';
import { consoleStamp } from './stamp.ts';

export interface OwnedConsole extends ConsoleSource {
  logTo(log: Log): void;
  /** Ends a build under way. */
  stop(): void;
}

export interface ConsoleSourceOptions {
  readonly place: ConsolePlace;
  readonly clock: Clock;
  /** Tests bring another. */
  readonly build?: (program: string, root: string) => RunningBuild;
}

/** A build that failed is looked for again so often: somebody may have made one by hand. */
const lookAgainMs = 5000;

export function createConsoleSource({ place, clock, build = runBuild }: ConsoleSourceOptions): OwnedConsole {
  let log: Log | undefined;
  let state: ConsoleState | undefined;
  let looking: Promise<ConsoleState> | undefined;
  let running: RunningBuild | undefined;
  let lookedAtMs = 0;

  /** What is there already; undefined where it has to be built first. */
  async function present(): Promise<ConsoleState | undefined> {
    const folder = place.kind === 'built' ? place.folder : join(place.root, ...cacheFolder);
    const index = await readIndex(folder);
    if (index === undefined || (await isStale(index))) return undefined;
    try {
      return { phase: 'ready', built: await loadConsole(folder, index) };
    } catch (err) {
      // Another process put its build there while this one read: the next look finds that.
      log?.debug({ err }, 'the build of the console changed while it was read');
      return undefined;
    }
  }

  async function isStale({ stamp }: ConsoleIndex): Promise<boolean> {
    return place.kind === 'source' && stamp !== (await consoleStamp(place.root));
  }

  async function look(): Promise<ConsoleState> {
    lookedAtMs = clock.monotonicMs();
    const found = await present();
    if (found !== undefined) return found;
    if (state?.phase === 'failed') return state;
    if (place.kind === 'built') return { phase: 'failed', reason: `${place.folder} is incomplete` };
    const { program, root } = place;
    log?.info({}, 'the console is being built');
    const startedMs = clock.monotonicMs();
    running = build(program, root);
    void finish(running, startedMs);
    return { phase: 'building' };
  }

  async function finish({ failure }: RunningBuild, startedMs: number): Promise<void> {
    const reason = await failure;
    running = undefined;
    const found = reason === undefined ? await present() : undefined;
    state = found ?? { phase: 'failed', reason: reason ?? 'the build ended, but what it made is not there' };
    if (state.phase === 'ready') {
      log?.info({ seconds: Math.round((clock.monotonicMs() - startedMs) / 100) / 10 }, 'the console is built');
    } else log?.warn({ reason }, 'the console could not be built; the APIs are not affected');
  }

  return {
    async state() {
      const isOld = state?.phase === 'failed' && clock.monotonicMs() - lookedAtMs > lookAgainMs;
      if (state !== undefined && !isOld) return state;
      // All who come meanwhile wait for the same look, a few milliseconds.
      looking ??= look().finally(() => {
        looking = undefined;
      });
      const found = await looking;
      // A build that ended meanwhile knows better.
      if (state === undefined || state.phase === 'failed') state = found;
      return state;
    },
    logTo(serverLog) {
      log = serverLog;
    },
    stop() {
      running?.stop();
    },
  };
}
