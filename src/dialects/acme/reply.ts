/** Replies: their links and how long to wait. */

/** Each link becomes a header line of its own when it is sent (`http/listen.ts`): several clients read no list of them. */
export function addLink(headers: Headers, url: string, relation: string): void {
  headers.append('link', `<${url}>;rel="${relation}"`);
}

/**
 * The seconds until the next look at an order that was placed so long ago: always a number, since clients fail on dates, and never so
 * many that one of them gives up.
 */
export function retryAfterSeconds(ageMs: number): number {
  const steps = [
    [5_000, 1],
    [60_000, 5],
    [300_000, 15],
    [3_600_000, 60],
  ] as const;
  return steps.find(([until]) => ageMs < until)?.[1] ?? 300;
}
