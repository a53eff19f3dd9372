/**
 * Loaded into a server before it starts (`node --import`): measures for how long its main thread answers nobody, and tells it to
 * whoever asks at a port of its own.
 */
import { createServer } from 'node:http';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { BroadcastChannel, isMainThread } from 'node:worker_threads';

const resolutionMs = 1;

/** What is left after a collection is in use; before it, anything may be in the heap. */
function collect(): void {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
}

/**
 * CPU time of the main thread, turn by turn of its event loop: on a busy machine the clock shows what others take as well. It spins meanwhile, so that a
 * turn without work is as short as can be.
 */
function countTurns() {
  const startedProcess = process.cpuUsage();
  const ofThread = () => {
    const { user, system } = process.threadCpuUsage();
    return (user + system) / 1000;
  };
  const startedMs = ofThread();
  let lastMs = startedMs;
  let mainMs = 0;
  let longestMs = 0;
  let isOver = false;
  const turn = () => {
    const nowMs = ofThread();
    const tookMs = nowMs - lastMs;
    lastMs = nowMs;
    if (tookMs > idleTurnMs) mainMs += tookMs;
    longestMs = Math.max(longestMs, tookMs);
    if (!isOver) setImmediate(turn);
  };
  setImmediate(turn);
  return () => {
    isOver = true;
    const { user, system } = process.cpuUsage(startedProcess);
    return { mainMs, longestMs, othersMs: Math.max(0, (user + system) / 1000 - (ofThread() - startedMs)) };
  };
}

/** A turn with no more CPU than this had nothing to do. */
const idleTurnMs = 0.05;

/** The main thread asks the others for what V8 holds in them. Nothing of it keeps a thread alive. */
const threads = new BroadcastChannel('what V8 holds');
threads.unref();

interface Held {
  readonly usedHeap: number;
  readonly committedHeap: number;
  readonly external: number;
}

function held(): Held {
  collect();
  const { used_heap_size: usedHeap, total_heap_size: committedHeap, external_memory: external } = getHeapStatistics();
  return { usedHeap, committedHeap, external };
}

/** Nobody waits longer for a thread that is busy, or has ended. */
const answerMs = 5000;
/** All that have answered at once so far: another may have been started since. */
let mostAnswers = 0;
const furtherMs = 200;

function heldByOthers(): Promise<readonly Held[]> {
  return new Promise((resolve) => {
    const answers: Held[] = [];
    const end = () => {
      mostAnswers = Math.max(mostAnswers, answers.length);
      resolve(answers);
    };
    const timer = setTimeout(end, answerMs);
    threads.onmessage = ({ data }) => {
      answers.push(data);
      if (answers.length < mostAnswers || mostAnswers === 0) return;
      clearTimeout(timer);
      setTimeout(end, furtherMs);
    };
    threads.postMessage('how much?');
  });
}

if (!isMainThread) {
  threads.onmessage = ({ data }) => {
    if (data === 'how much?') threads.postMessage(held());
  };
}

if (isMainThread) {
  const delay = monitorEventLoopDelay({ resolution: resolutionMs });
  delay.enable();
  let endTurns: ReturnType<typeof countTurns> | undefined;
  const server = createServer(({ url }, response) => {
    if (url === '/heap') {
      collect();
      const { heapUsed, external, arrayBuffers } = process.memoryUsage();
      // `external` counts array buffers as well: what is left are strings, statements and handles of other libraries.
      response.end(JSON.stringify({ heapUsed, arrayBuffers, external: Math.max(0, external - arrayBuffers) }));
      return;
    }
    if (url === '/turns') {
      endTurns?.();
      endTurns = countTurns();
      response.end();
      return;
    }
    if (url === '/turns/end') {
      response.end(JSON.stringify(endTurns?.()));
      endTurns = undefined;
      return;
    }
    if (url === '/threads') {
      void heldByOthers().then((others) => response.end(JSON.stringify({ main: held(), others })));
      return;
    }
    // Its timer must have fired once more to have seen what held the thread last.
    setTimeout(() => {
      const longestMs = Math.max(0, delay.max / 1e6 - resolutionMs);
      delay.reset();
      response.end(longestMs.toFixed(1));
    }, 5 * resolutionMs);
  });
  server.listen(Number(process.env.GROWTH_WATCH_PORT), '127.0.0.1');
  server.unref();
}
