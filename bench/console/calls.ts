/** What the screens ask of the API, without a browser: by somebody who sees all accounts, and by somebody of the large one. */
import { namesOf, zoneOf } from '../growth/generator.ts';
import { percentile } from '../percentile.ts';
import type { Person } from './world.ts';

export interface TimedCall {
  readonly path: string;
  readonly p50Ms: number;
  readonly p95Ms: number;
}

const runs = 20;

const pathsOf = (index: number): readonly string[] => {
  const [host = ''] = namesOf(index);
  const page = 'limit=200&total=true';
  return [
    '/stats/home',
    `/search?limit=6&q=${host.slice(1, -4)}`,
    `/search?limit=6&q=${zoneOf(index)}`,
    '/search?limit=6&q=nobodyhas',
    `/orders?${page}`,
    `/orders?${page}&text=${host.slice(1, -4)}`,
    `/orders?${page}&text=example`,
    `/orders?${page}&text=nobodyhas`,
    `/orders?${page}&turn=customer`,
    `/orders?${page}&sort=ends`,
    `/certificates?${page}`,
    `/certificates?${page}&text=${host.slice(1, -4)}`,
    `/certificates?${page}&text=nobodyhas`,
  ];
};

export async function measureCalls(url: string, { token }: Person, orders: number): Promise<readonly TimedCall[]> {
  const headers = { authorization: `Bearer ${token}` };
  const timed: TimedCall[] = [];
  for (const path of pathsOf(Math.floor(orders / 2) + 1)) {
    const times: number[] = [];
    for (let run = 0; run < runs; run++) {
      const startedMs = performance.now();
      const response = await fetch(`${url}/api/v1${path}`, { headers });
      const body = await response.text();
      times.push(performance.now() - startedMs);
      if (!response.ok) throw new Error(`${path}: ${response.status} ${body}`);
    }
    timed.push({ path, p50Ms: percentile(times, 50), p95Ms: percentile(times, 95) });
  }
  return timed;
}
