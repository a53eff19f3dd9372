/** What becomes of an order in whose certificate lint finds something: nothing is signed, the customer pays nothing, the operator is told. */
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { createWatchdog } from '../../../src/app/index.ts';
import { renderReason } from '../../../src/domain/errors.ts';
import { lintFindingsKey } from '../../../src/domain/lint.ts';
import { defaultProfiles } from '../../../src/domain/profile.ts';
import { createCustomer, issue, startTestApp, type TestApp } from '../../support/app.ts';

let app: TestApp;
afterEach(() => app.close());

/** A private profile that claims, by its policy, that an organization was verified. */
const profiles = defaultProfiles.map((profile) =>
  profile.id === 'private-dv' ? { ...profile, policyOids: ['2.23.140.1.2.2'] } : profile,
);
const hour = 3600;

function watch() {
  return createWatchdog(app.context, { outcomes: app.outcomes, mail: [], webhook: null });
}

async function publishLists(): Promise<void> {
  for (const id of app.issuer.authorityIds()) await app.issuer.publishCrl(id, new AbortController().signal);
}

describe('an order in whose certificate a rule finds something', () => {
  it('fails with its money back, says so in both languages, and alarms for a day', async () => {
    app = await startTestApp({ profiles });
    await publishLists();
    const { caller } = await createCustomer(app, { balanceMinor: 100_00 });
    const view = await issue(app, caller, ['example.com'], { productCode: 'paid' });
    const { order, issuance, certificate } = await app.ports.orders.get(caller, view.order);
    assert.deepEqual([order.state, issuance.state, certificate], ['failed', 'failed', null]);
    assert.equal((await app.ports.accounts.get(caller)).balanceMinor, 100_00);
    const { failure } = issuance;
    assert.ok(failure);
    assert.match(renderReason(failure, 'en'), /rule policy-of-level, BR §7\.1\.6\.1\); nothing was signed/);
    assert.match(renderReason(failure, 'zh'), /签发前的自动检查发现待签内容有误（规则 policy-of-level/);

    const { items } = await app.ports.events.list(app.operator, { limit: 10, kinds: ['lint.found'] });
    assert.deepEqual(
      items.map(({ data }) => [data.rule, data.found, data.what, data.of]),
      [['policy-of-level', '2.23.140.1.2.2', 'leaf', 'example.com']],
    );

    const watchdog = watch();
    await watchdog.look();
    const [alarm] = watchdog.raised();
    assert.ok(alarm?.finding.key === 'lintFinding');
    const { rule, found, of, others } = alarm.finding.params;
    assert.deepEqual([rule, found, of, others], ['policy-of-level', '2.23.140.1.2.2', 'example.com', 0]);
    await app.advance(23 * hour);
    await watchdog.look();
    assert.ok(watchdog.raised().some(({ key }) => key === 'lintFinding'));
    await app.advance(2 * hour);
    await watchdog.look();
    assert.ok(watchdog.raised().every(({ key }) => key !== 'lintFinding'));
  });
});

describe('a list that was refused', () => {
  it('alarms until there is one that was made later', async () => {
    app = await startTestApp();
    await publishLists();
    const [authority] = app.issuer.authorityIds();
    await app.advance(hour);
    const finding = { rule: 'entry-serial', source: 'RFC 5280 §5.1.2.6', found: '8a', kind: 'list', subject: 'CN=CA' };
    const atMs = app.clock.now().getTime();
    await app.database.write((tx) => tx.settings.put(lintFindingsKey, [{ ...finding, authority, atMs }, 'garbage']));
    const watchdog = watch();
    await app.advance(30 * hour);
    await watchdog.look();
    assert.ok(
      watchdog.raised().some(({ key }) => key === 'lintFinding'),
      'longer than a day',
    );
    await publishLists();
    await watchdog.look();
    assert.ok(watchdog.raised().every(({ key }) => key !== 'lintFinding'));
  });
});
