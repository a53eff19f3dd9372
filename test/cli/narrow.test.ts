/** Every list on a terminal of 80 columns, in both languages: no line is longer, and what one copies is whole. */
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { createProgram } from '../../src/cli/run.ts';
import { textWidth } from '../../src/cli/width.ts';
import { createSession, issueOrder, placeOrder, seedCsr } from '../dialects/native/session.ts';
import { type CliWorld, run } from './harness.ts';

const company = '北京例子网络技术有限公司上海浦东新区分公司';
const columns = 80;

/** A server with something in its lists, named as long as names are. */
async function begin(): Promise<Partial<CliWorld>> {
  const session = await createSession({ account: { name: company } });
  const files = new Map([['www.csr', seedCsr]]);
  const world = { fetch: session.fetch, connection: { url: session.baseUrl, token: session.operatorToken }, files };
  await issueOrder(session, ['trustocean.com', `${'long-'.repeat(11)}name.customer.example.com`]);
  await placeOrder(session, [`${'x'.repeat(60)}.example.com`, '例子.example']);
  const account = ['--account', '1'];
  const username = 'signed-in@customer.example.com';
  const password = 'correct horse';
  await session.operator.users.create({ account: '1', username, password });
  const origin = { address: '2001:db8:85a3:8d3:1319:8a2e:370:7348', requestId: 'req-1' };
  await session.app.ports.signIn.createSession({ dialect: 'native', username, password }, origin);
  const lines: readonly (readonly string[])[] = [
    ['account', 'create', `${company} (second)`, '--approval', 'manual'],
    ['account', 'credit', '1', '1000000.00', '--note', company],
    ['user', 'create', 'operations-and-more@certificates.customer.example.com', ...account],
    ['credential', 'create', '--dialect', 'encryption365', '--label', company, ...account],
    ['webhook', 'add', `https://hooks.customer.example.com/${'path/'.repeat(20)}`, ...account],
    ['container', 'add', company, ...account],
    ['custom-field', 'add', company, ...account],
    ['key', 'block', 'www.csr', '--note', company],
    ['mail', 'stop', 'a-mailbox-with-a-long-name@mail.customer.example.com'],
    ['domain', 'add', `${'long-'.repeat(11)}name.customer.example.com`, ...account],
    ['order', 'note', 'add', '17', company.repeat(4)],
    ['organization', 'add', company, '--country', 'CN', '--state', '北京', '--city', '北京', ...account],
  ];
  for (const line of lines) {
    const { exitCode, stderr } = await run(line, world);
    assert.equal(exitCode, 0, `${line.join(' ')}: ${stderr}`);
  }
  return world;
}

/** Those without an entry here have nothing to show on this server, and say so on standard error. */
const ids: Readonly<Record<string, RegExp>> = {
  'account list': /acc_[0-9a-z]{26}$/m,
  'authorization list': /aut_[0-9a-z]{26}$/m,
  'domain list': /\b1000\d\d\b/,
  'order note list': /\b1000\d\d\b/,
  'certificate list': /[0-9a-f]{30,40}$/m,
  'container list': /cnt_[0-9a-z]{26}$/m,
  'credential list': /crd_[0-9a-z]{26}$/m,
  'custom-field list': /[a-z]{3}_[0-9a-z]{26}$/m,
  'event list': /acc_[0-9a-z]{26}/,
  'key list': /[0-9a-f]{64}/,
  'mail list': /^a-mailbox/m,
  'order list': /encryption365:100/,
  'organization list': /org_[0-9a-z]{26}$/m,
  'product list': /encryption365:\d+/,
  'session list': /ses_[0-9a-z]{26}$/m,
  'user list': /usr_[0-9a-z]{26}$/m,
  'webhook list': /^100001 /m,
};

/** Every command that prints a list, with what it needs. */
function listCommands(): readonly string[] {
  const never = () => Promise.reject(new Error('not called'));
  const program = createProgram({
    local: { version: '0' } as Parameters<typeof createProgram>[0]['local'],
    terminal: {} as Parameters<typeof createProgram>[0]['terminal'],
    json: false,
    setExitCode: never,
  });
  const leaves = (command: typeof program, words: readonly string[]): readonly string[] =>
    command.commands.flatMap((child) => {
      const own = [...words, child.name()];
      return child.commands.length > 0 ? leaves(child, own) : [own.join(' ')];
    });
  return leaves(program, []).filter((words) => /( list| orders| deliveries| failed-jobs|^ca show)$/.test(words));
}

/** Arguments of those that cannot do without. */
const needed: Readonly<Record<string, string>> = {
  'acme key list': '--account 1',
  'authorization list': '--account 1',
  'container list': '--account 1',
  'custom-field list': '--account 1',
  'order note list': '17',
  'price list': '1',
  'session list': '--user signed-in@customer.example.com',
};

describe('on a terminal of 80 columns', () => {
  let world: Partial<CliWorld> = {};
  before(async () => {
    world = await begin();
  });

  for (const language of ['en', 'zh'] as const) {
    test(`every list keeps to it (${language})`, async () => {
      const shown: string[] = [];
      const failed: string[] = [];
      for (const words of listCommands()) {
        const line = [words, needed[words] ?? ''].join(' ');
        const { exitCode, stdout, stderr } = await run(line, { ...world, columns, isTty: true, language });
        if (exitCode !== 0) failed.push(`${line}: ${stderr}`);
        for (const one of stdout.split('\n'))
          assert.ok(textWidth(one) <= columns, `${words} (${textWidth(one)}): ${one}`);
        const id = ids[words];
        if (id !== undefined) {
          assert.match(stdout, id, words);
          shown.push(words);
        }
      }
      assert.deepEqual(failed, []);
      assert.deepEqual(shown.toSorted(), Object.keys(ids).toSorted());
    });
  }

  test('lists of orders that end, and of those whose validation fails, keep to it', async () => {
    for (const [line, shown] of [
      ['order list --ends-within 3650', /ENDS/],
      ['order list --failing', /FOUND/],
    ] as const) {
      const { stdout } = await run(line, { ...world, columns, isTty: true });
      assert.match(stdout, shown);
      for (const one of stdout.split('\n')) assert.ok(textWidth(one) <= columns, `${line}: ${one}`);
    }
  });

  test('product list is one line a product, which the names of the products give way for', async () => {
    const { stdout } = await run('product list', { ...world, columns, isTty: true });
    const lines = stdout.trimEnd().split('\n');
    const products = lines.filter((line) => /^[a-z0-9]+:/.test(line));
    assert.ok(products.length > 20);
    assert.match(lines[0] ?? '', /^PRODUCT +NAME/);
  });
});
