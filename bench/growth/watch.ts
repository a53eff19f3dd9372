/**
 * Loaded into a server before it starts (`node --import`): measures for how long its main thread answers nobody, and tells it to
 * whoever asks at a port of its own.
 */
import { createServer } from 'node:http';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { isMainThread } from 'node:worker_threads';

const resolutionMs = 1;

/** What is left after a collection is in use; before it, anything may be in the heap. */
function collect(): void {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
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
