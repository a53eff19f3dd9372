/** Answers of receivers and errors of jobs, which are stored once and read in the language of each caller. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createNativeClient } from '../../../src/dialects/native/client.ts';
import { baseUrl, createSession } from './session.ts';

test('what a receiver answered, and why the job is tried again, are in the language of the caller', async () => {
  const session = await createSession();
  const { app, client, operator } = session;
  const inChinese = (token: string) => createNativeClient({ baseUrl, token, language: 'zh', fetch: session.fetch });
  app.hooks.answer(503);
  const webhook = await client.webhooks.add({ url: 'https://hook.example/told', events: ['balanceLow'] });
  const { account } = await client.me.show({});
  await operator.accounts.change({ account: account?.id ?? assert.fail(), lowBalanceMinor: 1_000_000_00 });
  await app.idle();
  for (const [of, operators, answer, error] of [
    [client, operator, 'HTTP status 503', 'https://hook.example/told answered with HTTP status 503'],
    [
      inChinese(session.token),
      inChinese(session.operatorToken),
      'HTTP 状态码 503',
      'https://hook.example/told 返回 HTTP 状态码 503',
    ],
  ] as const) {
    const [delivery] = (await of.webhooks.deliveries({})).items;
    assert.deepEqual([delivery?.lastAnswer, delivery?.tries.map((made) => made.answer)], [answer, [answer]]);
    assert.equal((await of.webhooks.test({ webhook: webhook.id })).answer, answer);
    const { items } = await operators.jobs.list({ kind: 'deliver' });
    assert.deepEqual(
      items.map(({ lastError }) => lastError),
      [error],
    );
  }
});
