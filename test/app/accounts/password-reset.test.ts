/** Another password for somebody who has one: set by whoever manages them, or chosen by a link, which is good once and not for long. */
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { createCaller, createCustomer, origin, startTestApp, type TestApp } from '../../support/app.ts';
import { createMailFake, invitationIn } from '../../support/mail-fake.ts';
import { refused } from '../../support/refused.ts';

let app: TestApp;
afterEach(() => app.close());

const former = 'correct horse battery staple';
const chosen = 'another horse and battery';
const username = 'jill@example.com';

async function start() {
  const mail = createMailFake();
  app = await startTestApp({ mail });
  const { account, caller } = await createCustomer(app, { dialect: 'native', roles: ['administrator'] });
  const user = await app.ports.users.create(caller, {
    accountId: account.id,
    username,
    password: former,
    roles: ['requester'],
  });
  return { mail, account, caller, user };
}

const users = () => app.ports.users;
const accept = (token: string, password = chosen) => app.ports.invitations.accept(token, password, origin);
const signIn = (password: string) => app.ports.signIn.createSession({ dialect: 'native', username, password }, origin);
const tokenOf = (url: string | null) => invitationIn(url ?? '');
const kinds = async (subject: string) =>
  (await app.ports.events.list(app.operator, { limit: 20, subject })).items.map(({ kind }) => kind).toReversed();

describe('a reset', () => {
  it('by mail leads to another password, once, and ends every session', async () => {
    const { mail, caller, user } = await start();
    await signIn(former);
    const made = await users().resetPassword(caller, username, 'mail');
    assert.deepEqual([made.address, made.url], [username, null]);
    await app.idle();
    const [sent] = mail.sent;
    assert.match(sent?.subject ?? '', /^Reset your password for .* \/ 请重置/);
    await signIn(former);
    const token = invitationIn(sent?.text ?? '');
    assert.equal((await accept(token))?.isReset, true);
    assert.equal(await accept(token, 'yet another horse'), undefined, 'it is used');
    await assert.rejects(signIn(former), refused('loginFailed'));
    await signIn(chosen);
    const ended = (await kinds(user.id)).filter((kind) => kind.startsWith('user.'));
    assert.deepEqual(ended, [
      'user.created',
      'user.passwordResetRequested',
      'user.invitationSent',
      'user.passwordReset',
    ]);
    const log = await app.ports.events.list(app.operator, { limit: 50 });
    const reasons = log.items.filter(({ kind }) => kind === 'session.ended').map(({ data }) => data.reason);
    assert.deepEqual(reasons, ['passwordReset', 'passwordReset']);
  });

  it('by a link is good for two hours, and stored as a hash only', async () => {
    const { caller } = await start();
    const { url, expiresAt } = await users().resetPassword(caller, username, 'link');
    assert.equal(expiresAt.getTime() - app.clock.now().getTime(), 2 * 3_600_000);
    await app.advance(2 * 3600);
    assert.equal(await accept(tokenOf(url)), undefined);
    await signIn(former);
  });

  it('is replaced by a newer one, and by a password that is set or changed', async () => {
    const { account, caller, user } = await start();
    const first = tokenOf((await users().resetPassword(caller, username, 'link')).url);
    const second = tokenOf((await users().resetPassword(caller, username, 'link')).url);
    assert.deepEqual([await accept(first), (await accept(second))?.username], [undefined, username]);
    const third = tokenOf((await users().resetPassword(caller, username, 'link')).url);
    await users().setPassword(caller, username, former);
    assert.equal(await accept(third), undefined);
    const { credential } = await app.ports.credentials.create(caller, {
      accountId: account.id,
      userId: user.id,
      dialect: 'native',
      label: '',
      roles: ['requester'],
      allowedAddresses: null,
    });
    const own = { ...caller, actor: credential.id, credentialId: credential.id };
    const fourth = tokenOf((await users().resetPassword(caller, username, 'link')).url);
    await users().changePassword(own, { present: former, password: chosen });
    assert.equal(await accept(fourth), undefined);
    await signIn(chosen);
  });

  it('is not for programs, the disabled, or somebody of whom the caller may do less', async () => {
    const { account, caller } = await start();
    const accountId = account.id;
    await users().create(caller, { accountId, username: 'bot', password: null, roles: ['requester'], kind: 'service' });
    await assert.rejects(users().resetPassword(caller, 'bot', 'link'), refused('userIsProgram'));
    await assert.rejects(users().setPassword(caller, 'bot', chosen), refused('userIsProgram'));
    const manager = await createCaller(app, account, { dialect: 'native', roles: ['requester'] });
    await assert.rejects(users().resetPassword(manager, username, 'link'));
    await assert.rejects(users().setPassword(manager, username, chosen));
    await users().setState(caller, username, 'disabled');
    await assert.rejects(users().resetPassword(caller, username, 'link'), refused('wrongState'));
  });
});

describe('a password that is set', () => {
  it('works at once at every front door, and the former one at none', async () => {
    const { caller } = await start();
    await signIn(former);
    await users().setPassword(caller, username, chosen);
    for (const dialect of ['native', 'encryption365', 'digicert']) {
      const with_ = (password: string) => app.ports.signIn.createSession({ dialect, username, password }, origin);
      await assert.rejects(with_(former), refused('loginFailed'));
      await with_(chosen);
    }
  });

  it('has at least ten characters', async () => {
    const { caller } = await start();
    await assert.rejects(users().setPassword(caller, username, 'short'), refused('fieldInvalid'));
    await signIn(former);
  });
});
