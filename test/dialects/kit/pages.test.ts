/** Lists of the core, read page by page: each item once, and no page more than is needed. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { pageOfFitting } from '../../../src/dialects/digicert/wire/paging.ts';
import { findItem, gather, itemsOf, type ReadPage } from '../../../src/dialects/kit/pages.ts';

/** The numbers from 1 to `last`, three on a page. `read` counts the pages that were read. */
function numbersTo(last: number): { readonly page: ReadPage<number, number>; readonly read: number[] } {
  const read: number[] = [];
  return {
    read,
    page: async (after = 0) => {
      read.push(after);
      const items = [1, 2, 3].map((step) => after + step).filter((number) => number <= last);
      return { items, next: after + 3 < last ? after + 3 : null };
    },
  };
}

async function all(last: number): Promise<readonly number[]> {
  const found: number[] = [];
  for await (const item of itemsOf(numbersTo(last).page)) found.push(item);
  return found;
}

describe('reading page by page', () => {
  it('has every item once, whether the last page is full or not, and none of an empty list', async () => {
    for (const last of [0, 1, 3, 4, 9]) {
      assert.deepEqual(
        await all(last),
        Array.from({ length: last }, (_, index) => index + 1),
      );
    }
  });

  it('gathers no more than it may, and reads no page beyond', async () => {
    for (const [atMost, found, pages] of [
      [0, [], []],
      [2, [1, 2], [0]],
      [3, [1, 2, 3], [0]],
      [4, [1, 2, 3, 4], [0, 3]],
      [100, [1, 2, 3, 4, 5, 6, 7], [0, 3, 6]],
    ] as const) {
      const { page, read } = numbersTo(7);
      assert.deepEqual(await gather(page, atMost), found);
      assert.deepEqual(read, pages);
    }
  });

  it('finds an item without reading on', async () => {
    const { page, read } = numbersTo(100);
    assert.equal(await findItem(page, (number) => number === 5), 5);
    assert.deepEqual(read, [0, 3]);
    assert.equal(await findItem(numbersTo(5).page, (number) => number === 6), undefined);
  });

  it('shows a page of those that fit, and counts them all', async () => {
    const isEven = (number: number) => number % 2 === 0;
    for (const [offset, limit, items] of [
      [0, 2, [2, 4]],
      [2, 2, [6, 8]],
      [4, 2, [10]],
      [5, 2, []],
    ] as const) {
      assert.deepEqual(await pageOfFitting(numbersTo(10).page, isEven, { offset, limit }), { items, total: 5 });
    }
  });
});
