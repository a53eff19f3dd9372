/** Inviting users who have no password: who may, what the mail and the link do, and everything that ends a link. */
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { nobody, type User } from '../../../src/domain/account.ts';
import type { NewUser } from '../../../src/domain/ports/users.ts';
import type { Role } from '../../../src/domain/role.ts';
import {
  createCaller,
  createCustomer,
  origin,
  startTestApp,
  type TestApp,
  type TestAppOptions,
} from '../../support/app.ts';
import { createMailFake, invitationIn } from '../../support/mail-fake.ts';
import { refused } from '../../support/refused.ts';

let app: TestApp;
afterEach(() => app.close());

const password = 'correct horse battery staple';
const daySeconds = 86_400;

async function start(options: TestAppOptions = {}) {
  const mail = createMailFake();
  app = await startTestApp({ mail, ...options });
  const { account, caller } = await createCustomer(app, { dialect: 'native', roles: ['administrator'] });
  const create = (change: Partial<NewUser> = {}) =>
    app.ports.users.create(caller, {
      accountId: account.id,
      username: 'jill@example.com',
      password: null,
      roles: ['requester'],
      ...change,
    });
  return { mail, account, caller, create };
}

const invitations = () => app.ports.invitations;
const accept = (token: string, chosen = password) => invitations().accept(token, chosen, origin);
const show = (token: string) => invitations().show(token, origin);
const signIn = ({ username }: Pick<User, 'username'>, typed = password) =>
  app.ports.signIn.createSession({ dialect: 'native', username, password: typed }, origin);

async function eventsOf({ id }: Pick<User, 'id'>): Promise<readonly string[]> {
  const { items } = await app.ports.events.list(app.operator, { limit: 20, subject: id });
  return items.map(({ kind }) => kind).toReversed();
}

describe('an invitation by mail', () => {
  it('leads to a password, once', async () => {
    const { mail, account, caller, create } = await start();
    const user = await create();
    const made = await app.ports.users.invite(caller, user.username, 'mail');
    assert.deepEqual([made.address, made.url, made.user.id], ['jill@example.com', null, user.id]);
    assert.equal(made.expiresAt.getTime(), app.clock.now().getTime() + 7 * daySeconds * 1000);
    await app.idle();
    assert.deepEqual(
      mail.sent.map(({ to }) => to),
      ['jill@example.com'],
    );
    const text = mail.sent[0]?.text ?? '';
    for (const fact of [user.username, account.name, 'https://certs.example/invitation/', '/mail/stop/']) {
      assert.ok(text.includes(fact), fact);
    }
    const token = invitationIn(text);
    const view = { username: user.username, accountName: account.name, expiresAt: made.expiresAt, isReset: false };
    assert.deepEqual([await show(token), await show(token)], [view, view], 'opening it changes nothing');
    await assert.rejects(signIn(user), refused('loginFailed'));
    assert.deepEqual(await accept(token), view);
    assert.equal((await signIn(user)).session.userId, user.id);
    assert.deepEqual([await show(token), await accept(token, 'another password')], [undefined, undefined]);
    assert.equal((await signIn(user)).session.userId, user.id);
    assert.deepEqual((await eventsOf(user)).slice(0, 5), [
      'user.created',
      'user.invited',
      'user.invitationSent',
      'session.refused',
      'user.passwordChosen',
    ]);
    const { items } = await app.ports.events.list(app.operator, { limit: 20, subject: user.id });
    const chosen = items.find(({ kind }) => kind === 'user.passwordChosen');
    assert.deepEqual([chosen?.actor, chosen?.data], [user.id, { username: user.username, from: origin.address }]);
    await assert.rejects(app.ports.users.invite(caller, user.id, 'mail'), refused('userHasPassword'));
  });

  it('is stored and logged nowhere: neither its link nor the password', async () => {
    const { mail, caller, create } = await start();
    await create();
    await app.ports.users.invite(caller, 'jill@example.com', 'mail');
    await app.idle();
    const token = invitationIn(mail.sent[0]?.text ?? '');
    const secret = token.slice(26);
    const before = JSON.stringify(await app.tables());
    await accept(token);
    await app.idle();
    const after = JSON.stringify(await app.tables());
    for (const text of [before, after, JSON.stringify(app.log.lines)]) {
      assert.ok(!text.includes(secret) && !text.includes(password));
    }
  });

  it('goes to the address of the person, else to a user name that is one', async () => {
    const { mail, caller, create } = await start();
    const person = { ...nobody, email: 'Jill@Home.example' };
    for (const change of [{ person }, { username: 'jack', person }, { username: 'joe@example.com' }]) {
      const { id } = await create(change);
      await app.ports.users.invite(caller, id, 'mail');
      await app.idle();
    }
    assert.deepEqual(
      mail.sent.map(({ to }) => to),
      ['jill@home.example', 'jill@home.example', 'joe@example.com'],
    );
    for (const username of ['nowhere', 'no one@example.com', 'a@b@example.com']) {
      const { id } = await create({ username });
      await assert.rejects(app.ports.users.invite(caller, id, 'mail'), refused('invitationAddressMissing'), username);
    }
  });

  it('replaces the one before', async () => {
    const { mail, caller, create } = await start();
    const user = await create();
    const tokens: string[] = [];
    for (const _ of [1, 2]) {
      await app.ports.users.invite(caller, user.id, 'mail');
      await app.idle();
      tokens.push(invitationIn(mail.sent.at(-1)?.text ?? ''));
    }
    const [older = '', newer = ''] = tokens;
    assert.notEqual(mail.sent[0]?.id, mail.sent[1]?.id);
    assert.deepEqual([await show(older), await accept(older)], [undefined, undefined]);
    assert.equal((await accept(newer))?.username, user.username);
  });

  it('of which two are asked for at once leaves one link that works', async () => {
    const { mail, caller, create } = await start();
    const user = await create();
    await Promise.all([1, 2, 3].map(() => app.ports.users.invite(caller, user.id, 'mail')));
    await app.idle();
    const open = await Promise.all(mail.sent.map(({ text }) => show(invitationIn(text))));
    assert.equal(open.filter((view) => view !== undefined).length, 1);
  });

  it('is tried again while the mail server is away, also after a restart', async () => {
    const { mail, caller, create } = await start();
    const user = await create();
    mail.failWith({ isFinal: false, detail: '451 later' });
    await app.ports.users.invite(caller, user.id, 'mail');
    await app.idle();
    app = await app.restart({ mail });
    mail.failWith(undefined);
    await app.advance(600);
    assert.equal(mail.sent.length, 1);
    assert.ok(await accept(invitationIn(mail.sent[0]?.text ?? '')));
  });

  it('that the server refuses ends, and says so in the audit log', async () => {
    const { mail, caller, create } = await start();
    const user = await create();
    mail.failWith({ isFinal: true, detail: '550 no such user' });
    await app.ports.users.invite(caller, user.id, 'mail');
    await app.idle();
    const { items } = await app.ports.events.list(app.operator, { limit: 20, subject: user.id });
    const event = items.find(({ kind }) => kind === 'user.invitationUndelivered');
    assert.deepEqual([event?.data.address, event?.data.answer], ['jill@example.com', '550 no such user']);
  });

  it('is refused to a mailbox that wants none, and to one that had its share', async () => {
    const { mail, caller, create } = await start({
      mailLimits: { perMailboxPerHour: 2, perMailboxPerDay: 9, perDomainPerHour: 9, perDomainPerDay: 9 },
    });
    const user = await create();
    const invite = () => app.ports.users.invite(caller, user.id, 'mail');
    await invite();
    await invite();
    await app.idle();
    const token = invitationIn(mail.sent.at(-1)?.text ?? '');
    await assert.rejects(invite(), refused('mailboxFull'));
    assert.ok(await show(token), 'what was refused changes nothing');
    await app.advance(3601);
    await app.ports.mailboxes.stop(app.operator, 'jill@example.com');
    await assert.rejects(invite(), refused('mailboxStopped'));
    assert.ok(await show(token));
  });

  it('is limited for an account, and only what was sent counts', async () => {
    const { caller, create } = await start({
      mailLimits: { perMailboxPerHour: 999, perMailboxPerDay: 999, perDomainPerHour: 999, perDomainPerDay: 999 },
      works: false,
    });
    const user = await create();
    const unreachable = await create({ username: 'nowhere' });
    for (let tries = 0; tries < 3; tries++) {
      await assert.rejects(app.ports.users.invite(caller, unreachable.id, 'mail'), refused('invitationAddressMissing'));
    }
    for (let sent = 0; sent < 100; sent++) await app.ports.users.invite(caller, user.id, 'mail');
    await assert.rejects(app.ports.users.invite(caller, user.id, 'mail'), refused('invitationsUsedUp'));
    const other = await createCustomer(app, { dialect: 'native', roles: ['administrator'] });
    const theirs = await app.ports.users.create(other.caller, {
      accountId: other.account.id,
      username: 'theirs@example.net',
      password: null,
      roles: ['viewer'],
      invitation: 'required',
    });
    assert.equal(theirs.username, 'theirs@example.net');
    await app.advance(301);
    await app.ports.users.invite(caller, user.id, 'mail');
  });
});

describe('a link', () => {
  it('is shown to whoever asks, also without a mail server, and works once', async () => {
    const { caller, create } = await start({ mail: null });
    const user = await create({ username: 'nowhere' });
    await assert.rejects(app.ports.users.invite(caller, user.id, 'mail'), refused('invitationNotSendable'));
    const { url, address } = await app.ports.users.invite(caller, user.id, 'link');
    assert.equal(address, null);
    const token = invitationIn(url ?? '');
    assert.equal((await accept(token))?.username, 'nowhere');
    assert.equal(await accept(token), undefined);
    await signIn(user);
    assert.deepEqual((await eventsOf(user)).slice(0, 3), ['user.created', 'user.invited', 'user.passwordChosen']);
  });

  it('ends the mail that is still to be sent', async () => {
    const { mail, caller, create } = await start({ works: false });
    const user = await create();
    await app.ports.users.invite(caller, user.id, 'mail');
    const { url } = await app.ports.users.invite(caller, user.id, 'link');
    app = await app.restart({ mail, works: true });
    await app.idle();
    assert.equal(mail.sent.length, 0);
    assert.ok(await show(invitationIn(url ?? '')));
  });

  it('is good for seven days', async () => {
    const { caller, create } = await start();
    const user = await create();
    const { url } = await app.ports.users.invite(caller, user.id, 'link');
    const token = invitationIn(url ?? '');
    await app.advance(7 * daySeconds - 1);
    assert.ok(await show(token));
    await app.advance(1);
    assert.deepEqual([await show(token), await accept(token)], [undefined, undefined]);
    await assert.rejects(signIn(user), refused('loginFailed'));
  });

  it('gives the password to one of two who use it at once', async () => {
    const { caller, create } = await start();
    const user = await create();
    const { url } = await app.ports.users.invite(caller, user.id, 'link');
    const token = invitationIn(url ?? '');
    const chosen = ['the first password', 'the second password', 'the third password'];
    const views = await Promise.all(chosen.map((one) => accept(token, one)));
    assert.equal(views.filter((view) => view !== undefined).length, 1);
    await signIn(user, chosen[views.findIndex((view) => view !== undefined)]);
  });

  it('stays good after a password that is too short, or longer than any door takes', async () => {
    const { caller, create } = await start();
    const user = await create();
    const { url } = await app.ports.users.invite(caller, user.id, 'link');
    const token = invitationIn(url ?? '');
    for (const bad of ['', 'short', 'x'.repeat(1001)]) {
      await assert.rejects(accept(token, bad), refused('fieldInvalid'));
    }
    assert.ok(await accept(token, ' a password with blanks '));
    await signIn(user, ' a password with blanks ');
  });

  const endings: readonly (readonly [what: string, end: (user: User) => Promise<unknown>])[] = [
    ['is disabled', ({ id }) => app.ports.users.setState(app.operator, id, 'disabled')],
    ['is removed', ({ id }) => app.ports.users.remove(app.operator, id)],
    [
      'was disabled and is enabled again',
      async ({ id }) => {
        await app.ports.users.setState(app.operator, id, 'disabled');
        await app.ports.users.setState(app.operator, id, 'active');
      },
    ],
    [
      'has another address now',
      ({ id }) => app.ports.users.change(app.operator, id, { person: { ...nobody, email: 'new@example.com' } }),
    ],
  ];
  for (const [what, end] of endings) {
    it(`is good no more when the user ${what}`, async () => {
      const { mail, caller, create } = await start();
      const user = await create();
      await app.ports.users.invite(caller, user.id, 'mail');
      await app.idle();
      const token = invitationIn(mail.sent.at(-1)?.text ?? '');
      assert.ok(await show(token));
      await end(user);
      assert.deepEqual([await show(token), await accept(token)], [undefined, undefined]);
    });
  }

  it('of somebody else does not open this one', async () => {
    const { caller, create } = await start();
    const [jill, jack] = [await create(), await create({ username: 'jack@example.com' })];
    const tokens: string[] = [];
    for (const { id } of [jill, jack]) {
      tokens.push(invitationIn((await app.ports.users.invite(caller, id, 'link')).url ?? ''));
    }
    const [one = '', other = ''] = tokens;
    assert.equal(await show(one.slice(0, 26) + other.slice(26)), undefined);
    for (const bad of ['', 'x', one.slice(1), `${one}0`, one.toUpperCase(), `${'0'.repeat(78)}`, '\u0000']) {
      assert.equal(await show(bad), undefined, bad);
    }
  });

  it('that is no good is tried only so often from one network', async () => {
    const { caller, create } = await start();
    const user = await create();
    const { url } = await app.ports.users.invite(caller, user.id, 'link');
    const token = invitationIn(url ?? '');
    for (let tries = 0; tries < 40; tries++) assert.ok(await show(token), 'a good one does not count');
    const bad = `${token.slice(0, 26)}${'0'.repeat(52)}`;
    const all = await Promise.allSettled(Array.from({ length: 40 }, () => accept(bad)));
    assert.equal(all.filter(({ status }) => status === 'fulfilled').length, 30);
    await assert.rejects(show(token), refused('linksRateLimited'));
    assert.ok(await invitations().show(token, { ...origin, address: '198.51.100.1' }), 'other networks go on');
    await app.advance(10);
    assert.ok(await show(token));
  });
});

describe('who invites', () => {
  it('holds every role of the user', async () => {
    const { account, create } = await start();
    const approver = await create({ roles: ['approver'] });
    const viewer = await create({ username: 'viewer@example.com', roles: ['viewer'] });
    const callerWith = (roles: readonly Role[]) => createCaller(app, account, { dialect: 'native', roles });
    const manager = await callerWith(['userManager']);
    for (const by of ['mail', 'link'] as const) {
      await assert.rejects(app.ports.users.invite(manager, approver.id, by), refused('roleNotHeld'));
      const requester = await callerWith(['requester']);
      await assert.rejects(app.ports.users.invite(requester, viewer.id, by), { code: 'forbidden' });
    }
    assert.equal((await app.ports.users.invite(manager, viewer.id, 'mail')).user.id, viewer.id);
  });

  it('is not one person alone where duties are separate and the user decides', async () => {
    const { account, caller, create } = await start();
    const approver = await create({ roles: ['approver'] });
    const requester = await create({ username: 'requester@example.com' });
    await app.ports.accounts.change(app.operator, account.id, { separatesDuties: true });
    for (const by of ['mail', 'link'] as const) {
      await assert.rejects(app.ports.users.invite(caller, approver.id, by), refused('secondAdministratorNeeded'));
      await app.ports.users.invite(caller, requester.id, by);
      await app.ports.users.invite(app.operator, approver.id, by);
    }
  });

  it('is of the account', async () => {
    const { create } = await start();
    const user = await create();
    const other = await createCustomer(app, { dialect: 'native', roles: ['administrator'] });
    for (const reference of [user.id, String(user.number), user.username, 'nobody@example.com']) {
      await assert.rejects(app.ports.users.invite(other.caller, reference, 'link'), refused('notFound'));
    }
    assert.deepEqual(await eventsOf(user), ['user.created']);
  });

  it('finds nobody to invite in a program, and in users who are disabled or removed', async () => {
    const { caller, create } = await start();
    const program = await create({ username: 'bot@example.com', kind: 'service' });
    const disabled = await create({ username: 'disabled@example.com' });
    await app.ports.users.setState(caller, disabled.id, 'disabled');
    const removed = await create({ username: 'removed@example.com' });
    await app.ports.users.remove(caller, removed.id);
    for (const by of ['mail', 'link'] as const) {
      await assert.rejects(app.ports.users.invite(caller, program.id, by), refused('userIsProgram'));
      await assert.rejects(app.ports.users.invite(caller, disabled.id, by), refused('wrongState'));
      await assert.rejects(app.ports.users.invite(caller, removed.id, by), refused('notFound'));
    }
  });
});

describe('a user who is made with an invitation', () => {
  it('gets the mail at once', async () => {
    const { mail, create } = await start();
    const user = await create({ invitation: 'required' });
    await app.idle();
    assert.equal((await accept(invitationIn(mail.sent[0]?.text ?? '')))?.username, user.username);
  });

  it('is not made where it is required and cannot be sent', async () => {
    const { create } = await start();
    const bad: readonly (readonly [Partial<NewUser>, Parameters<typeof refused>[0]])[] = [
      [{ username: 'nowhere' }, 'invitationAddressMissing'],
      [{ username: 'stopped@example.com' }, 'mailboxStopped'],
      [{ password }, 'userHasPassword'],
      [{ kind: 'service' }, 'userIsProgram'],
    ];
    await app.ports.mailboxes.stop(app.operator, 'stopped@example.com');
    for (const [change, key] of bad) {
      await assert.rejects(create({ ...change, invitation: 'required' }), refused(key));
    }
    const { items } = await app.ports.users.list(app.operator, { limit: 10 });
    assert.deepEqual(items, []);
  });

  it('is made without it where that is impossible and not required', async () => {
    const { mail, create } = await start();
    await app.ports.mailboxes.stop(app.operator, 'stopped@example.com');
    const invitation = 'wherePossible';
    const users = [
      await create({ invitation, username: 'nowhere' }),
      await create({ invitation, username: 'stopped@example.com' }),
      await create({ invitation, username: 'known@example.com', password }),
      await create({ invitation, username: 'bot@example.com', kind: 'service' }),
    ];
    await app.idle();
    assert.equal(mail.sent.length, 0);
    assert.deepEqual(await eventsOf(users[1] ?? assert.fail()), [
      'user.created',
      'user.invited',
      'user.invitationUndelivered',
    ]);
    await create({ invitation });
    await app.idle();
    assert.equal(mail.sent.length, 1);
  });

  it('is made as ever where no mail is configured', async () => {
    const { create } = await start({ mail: null });
    await assert.rejects(create({ invitation: 'required' }), refused('invitationNotSendable'));
    const user = await create({ invitation: 'wherePossible' });
    assert.deepEqual(await eventsOf(user), ['user.created']);
  });
});
