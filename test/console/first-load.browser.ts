/** What a browser loads before somebody can sign in, and how: within the budget, known by its hash, kept for good. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { looks } from './support/browser.ts';
import { type ConsoleWorld, startConsoleWorld } from './support/console-world.ts';

const budgetBytes = 250_000;

let here: ConsoleWorld;
before(async () => {
  here = await startConsoleWorld();
});
after(() => here.close());

for (const look of looks.filter(({ scheme, width }) => scheme === 'light' && width === 1280)) {
  test(`${look.language}: the first load takes at most ${budgetBytes / 1000} kB by gzip`, async () => {
    const { page, close } = await here.open(look);
    const bodies: Promise<Buffer>[] = [];
    page.on('response', (response) => {
      if (response.url().startsWith(`${here.world.url}/console/`)) bodies.push(response.body());
    });
    await page.goto(`${here.world.url}/console/sign-in`);
    await page.waitForSelector('form');
    await page.waitForLoadState('networkidle');
    const sizes = (await Promise.all(bodies)).map((body) => gzipSync(body, { level: 9 }).length);
    const sum = sizes.reduce((total, size) => total + size, 0);
    assert.ok(sizes.length > 3, 'page, style, script, texts');
    assert.ok(sum <= budgetBytes, `${sum} bytes in ${sizes.length} files`);
    console.log(`  ${look.language}: ${Math.ceil(sum / 1000)} kB in ${sizes.length} files`);
    await close();
  });
}

test('a script that is not what the page says is not run', async () => {
  const watched = await here.open();
  const { page } = watched;
  watched.expect(/integrity/i);
  await page.route('**/assets/console-*.js', async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: `${await response.text()}\n/* another */` });
  });
  const failed = page.waitForEvent('console', (message) => /integrity/i.test(message.text()));
  await page.goto(`${here.world.url}/console/sign-in`);
  await failed;
  assert.equal(await page.locator('form').count(), 0);
  await watched.close();
});
