/**
 * Loaded into a server before it starts (`node --import`): measures for how long its main thread answers nobody, and tells it to
 * whoever asks at a port of its own.
 */
import { createServer } from 'node:http';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { isMainThread } from 'node:worker_threads';

const resolutionMs = 1;

if (isMainThread) {
  const delay = monitorEventLoopDelay({ resolution: resolutionMs });
  delay.enable();
  const server = createServer((_, response) => {
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
