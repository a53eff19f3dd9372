/** Times where the browser is, with the offset beside them, whatever zone the server is in; the zone that somebody has chosen comes first. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { english } from './support/browser.ts';
import { type ConsoleWorld, startConsoleWorld } from './support/console-world.ts';
import { type Issued, issueCertificate } from './support/issued.ts';

/** Without daylight saving, so that a row holds all the year; east, west, and by a part of an hour. */
const zones = [
  { zone: 'Asia/Shanghai', minutes: 480, offset: 'GMT+8' },
  { zone: 'America/Phoenix', minutes: -420, offset: 'GMT-7' },
  { zone: 'Asia/Kolkata', minutes: 330, offset: 'GMT+5:30' },
] as const;

let here: ConsoleWorld;
let issued: Issued;
let notAfter = '';
before(async () => {
  here = await startConsoleWorld();
  const account = (await here.client.accounts.create({ name: 'Acme' })).id;
  issued = await issueCertificate(here, { name: 'zones.customer.example', account });
  notAfter = (await here.client.certificates.show({ certificate: issued.certificate })).notAfter;
});
after(() => here.close());

interface Shown {
  readonly day: string;
  readonly minute: string;
}

/** The moment by hand: what a clock shows that is so many minutes ahead of UTC. */
function clockAt(at: string, minutes: number): Shown {
  const moved = new Date(new Date(at).getTime() + minutes * 60_000).toISOString();
  return { day: String(Number(moved.slice(8, 10))), minute: moved.slice(11, 16) };
}

/** What the page says of a moment, all of it together. */
async function saidOf(page: Page, at: string): Promise<string> {
  await page.waitForSelector(`time[datetime="${at}"]`);
  const times = await page.locator(`time[datetime="${at}"]`).all();
  const said = await Promise.all(
    times.map(async (time) => `${await time.getAttribute('title')} ${await time.innerText()}`),
  );
  return said.join('\n');
}

for (const { zone, minutes, offset } of zones) {
  test(`${zone}: the end of a certificate is said by its clock, with ${offset}`, async () => {
    const { page, close } = await here.open(english, { zone });
    await here.signIn(page, `certificates/${issued.certificate}`);
    const { day, minute } = clockAt(notAfter, minutes);
    const said = await saidOf(page, notAfter);
    assert.ok(said.includes(`${minute} ${offset}`), `${minute} ${offset} in ${said}`);
    assert.match(said, new RegExp(`\\b${day}\\b`));
    await close();
  });
}

test('the zone that somebody chose is shown in every browser', async () => {
  const { page, close } = await here.open(english, { zone: 'America/Phoenix' });
  await here.signIn(page, 'settings');
  const { minute } = clockAt(notAfter, 480);
  await page.click('main button:has-text("Change") >> nth=0');
  await page.selectOption('[role=dialog] select[name=zone]', 'Asia/Shanghai');
  await page.click('[role=dialog] button[type=submit]');
  await page.waitForSelector('dd:has-text("Asia/Shanghai")');
  await page.goto(`${here.world.url}/console/certificates/${issued.certificate}`);
  const said = await saidOf(page, notAfter);
  assert.ok(said.includes(`${minute} GMT+8`), said);
  assert.ok(!said.includes('GMT-7'), said);
  await close();
});
