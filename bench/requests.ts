/** Certificate requests, made before anything is measured. */
import { createSubscriber } from '../test/support/subscriber.ts';

/** One for each order, PEM, each of another key. @param namesOf the names of an order, of which its request names the first */
export async function makeRequests(
  count: number,
  namesOf: (index: number) => readonly string[],
): Promise<readonly string[]> {
  const requests: string[] = [];
  while (requests.length < count) {
    const start = requests.length;
    const batch = Array.from({ length: Math.min(64, count - start) }, (_, i) => {
      const [name = ''] = namesOf(start + i);
      return createSubscriber(name);
    });
    requests.push(...(await Promise.all(batch)).map(({ csrPem }) => csrPem));
  }
  return requests;
}
