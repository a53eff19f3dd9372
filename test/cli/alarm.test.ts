/** `alarm list`: a table, CSV and JSON of the alarms that last, in both languages; nothing for those who are no operator. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createWatchdog } from '../../src/app/index.ts';
import { lastBackupKey } from '../../src/domain/backup.ts';
import { createSession } from '../dialects/native/session.ts';
import { run } from './harness.ts';

const dayMs = 86_400_000;

test('alarm list says what does not succeed, since when, and what to do; and nothing once it is over', async () => {
  const session = await createSession();
  const { app, baseUrl, fetch, operatorToken, token } = session;
  const operator = { fetch, connection: { url: baseUrl, token: operatorToken } };
  const watchdog = createWatchdog(app.context, { outcomes: app.outcomes, mail: [], webhook: null });
  const backupMade = async (daysAgo: number) => {
    const at = new Date(app.clock.now().getTime() - daysAgo * dayMs).toISOString();
    await app.database.write((tx) => tx.settings.put(lastBackupKey, { at }));
    await watchdog.look();
  };
  const none = await run('alarm list', operator);
  assert.deepEqual([none.exitCode, none.stdout], [0, '']);
  assert.match(none.stderr, /There is no alarm\./);

  await backupMade(3);
  const table = (await run('alarm list', operator)).stdout;
  assert.match(table, /backupOld +2026-06-01 12:00Z +all +the last backup is 72 hours old/);
  const csv = (await run('alarm list --csv', operator)).stdout;
  assert.match(csv, /^alarm,since,seenAt,node,message,advice,runbook\r\nbackupOld,2026-06-01T12:00:00\.000Z,/);
  const { items } = JSON.parse((await run('alarm list --json', operator)).stdout);
  assert.deepEqual(
    items.map(({ advice, runbook }: { advice: string; runbook: string }) => [advice, runbook]),
    [['look at the timer that makes the backup, and at the space where it goes', 'docs/operations.md#backupold']],
  );
  const request = new Request(`${baseUrl}/api/v1/alarms`, {
    headers: { authorization: `Bearer ${operatorToken}`, 'accept-language': 'zh-CN' },
  });
  const chinese = await (await fetch(request)).json();
  assert.match(JSON.stringify(chinese), /最近一次备份是 72 小时前.*请检查备份定时任务/);

  await backupMade(0);
  assert.equal((await run('alarm list', operator)).stdout, '');
  assert.notEqual((await run('alarm list', { ...operator, connection: { url: baseUrl, token } })).exitCode, 0);
});
