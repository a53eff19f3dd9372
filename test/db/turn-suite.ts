/** What every engine must do with the lanes that accounts share: turns, shares of accounts and zones, rests of zones, repeats. */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { AccountId } from '../../src/domain/ids.ts';
import { type Job, type JobOwner, type SharedKind, type SharedLane, sharedLanes } from '../../src/domain/job.ts';
import type { Turn } from '../../src/domain/ports/stores/jobs.ts';
import { restAfter, type ZoneRest } from '../../src/domain/zone-rest.ts';
import { at, id, later } from './fixtures.ts';
import type { Opened } from './store-suite.ts';

const { perAccount, perZone, places } = sharedLanes.checks;
const first: Turn = { after: '' };

export function turnSuite(name: string, openFresh: () => Promise<Opened>): void {
  describe(`turns of accounts on ${name}`, () => {
    let opened: Opened;
    beforeEach(async () => {
      opened = await openFresh();
    });
    afterEach(() => opened.remove());

    const read = () => opened.database.read;

    /** Jobs `<prefix>1`, `<prefix>2` … of one owner, each due a second after the one before. */
    function enqueue(
      prefix: string,
      {
        owner,
        count = 1,
        kind = 'validate',
        zone = null,
        from = 0,
      }: {
        readonly owner: JobOwner;
        readonly count?: number;
        readonly kind?: SharedKind;
        readonly zone?: string | null;
        readonly from?: number;
      },
    ): Promise<void> {
      return opened.database.write(async (tx) => {
        for (let n = 1; n <= count; n++) {
          await tx.jobs.enqueue({ kind, subject: `${prefix}${n}`, runAt: later(from + n), owner, zone });
        }
      });
    }
    const claim = (limit: number, { now = later(1000), lane = 'checks' as SharedLane, turn = first } = {}) =>
      opened.database.write((tx) => tx.jobs.claimShared(lane, { now, leaseMs: 4000_000, places: limit, turn }));
    const subjects = (jobs: readonly Job[]) => jobs.map(({ subject }) => subject).join(' ');
    const claimed = async (...args: Parameters<typeof claim>) => subjects((await claim(...args)).jobs);
    const accounts = (count: number) => Array.from({ length: count }, () => id('account'));
    const release = (job: Job, seconds: number) =>
      opened.database.write((tx) => tx.jobs.release(job, later(seconds), null));
    const rest = (accountId: AccountId, zone: string, failures: number, now = at) => {
      let rested: ZoneRest | undefined;
      for (let n = 0; n < failures; n++) rested = restAfter(rested, { accountId, zone, now });
      return opened.database.write((tx) => tx.zoneRests.put(rested ?? assert.fail('no failure, no rest')));
    };

    it('gives places by turns, to an account that came last as to the others', async () => {
      const [a, b] = accounts(2) as [AccountId, AccountId];
      await enqueue('a', { owner: a, count: 20 });
      await enqueue('b', { owner: b, count: 2, from: 500 });
      assert.equal(await claimed(4), 'a1 b1 a2 b2');
      assert.deepEqual(await read().jobs.count(), { waiting: 18, running: 4, failed: 0 });
    });

    it('takes only what is due, of the lane, once', async () => {
      const owner = id('account');
      await enqueue('due', { owner, count: 2 });
      await enqueue('later', { owner, from: 2000 });
      await enqueue('mail', { owner, kind: 'sendMail' });
      assert.equal(await claimed(9), 'due1 due2');
      assert.equal(await claimed(9), '');
      assert.equal(await claimed(9, { lane: 'mail' }), 'mail1');
    });

    it('gives no account more than its share, what is under way included, until some of it ends', async () => {
      const [a, b] = accounts(2) as [AccountId, AccountId];
      await enqueue('a', { owner: a, count: perAccount + 5 });
      const { jobs } = await claim(3);
      assert.equal((await claim(places)).jobs.length, perAccount - 3);
      assert.equal(await claimed(places), '');
      await enqueue('b', { owner: b });
      assert.equal(await claimed(places), 'b1');
      const [done] = jobs;
      assert.ok(done);
      await opened.database.write((tx) => tx.jobs.complete(done));
      assert.equal(await claimed(places), `a${perAccount + 1}`);
    });

    it('gives no zone more than its share, whoever they are, and holds up nobody behind them', async () => {
      const owners = accounts(4);
      for (const [n, owner] of owners.entries()) {
        await enqueue(`z${n}-`, { owner, count: perAccount, zone: 'busy.example' });
        await enqueue(`y${n}-`, { owner, zone: `other-${n}.example`, from: 500 });
      }
      const { jobs, putOff } = await claim(places);
      const zones = Object.groupBy(jobs, ({ zone }) => zone ?? '');
      assert.equal(zones['busy.example']?.length, perZone);
      assert.equal(jobs.length, perZone + owners.length);
      assert.equal(putOff, owners.length * perAccount - perZone);
      // They are due again in a second.
      assert.deepEqual(await read().jobs.nextRunAt('checks', later(1000)), later(1001));
    });

    it('reaches an account behind tens of thousands of jobs of another', async () => {
      const [a, b] = accounts(2) as [AccountId, AccountId];
      await enqueue('a', { owner: a, count: 2000, from: -3000 });
      await enqueue('b', { owner: b, from: 500 });
      assert.match(await claimed(2), /(^| )b1( |$)/);
    });

    it('goes round all accounts when there are more than one claim looks at', async () => {
      const owners = accounts(150).toSorted();
      for (const [n, owner] of owners.entries()) await enqueue(`o${n}-`, { owner, count: 2, from: n });
      const seen = new Set<string | null>();
      let { turn } = { turn: first };
      for (let look = 0; look < 3; look++) {
        const found = await claim(50, { turn });
        for (const { owner } of found.jobs) seen.add(owner);
        turn = found.turn;
      }
      assert.equal(seen.size, 150);
    });

    it('has lanes of their own for mail, reminders and webhooks, which wait for no check', async () => {
      const owner = id('account');
      await enqueue('a', { owner, count: 30 });
      await claim(places);
      for (const [kind, lane] of [
        ['sendMail', 'mail'],
        ['sendReminder', 'reminders'],
        ['deliver', 'webhooks'],
      ] as const) {
        await enqueue(kind, { owner, kind });
        assert.equal(await claimed(1, { lane }), `${kind}1`);
      }
    });

    it('puts a job among the repeats once it has run, and back among the first when somebody asks for it', async () => {
      const owner = id('account');
      await enqueue('a', { owner });
      const [job] = (await claim(1)).jobs;
      assert.ok(job);
      await release(job, 2000);
      assert.equal((await read().jobs.get('validate', 'a1'))?.lane, 'repeats');
      assert.equal(await claimed(1, { now: later(2000) }), '');
      await enqueue('a', { owner });
      assert.equal((await read().jobs.get('validate', 'a1'))?.lane, 'checks');
      assert.equal(await claimed(1), 'a1');
    });

    it('keeps among the first what was asked for while it ran', async () => {
      const owner = id('account');
      await enqueue('a', { owner });
      const [job] = (await claim(1)).jobs;
      assert.ok(job);
      await enqueue('a', { owner });
      await release(job, 3000);
      assert.equal(await claimed(1), 'a1');
    });

    it('counts a repeat that is asked for while it runs where it was claimed, so that asking gains no further place', async () => {
      const owner = id('account');
      const ofRepeats = sharedLanes.repeats.perAccount;
      await enqueue('a', { owner, count: 3 * ofRepeats });
      for (let run = 0; run < 3; run++) {
        for (const job of (await claim(places)).jobs) await release(job, 100);
      }
      const repeats = { lane: 'repeats', now: later(200) } as const;
      const { jobs } = await claim(places, repeats);
      assert.equal(jobs.length, ofRepeats);
      for (const { subject } of jobs) {
        await opened.database.write((tx) =>
          tx.jobs.enqueue({ kind: 'validate', subject, owner, runAt: later(150), zone: null }),
        );
      }
      assert.equal(await claimed(places, repeats), '');
      const ends = [
        (job: Job) => release(job, 900),
        (job: Job) => opened.database.write((tx) => tx.jobs.complete(job)),
        ({ kind, subject }: Job) => opened.database.write((tx) => tx.jobs.finish(kind, subject)),
      ];
      for (const [n, job] of jobs.entries()) await ends[n % ends.length]?.(job);
      // However the run ended, somebody waits for the next one.
      assert.equal((await claim(places)).jobs.length, ofRepeats);
    });

    it('takes nothing of a zone that rests for this account, and leaves other accounts alone', async () => {
      const [a, b] = accounts(2) as [AccountId, AccountId];
      await rest(a, 'dead.example', 6);
      await enqueue('a', { owner: a, count: 3, zone: 'dead.example' });
      await enqueue('b', { owner: b, zone: 'dead.example' });
      await enqueue('c', { owner: a, zone: 'live.example' });
      const { jobs, putOff } = await claim(9, { now: later(5) });
      assert.equal(subjects(jobs), 'b1 c1');
      assert.equal(putOff, 3);
      assert.equal((await read().jobs.get('validate', 'a1'))?.lane, 'repeats');
    });

    it('takes one job as the probe of a zone whose rest is over; the others wait for what becomes of it', async () => {
      const owner = id('account');
      await rest(owner, 'dead.example', 1);
      await enqueue('a', { owner, count: 3, zone: 'dead.example' });
      assert.equal(await claimed(9, { now: later(20) }), 'a1');
      assert.equal(await claimed(9, { now: later(25), lane: 'repeats' }), '');
      // Nobody has said what became of it: the next may go when it has ended.
      const [probe] = [await read().jobs.get('validate', 'a1')];
      assert.ok(probe);
      await opened.database.write((tx) => tx.jobs.complete(probe));
      assert.equal(await claimed(9, { now: later(40), lane: 'repeats' }), 'a2');
    });

    it('brings forward what waits for a zone that answers again, of this account', async () => {
      const [a, b] = accounts(2) as [AccountId, AccountId];
      for (const [prefix, owner] of [['a', a] as const, ['b', b] as const]) {
        await enqueue(prefix, { owner, zone: 'back.example', from: 3000 });
      }
      await enqueue('c', { owner: a, zone: 'other.example', from: 3000 });
      await opened.database.write((tx) => tx.jobs.bringForwardZone(a, 'back.example', later(50)));
      assert.equal(await claimed(9), 'a1');
    });

    it('lets a job begin without being claimed as long as its account has places', async () => {
      const [a, b] = accounts(2) as [AccountId, AccountId];
      const begin = (subject: string, owner: AccountId) =>
        opened.database.write((tx) => tx.jobs.enqueueInTurn({ kind: 'checkOnRequest', subject, owner, now: at }));
      for (let n = 1; n <= perAccount; n++) assert.equal((await begin(`a${n}`, a))?.subject, `a${n}`);
      assert.equal(await begin('more', a), undefined);
      assert.equal((await read().jobs.get('checkOnRequest', 'more'))?.state, 'waiting');
      assert.equal((await begin('b1', b))?.owner, b);
      // It is claimed in turn when one of its account's ends.
      assert.equal(await claimed(9), '');
      await opened.database.write((tx) => tx.jobs.finish('checkOnRequest', 'a1'));
      assert.equal(await claimed(9), 'more');
    });

    it('lets none begin without being claimed when the whole lane is taken', async () => {
      for (const owner of accounts(places / perAccount)) {
        await enqueue(owner, { owner, count: perAccount });
      }
      assert.equal((await claim(places)).jobs.length, places);
      const late = { kind: 'checkOnRequest', subject: 'late', owner: id('account'), now: at } as const;
      assert.equal(await opened.database.write((tx) => tx.jobs.enqueueInTurn(late)), undefined);
    });

    it('keeps one rest for each zone of an account, until it is removed or long over', async () => {
      const [a, b] = accounts(2) as [AccountId, AccountId];
      await rest(a, 'one.example', 1);
      await rest(a, 'one.example', 2);
      await rest(b, 'one.example', 1);
      await rest(a, 'two.example', 6);
      const zones = ['one.example', 'two.example', 'three.example'];
      const secondsOf = ({ zone, failures, until }: ZoneRest) => [
        zone,
        failures,
        (until.getTime() - at.getTime()) / 1000,
      ];
      assert.deepEqual((await read().zoneRests.list(a, zones)).map(secondsOf).toSorted(), [
        ['one.example', 2, 30],
        ['two.example', 6, 600],
      ]);
      assert.equal(await opened.database.write((tx) => tx.zoneRests.remove(b, 'one.example')), true);
      assert.equal(await opened.database.write((tx) => tx.zoneRests.remove(b, 'one.example')), false);
      assert.equal(await opened.database.write((tx) => tx.zoneRests.purge(later(100), 10)), 1);
      assert.deepEqual(
        (await read().zoneRests.list(a, zones)).map(({ zone }) => zone),
        ['two.example'],
      );
    });
  });
}
