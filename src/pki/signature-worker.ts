/** Checks signatures in a thread of its own, which `signature-thread.ts` starts and feeds. */
import { parentPort } from 'node:worker_threads';
import { type Check, isRight } from './signature-check.ts';

parentPort?.on('message', (checks: readonly Check[]) => parentPort?.postMessage(checks.map(isRight)));
