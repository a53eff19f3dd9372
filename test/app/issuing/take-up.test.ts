/** Signatures that no process works on any more: how soon they are found, by the numbers of their issuances. */

import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { createTakeUp } from '../../../src/app/issuing/take-up.ts';
import type { OrderView } from '../../../src/domain/ports/orders.ts';
import { createCustomer, issue, place, startTestApp, type TestApp } from '../../support/app.ts';

let app: TestApp;
afterEach(() => app.close());

/** Of nodes that share a database. */
const sweepSeconds = 15;

/** An order that was to be signed at once, as of a node that died when it was committed. */
async function orderOfDeadNode(): Promise<OrderView> {
  app = await startTestApp();
  const { caller } = await createCustomer(app);
  await issue(app, caller, ['name.example']);
  app = await app.restart({ works: false });
  const view = await place(app, caller, ['name.example']);
  assert.equal(view.issuance.state, 'issuing');
  return view;
}

/** Until another node has queued its job. */
async function secondsUntilQueued({ issuance }: OrderView): Promise<number> {
  const takeUp = createTakeUp(app.context);
  const sweep = () => app.database.write((tx) => takeUp(tx, 'overdue'));
  await sweep();
  for (let seconds = sweepSeconds; seconds <= 300; seconds += sweepSeconds) {
    await app.clock.advance(sweepSeconds * 1000);
    await sweep();
    if ((await app.database.read.jobs.get('issue', issuance.id)) !== undefined) return seconds;
  }
  throw new Error('nobody has taken it up');
}

const putMarks = (marks: object) => app.database.write((tx) => tx.settings.put('signing', marks));

describe('a signature that was cut off', () => {
  it('is taken up as soon as a job of a node that died', async () => {
    const view = await orderOfDeadNode();
    assert.equal(await secondsUntilQueued(view), 45);
  });

  it('is found later where its row was committed behind others, which had been looked through', async () => {
    const view = await orderOfDeadNode();
    await putMarks({ soon: view.issuance.number, upTo: view.issuance.number - 1 });
    assert.equal(await secondsUntilQueued(view), 120);
  });

  it('is looked for from where a version before has looked', async () => {
    const view = await orderOfDeadNode();
    await putMarks({ upTo: view.issuance.number - 1 });
    assert.equal(await secondsUntilQueued(view), 45);
  });

  it('is queued once', async () => {
    const view = await orderOfDeadNode();
    await secondsUntilQueued(view);
    const before = await app.database.read.jobs.get('issue', view.issuance.id);
    const takeUp = createTakeUp(app.context);
    for (let sweeps = 0; sweeps < 12; sweeps++) {
      await app.clock.advance(sweepSeconds * 1000);
      assert.equal(await app.database.write((tx) => takeUp(tx, 'overdue')), 0);
    }
    assert.deepEqual(await app.database.read.jobs.get('issue', view.issuance.id), before);
  });
});
