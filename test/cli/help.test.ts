import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { commandTree, leavesOf } from '../support/command-tree.ts';
import { run } from './harness.ts';

const program = commandTree();
const leaves = leavesOf(program);

test('the commands are these', () => {
  assert.deepEqual(
    leaves.map(([words]) => words),
    [
      'serve',
      'init',
      'quickstart',
      'config check',
      'get',
      'ready',
      'completion',
      'order place',
      'order list',
      'order show',
      'order approve',
      'order reject',
      'order check',
      'order choose-method',
      'order remove-name',
      'order cancel',
      'order reissue',
      'order refund',
      'order refunds',
      'order revoke',
      'order change',
      'order csr',
      'order duplicate',
      'order withdraw',
      'order issuances',
      'order checks',
      'order timeline',
      'order share',
      'order private-key',
      'order note list',
      'order note add',
      'order note change',
      'order note remove',
      'order note history',
      'approval list',
      'approval show',
      'approval withdraw',
      'approval approve',
      'approval reject',
      'authorization list',
      'authorization show',
      'authorization deactivate',
      'domain list',
      'domain add',
      'domain show',
      'domain check',
      'domain choose-method',
      'domain renew',
      'domain activate',
      'domain deactivate',
      'domain remove',
      'dns check',
      'search',
      'webhook list',
      'webhook add',
      'webhook remove',
      'webhook deliveries',
      'webhook replay',
      'webhook replay-failed',
      'webhook test',
      'certificate list',
      'certificate show',
      'certificate download',
      'certificate revoke',
      'key block',
      'key unblock',
      'key list',
      'key import',
      'key prove',
      'account create',
      'account list',
      'account show',
      'account change',
      'account webhook-secret',
      'account ledger',
      'account credit',
      'user create',
      'user list',
      'user change',
      'user invite',
      'user password',
      'user reset-password',
      'user disable',
      'user enable',
      'user remove',
      'session list',
      'session end',
      'credential create',
      'credential list',
      'credential change',
      'credential revoke',
      'acme key create',
      'acme key list',
      'acme key show',
      'acme key change',
      'acme key revoke',
      'grant propose',
      'grant list',
      'grant confirm',
      'grant withdraw',
      'organization list',
      'organization show',
      'organization add',
      'organization ask',
      'organization verify',
      'organization reject',
      'organization activate',
      'organization deactivate',
      'organization remove',
      'container list',
      'container add',
      'container change',
      'custom-field list',
      'custom-field add',
      'custom-field change',
      'product list',
      'product change',
      'price list',
      'price history',
      'price set',
      'price remove',
      'report months',
      'stats home',
      'stats issuance',
      'stats failures',
      'stats expiry',
      'stats revenue',
      'stats rebuild',
      'setup show',
      'setup confirm',
      'server show',
      'issuer list',
      'profile list',
      'ca show',
      'ca publish-crl',
      'ca plan',
      'ca roll',
      'ca revoke',
      'ca export',
      'ca request',
      'ca requests',
      'ca withdraw',
      'ca install',
      'ca list upload',
      'ca root export',
      'ca import',
      'ca revoke-serial',
      'ca sign-request',
      'ca sign-list',
      'root show',
      'root export',
      'root install',
      'root uninstall',
      'mail list',
      'mail stop',
      'mail test',
      'mail allow',
      'upstream list',
      'upstream show',
      'upstream check',
      'upstream test',
      'upstream change-key',
      'upstream orders',
      'upstream order',
      'upstream costs',
      'upstream resolve',
      'upstream resume',
      'event list',
      'event watch',
      'event failed-jobs',
      'job list',
      'job retry',
      'job discard',
      'alarm list',
      'key-encryption show',
      'key-encryption rotate',
      'database copy',
      'database restored',
      'backup',
      'restore',
      'verify',
      'operator reset',
    ],
  );
});

describe('the help of', () => {
  for (const [words, command] of leaves) {
    test(`certmux ${words} says what it is for, when to use it, and how`, async () => {
      const { exitCode, stdout, stderr } = await run(`${words} --help`);
      assert.equal(exitCode, 0);
      assert.equal(stderr, '');
      assert.match(command.summary(), /^\S.{5,70}[^.]$/); // one line, no full stop
      assert.ok(command.description().length > command.summary().length, 'the description says more');
      assert.match(stdout, new RegExp(`\\nExamples:\\n  certmux ${words}`));
      if (words !== 'quickstart') assert.match(stdout, /--json/); // it tells a story, for people alone
      for (const option of command.options) assert.ok(option.description, `${option.long} is not described`);
    });
  }

  test('a terminal of 80 columns keeps to it', async () => {
    for (const [words] of leaves) {
      const { stdout } = await run(`${words} --help`, { columns: 80 });
      const [text = ''] = stdout.split('\nExamples:');
      for (const line of text.split('\n')) assert.ok(line.length <= 80, `${words}: ${line}`);
    }
  });
});

test('every example is a command line that certmux understands', () => {
  for (const [words, command] of leaves) {
    let help = '';
    command.configureOutput({ writeOut: (text) => (help += text), getOutHelpWidth: () => 120 }).outputHelp();
    const lines = help.slice(help.indexOf('Examples:')).matchAll(/^ {2}(certmux .*)$/gm);
    for (const [, line = ''] of lines) {
      assert.ok(line.startsWith(`certmux ${words}`), line);
      for (const option of line.split(' -- ')[0]?.match(/ --[a-z-]+/g) ?? []) {
        const known = command.options.some(
          ({ long, negate }) => long === option.trim() || (negate && long === option.trim()),
        );
        assert.ok(known, `${line}: there is no${option}`);
      }
    }
  }
});

test('the program says what its exit codes mean', async () => {
  const { stdout } = await run('--help');
  for (const code of [0, 1, 2, 3, 4, 5, 6, 7]) assert.match(stdout, new RegExp(`^  ${code}  \\S`, 'm'));
});

test('the version is told', async () => {
  assert.deepEqual(await run('--version').then(({ exitCode, stdout }) => [exitCode, stdout]), [0, '0.0.0-test\n']);
});
