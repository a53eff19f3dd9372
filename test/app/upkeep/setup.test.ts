/** The first steps of an installation: what the server sees by itself, what an operator says, and the mail that tries the mail server. */
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { createCustomer, issue, startTestApp, type TestApp } from '../../support/app.ts';
import { createMailFake } from '../../support/mail-fake.ts';
import { refused } from '../../support/refused.ts';

let app: TestApp;
afterEach(() => app.close());

const done = async () =>
  (await app.ports.setup.show(app.operator)).flatMap(({ step, isDone }) => (isDone ? [step] : []));
const kinds = async () => (await app.ports.events.list(app.operator, { limit: 20 })).items.map(({ kind }) => kind);

describe('the first steps', () => {
  it('tick themselves by what there is', async () => {
    app = await startTestApp();
    assert.ok(!(await done()).includes('order'));
    const { caller } = await createCustomer(app);
    assert.ok((await done()).includes('account'));
    assert.ok(!(await done()).includes('order'));
    await issue(app, caller, ['a.example.com']);
    assert.ok((await done()).includes('order'));
  });

  it('are confirmed where the server cannot see them, once, in the audit log', async () => {
    app = await startTestApp();
    const steps = await app.ports.setup.confirm(app.operator, 'address');
    const address = steps.find(({ step }) => step === 'address');
    assert.equal(address?.isDone, true);
    assert.deepEqual(address?.doneAt, app.clock.now());
    await app.ports.setup.confirm(app.operator, 'address');
    assert.equal((await kinds()).filter((kind) => kind === 'setup.confirmed').length, 1);
    const { caller } = await createCustomer(app);
    await assert.rejects(app.ports.setup.confirm(caller, 'root'), refused('roleMissing'));
    await assert.rejects(app.ports.setup.show(caller), refused('roleMissing'));
  });

  it('have to be confirmed again for another address', async () => {
    app = await startTestApp();
    await app.ports.setup.confirm(app.operator, 'address');
    const kept = await app.database.read.settings.get('setup');
    assert.deepEqual(Object.keys(kept as object), ['address']);
    const other = { address: { value: 'https://elsewhere.example', at: app.clock.now().toISOString() } };
    await app.database.write((tx) => tx.settings.put('setup', other));
    assert.ok(!(await done()).includes('address'), 'it was said of another address');
  });
});

describe('a test mail', () => {
  it('ticks its step where the server takes it', async () => {
    const mail = createMailFake();
    app = await startTestApp({ mail });
    const { isTaken, answer } = await app.ports.setup.testMail(app.operator, 'ops@example.com');
    assert.deepEqual([isTaken, answer], [true, '250 queued']);
    assert.equal(mail.sent[0]?.to, 'ops@example.com');
    assert.ok((await done()).includes('mail'));
    assert.ok((await kinds()).includes('mail.tested'));
  });

  it('says what went wrong, and leaves the step open', async () => {
    const mail = createMailFake();
    mail.failWith({ isFinal: true, detail: '550 no such user' });
    app = await startTestApp({ mail });
    const { isTaken, answer } = await app.ports.setup.testMail(app.operator, 'ops@example.com');
    assert.deepEqual([isTaken, answer], [false, '550 no such user']);
    assert.ok(!(await done()).includes('mail'));
  });

  it('is refused without a mail server, to no mailbox, and to others than operators', async () => {
    app = await startTestApp({ mail: null });
    await assert.rejects(app.ports.setup.testMail(app.operator, 'ops@example.com'), refused('testMailNotSendable'));
    await assert.rejects(app.ports.setup.testMail(app.operator, 'ops'), { code: 'invalidField' });
    const { caller } = await createCustomer(app);
    await assert.rejects(app.ports.setup.testMail(caller, 'ops@example.com'), refused('roleMissing'));
  });
});
