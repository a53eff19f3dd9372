/**
 * A server on which something of each kind waits: the numbers of Home are those of the lists, whoever waits is told for whom and until when,
 * a name that fails says everything about it, and what the lists say goes into a file.
 */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { english, looks, nameOf } from './support/browser.ts';
import { type ConsoleWorld, startConsoleWorld } from './support/console-world.ts';
import { assertNumbersOfHome } from './support/home-numbers.ts';
import { endingSoon, type Populated, populate } from './support/populated.ts';
import { until } from './support/until.ts';

let here: ConsoleWorld;
let numbers: Populated['numbers'];
before(async () => {
  here = await startConsoleWorld(endingSoon);
  ({ numbers } = await populate(here.client, here.world));
});
after(() => here.close());

/** All that need somebody where nothing is bought and no CA is outside: of those there are `upstreams.browser.ts` and `authorities.browser.ts`. */
const needs = ['approvals', 'orders', 'jobs', 'organizations', 'certificate', 'deliveries'] as const;

test('each number of Home is the length of the list that it leads to, whatever kind it is', async () => {
  const { page, close } = await here.open();
  await here.signIn(page);
  await page.waitForSelector('#needs');
  const paths = await assertNumbersOfHome(here, page);
  for (const of of needs) {
    const pattern = of === 'certificate' ? /endsWithinDays/ : new RegExp(`/console/${of}`);
    assert.ok(
      paths.some((path) => pattern.test(path)),
      `${of} in ${paths.join(' ')}`,
    );
  }
  for (const turn of ['customer', 'approver']) assert.ok(paths.includes(`/console/orders?turn=${turn}`), turn);
  await close();
});

for (const look of looks.filter(({ scheme, width }) => scheme === 'light' && width === 1280)) {
  const isChinese = look.language === 'zh';
  test(`${nameOf(look)}: each unfinished order says whose turn it is, since when, and what comes next`, async () => {
    const { items } = await here.client.orders.list({ state: 'open' });
    assert.ok(items.length >= 4);
    const { page, close } = await here.open(look);
    await here.signIn(page, 'orders');
    for (const { number, turn } of items) {
      const order = await here.client.orders.show({ order: String(number) });
      assert.ok(order.turn?.since, `${number}: since when`);
      await page.goto(`${here.world.url}/console/orders/${number}`);
      const head = page.locator('main header, main section').first();
      await until(async () => (await head.locator('dt, dd').count()) > 0);
      const shown = await head.innerText();
      const expected = [
        isChinese
          ? turn === 'customer'
            ? '等待客户'
            : '等待审批'
          : turn === 'customer'
            ? 'Waits for the customer'
            : 'Waits for an approver',
        ...(isChinese ? ['开始于'] : ['Since']),
        // Nobody looks again, and nothing runs out, while a person decides.
        ...(turn === 'customer' ? (isChinese ? ['下次检查', '截止'] : ['Next look', 'Until']) : []),
      ];
      for (const part of expected) assert.ok(shown.includes(part), `${number}: ${part} in ${shown}`);
    }
    await close();
  });

  test(`${nameOf(look)}: a name that fails says what was asked, who answered, what was found and wanted, why, and what to do`, async () => {
    const { page, close } = await here.open(look);
    await here.signIn(page, `orders/${numbers.failing}`);
    const labels = isChinese
      ? ['查询内容', '应答方', '查到', '应为', '原因', '处理']
      : ['Asked', 'Answered by', 'Found', 'Wanted', 'Why', 'Do'];
    const panel = page.locator('[role=tabpanel]');
    for (const label of labels) await panel.getByText(label, { exact: true }).first().waitFor();
    await close();
  });
}

test('CSV has every row of the list, in a form that Excel reads as Chinese', async () => {
  const { page, close } = await here.open(english);
  await here.signIn(page, 'orders');
  await page.waitForSelector('[role=row] a');
  const download = page.waitForEvent('download');
  await page.click('button:has-text("CSV")');
  const bytes = await readFile(await (await download).path());
  assert.deepEqual([...bytes.subarray(0, 3)], [0xef, 0xbb, 0xbf], 'the mark that says UTF-8');
  const lines = bytes.toString('utf8').trimEnd().split('\r\n');
  const { total } = await here.client.orders.list({ total: 'true' });
  assert.equal(lines.length - 1, total?.count);
  assert.ok(lines.some((line) => line.includes('云桥科技')));
  assert.ok(!lines.some((line) => /(?:^|,)"?[=+@-]/.test(line)), 'no cell is a formula');
  await close();
});
