/** Waits for a condition that is asked for from outside: the page itself runs no text, which its policy forbids. */
import { setTimeout as sleep } from 'node:timers/promises';

const limitMs = 60_000;

/** @param patienceMs for what takes many steps, on a machine that is busy */
export async function until(isTrue: () => Promise<boolean>, patienceMs = limitMs): Promise<void> {
  const endMs = performance.now() + patienceMs;
  while (!(await isTrue())) {
    if (performance.now() > endMs) throw new Error('it did not become true');
    await sleep(50);
  }
}
