/**
 * The thread that checks signatures. Node's own pool would do it too, but what it takes to hand it one check, the reading
 * of the key and the waking of a thread, costs the event loop as much as the check itself; here all checks of one turn go
 * over together.
 */
import { setImmediate } from 'node:timers';
import { Worker } from 'node:worker_threads';
import { threadLimits } from '../domain/thread-limits.ts';

export interface Check {
  /** Null where the key's algorithm names its own: Ed25519. */
  readonly digest: string | null;
  /** ECDSA with R and S one after the other (IEEE P1363) instead of in DER. */
  readonly hasPlainNumbers: boolean;
  /** Key (SubjectPublicKeyInfo), data and signature, one after the other. */
  readonly bytes: Uint8Array;
  readonly spkiSize: number;
  readonly dataSize: number;
}

interface Asked {
  readonly check: Check;
  resolve(isRight: boolean): void;
  reject(error: Error): void;
}

let worker: Worker | undefined;
let waiting: Asked[] = [];
/** What the thread is busy with, in the order in which it answers. */
let sent: Asked[][] = [];

/** Rejects only when the thread dies, which says nothing about the signature. */
export function checkInThread(check: Check): Promise<boolean> {
  return new Promise((resolve, reject) => {
    waiting.push({ check, resolve, reject });
    if (waiting.length === 1) setImmediate(send);
  });
}

function send(): void {
  const batch = waiting;
  waiting = [];
  worker ??= start();
  // The process waits for an answer that is under way, and for nothing else of the thread.
  if (sent.length === 0) worker.ref();
  sent.push(batch);
  worker.postMessage(batch.map(({ check }) => check));
}

function start(): Worker {
  const started = new Worker(new URL('./signature-worker.ts', import.meta.url), { resourceLimits: threadLimits });
  started.on('message', (answers: readonly boolean[]) => {
    const batch = sent.shift() ?? [];
    if (sent.length === 0) started.unref();
    for (const [i, request] of batch.entries()) request.resolve(answers[i] === true);
  });
  started.on('error', (error) => {
    const lost = new Error('the thread that checks signatures has died', { cause: error });
    const batches = sent;
    sent = [];
    worker = undefined;
    for (const request of batches.flat()) request.reject(lost);
  });
  return started;
}
