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

/** Threads that do nothing answer at once. */
const answerMs = 500;

function heldByOthers(): Promise<readonly Held[]> {
  return new Promise((resolve) => {
    const answers: Held[] = [];
    threads.onmessage = ({ data }) => void answers.push(data);
    threads.postMessage('how much?');
    setTimeout(() => resolve(answers), answerMs);
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
  const server = createServer(({ url }, response) => {
    if (url === '/heap') {
      collect();
      const { heapUsed, external, arrayBuffers } = process.memoryUsage();
      // `external` counts array buffers as well: what is left are strings, statements and handles of other libraries.
      response.end(JSON.stringify({ heapUsed, arrayBuffers, external: Math.max(0, external - arrayBuffers) }));
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
