/** Every number of Home beside the length of the list that it leads to, as the API counts it. */
import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import type { ConsoleWorld } from './console-world.ts';
import { until } from './until.ts';

/** All numbers, and the buttons that lead to one object are none. */
const numbersOfHome = '[aria-labelledby=needs] p a, [aria-labelledby=under-way] a';

/**
 * The server checks names all the while, so that a number may be another a moment later: it is looked at until all are equal, or for good
 * if they never are.
 * @returns the addresses of the lists, by path and search
 */
export async function assertNumbersOfHome(here: ConsoleWorld, page: Page): Promise<readonly string[]> {
  let paths: string[] = [];
  let differing: string[] = [];
  await until(async () => {
    await page.goto(`${here.world.url}/console/`);
    await page.waitForSelector('[aria-labelledby=under-way] a, [aria-labelledby=needs] a');
    paths = [];
    differing = [];
    for (const link of await page.locator(numbersOfHome).all()) {
      const address = new URL((await link.getAttribute('href')) ?? '', here.world.url);
      const counted = Number(/\d+/.exec(await link.innerText())?.[0]);
      assert.ok(counted > 0, 'what there is none of is not said');
      const path = `${address.pathname}${address.search}${address.hash}`;
      const total = await totalOf(here, address);
      if (counted !== total) differing.push(`${path}: ${counted}, and ${total} in the list`);
      paths.push(path);
    }
    return differing.length === 0;
  }).catch((thrown: unknown) => {
    assert.deepEqual(differing, []);
    throw thrown;
  });
  return paths;
}

/** The lists that are a part of another page, by that part. */
const parts: Readonly<Record<string, string>> = {
  '#upstreams': '/upstreams',
  '#authorities': '/authorities',
  '#tasks': '/authorities/plan',
  '#requests': '/authorities/requests',
};

async function totalOf({ world }: ConsoleWorld, address: URL): Promise<number> {
  const list = new URL(address.href.replace('/console/', '/api/v1/'));
  const part = parts[address.hash];
  if (part !== undefined) list.pathname = `/api/v1${part}`;
  list.searchParams.set('total', 'true');
  const answer = await fetch(list, { headers: { Authorization: `Bearer ${world.operatorToken}` } });
  assert.equal(answer.status, 200, list.href);
  const { total } = (await answer.json()) as { readonly total: { readonly count: number } };
  return total.count;
}
