import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { textWidth } from '../../src/cli/width.ts';
import { createProgress, formatDuration, StepError } from '../../src/quickstart/progress.ts';
import { createFakeClock } from '../support/system.ts';
import { createCollector } from './collector.ts';

const clearLine = '\r\x1b[2K';

describe('durations', () => {
  const rows: readonly (readonly [number, string])[] = [
    [0, '0 ms'],
    [0.4, '0 ms'],
    [999.4, '999 ms'],
    [999.6, '1.00 s'], // rounds up to the next unit, never to 1000 ms
    [1234, '1.23 s'],
    [12_345, '12.35 s'],
  ];
  for (const [ms, text] of rows) test(`${ms} is ${text}`, () => assert.equal(formatDuration(ms), text));
});

describe('without a terminal', () => {
  test('each step is one plain line, written when it has ended', async () => {
    const clock = createFakeClock();
    const screen = createCollector({ clock });
    const progress = createProgress(screen);
    const quick = await progress.run({ title: 'Quick', run: async () => 7, describe: (n) => `found ${n}` });
    assert.equal(quick, 7);
    const slow = progress.run({
      title: 'POST /account/products',
      run: async (note) => {
        note('half of it');
        await clock.sleep(1500);
      },
      describe: () => `${'a long detail '.repeat(10)}stays on its line`,
    });
    await clock.advance(1000);
    assert.equal(screen.text(), '  ✓ Quick                     0 ms  found 7\n');
    await clock.advance(500);
    await slow;
    assert.equal(
      screen.text(),
      [
        '  ✓ Quick                     0 ms  found 7\n',
        `  ✓ POST /account/products  1.50 s  ${'a long detail '.repeat(10)}stays on its line\n`,
      ].join(''),
    );
    assert.equal(progress.elapsedMs(), 1500);
  });

  test('a step that fails gets a cross and says why', async () => {
    const screen = createCollector({ clock: createFakeClock() });
    const cause = new Error('no such order\x1b[2J');
    const failing = createProgress(screen).run({
      title: 'Poll',
      run: () => Promise.reject(cause),
      describe: () => 'never',
    });
    await assert.rejects(failing, (thrown) => thrown instanceof StepError && thrown.cause === cause);
    // What a server says cannot move the cursor.
    assert.equal(screen.text(), '  ✗ Poll                      0 ms  no such order\\u{1b}[2J\n');
  });
});

describe('on a terminal', () => {
  test('the line of the step under way is rewritten, then replaced by its tick', async () => {
    const clock = createFakeClock();
    const screen = createCollector({ clock, isTty: true });
    const running = createProgress(screen).run({
      title: 'Poll',
      run: async (note) => {
        await clock.sleep(100);
        note('1 of 3');
        await clock.sleep(100);
      },
      describe: () => 'issued',
    });
    await clock.advance(200);
    await running;
    const drawn = screen.text().split(clearLine);
    assert.deepEqual(
      drawn,
      [
        '',
        '  ⠋ Poll                      0 ms  ',
        '  ⠙ Poll                     80 ms  ',
        '  ⠹ Poll                    160 ms  1 of 3',
        '',
        '  ✓ Poll                    200 ms  issued\n',
      ].toSpliced(4, 1),
    );
    await clock.advance(1000);
    assert.equal(screen.text().split(clearLine).length, drawn.length, 'nothing is drawn any more');
    assert.equal(clock.sleeping, 0);
  });

  test('colours are there only where the terminal has them', async () => {
    const run = async (colours: boolean) => {
      const screen = createCollector({ clock: createFakeClock(), isTty: true, colours });
      await createProgress(screen).run({ title: 'Poll', run: async () => undefined, describe: () => 'issued' });
      return screen.seen();
    };
    assert.equal(await run(false), '  ✓ Poll                      0 ms  issued\n');
    assert.equal(await run(true), '  \x1b[32m✓\x1b[0m Poll                   \x1b[2m   0 ms\x1b[0m  issued\n');
  });

  const titles = ['100 免费版 SSL 证书', '108 正式版 SSL 证书', '118 企业版 SSL 证书'].join(', ');

  async function showTitles(columns: number): Promise<{ alive: readonly string[]; finished: readonly string[] }> {
    const clock = createFakeClock();
    const screen = createCollector({ clock, isTty: true, columns });
    const running = createProgress(screen).run({
      title: 'POST /account/products',
      run: async (note) => {
        note(titles);
        await clock.sleep(100);
      },
      describe: () => titles,
    });
    await clock.advance(100);
    await running;
    const parts = screen.text().split(clearLine);
    return { alive: parts.slice(1, -1), finished: parts.at(-1)?.trimEnd().split('\n') ?? [] };
  }

  for (const columns of [68, 80, 100]) {
    test(`Chinese text fits into ${columns} columns, alive and finished`, async () => {
      const { alive, finished } = await showTitles(columns);
      assert.ok(alive.length > 1);
      for (const line of alive) assert.ok(textWidth(line) < columns, line);
      for (const line of finished) assert.ok(textWidth(line) <= columns, line);
      assert.ok(
        finished
          .map((line) => line.trim())
          .join(' ')
          .endsWith(titles),
        'nothing is left out',
      );
    });
  }

  test('a terminal that is too narrow to rewrite a line gets whole lines only', async () => {
    const { alive, finished } = await showTitles(50);
    assert.deepEqual(alive, []);
    assert.ok(
      finished
        .map((line) => line.trim())
        .join(' ')
        .endsWith(titles),
    );
  });
});
