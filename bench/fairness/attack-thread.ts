/**
 * The attackers in a thread of their own: what they do with their replies must not be in the way of the honest tenant, of the DNS server and
 * of the mail server, which are measured.
 */
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { type Attack, type AttackResult, attack } from './attack.ts';

export function attackAside(options: Attack): Promise<AttackResult> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL(import.meta.url), { workerData: options });
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}

if (!isMainThread && parentPort !== null) parentPort.postMessage(await attack(workerData));
