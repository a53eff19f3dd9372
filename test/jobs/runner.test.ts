import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { openDatabase } from '../../src/db/open.ts';
import { refuse } from '../../src/domain/errors.ts';
import { type Job, type JobKind, retryPolicies } from '../../src/domain/job.ts';
import type { JobHandler, JobHandlers, JobQueue } from '../../src/domain/ports/jobs.ts';
import type { Database, NodeSignal, NodeSignals } from '../../src/domain/ports/stores/index.ts';
import { createJobRunner } from '../../src/jobs/runner.ts';
import { closedImage, openCopyOf, openTempDatabase, type TempDatabase } from '../support/database.ts';
import { createFakeClock, createFakeLog, createFakeRandomness, settle, until } from '../support/system.ts';

let clock: ReturnType<typeof createFakeClock>;
let log: ReturnType<typeof createFakeLog>;
let opened: TempDatabase;
const queues: JobQueue[] = [];

beforeEach(async () => {
  clock = createFakeClock();
  log = createFakeLog();
  opened = await openTempDatabase({ clock });
});
afterEach(async () => {
  for (const queue of queues.splice(0)) await queue.stop(0).catch(() => {});
  await opened.remove();
});

function newQueue(options: { concurrency?: number } = {}): JobQueue {
  const queue = createJobRunner({ database: opened.database, clock, random: createFakeRandomness(5), log, ...options });
  queues.push(queue);
  return queue;
}

/** Handlers that refuse every kind but the given ones. */
function only(handlers: Partial<JobHandlers>): JobHandlers {
  const refuse: JobHandler = async (job) => {
    throw new Error(`unexpected job ${job.kind} ${job.subject}`);
  };
  return {
    validate: refuse,
    checkOnRequest: refuse,
    checkCaa: refuse,
    issue: refuse,
    reissue: refuse,
    renew: refuse,
    sendMail: refuse,
    sendInvitation: refuse,
    revokeUpstream: refuse,
    publishCrl: refuse,
    watchAuthorities: refuse,
    watchBalance: refuse,
    compareUpstream: refuse,
    endOrders: refuse,
    expireAuthorizations: refuse,
    purge: refuse,
    wakeResting: refuse,
    bringForward: refuse,
    endAcmeAccount: refuse,
    reseal: refuse,
    countEvents: refuse,
    deliver: refuse,
    announceEndings: refuse,
    sendReminder: refuse,
    queueUserMails: refuse,
    sendUserMail: refuse,
    ...handlers,
  };
}

const enqueue = (subject: string, inSeconds = 0, kind: 'issue' | 'validate' | 'publishCrl' = 'issue') =>
  opened.database.write((tx) =>
    tx.jobs.enqueue({ kind, subject, owner: 'platform', runAt: new Date(clock.now().getTime() + inSeconds * 1000) }),
  );
const claimed = (subject: string) =>
  opened.database.write((tx) => tx.jobs.enqueueClaimed({ kind: 'issue', subject, now: clock.now() }));
const get = (subject: string, kind: JobKind = 'issue') => opened.database.read.jobs.get(kind, subject);
const errors = () => log.lines.filter((line) => line.level === 'error').map((line) => line.message);

describe('the job runner', () => {
  it('runs what is due, in order of time, and removes it', async () => {
    const ran: string[] = [];
    await enqueue('b', -1);
    await enqueue('a', -2);
    await enqueue('later', 100);
    const queue = newQueue({ concurrency: 1 });
    await queue.start(
      only({
        issue: async (job) => {
          ran.push(job.subject);
          return { kind: 'done' };
        },
      }),
    );
    await queue.idle();
    assert.deepEqual(ran, ['a', 'b']);
    assert.deepEqual(await opened.database.read.jobs.count(), { waiting: 1, running: 0, failed: 0 });
  });

  it('sleeps until the next job is due', async () => {
    let ran = 0;
    await enqueue('x', 45);
    const queue = newQueue();
    await queue.start(
      only({
        issue: async () => {
          ran++;
          return { kind: 'done' };
        },
      }),
    );
    await queue.idle();
    await clock.advance(44_999);
    assert.equal(ran, 0);
    await clock.advance(1);
    await queue.idle();
    assert.equal(ran, 1);
  });

  it('runs a new job at once when it is woken', async () => {
    const ran: string[] = [];
    const queue = newQueue();
    await queue.start(
      only({
        issue: async (job) => {
          ran.push(job.subject);
          return { kind: 'done' };
        },
      }),
    );
    await queue.idle();
    await enqueue('new');
    queue.wake();
    await until(() => ran.length === 1, 'the job has run');
    await queue.idle();
    assert.equal(await get('new'), undefined);
  });

  it('asks the database nothing for work that is due later, and runs it in time', async () => {
    const { database } = opened;
    let looks = 0;
    const nextRunAt: typeof database.read.jobs.nextRunAt = (...asked) => {
      looks++;
      return database.read.jobs.nextRunAt(...asked);
    };
    const counted = { ...database, read: { ...database.read, jobs: { ...database.read.jobs, nextRunAt } } };
    let ran = 0;
    const queue = createJobRunner({ database: counted, clock, random: createFakeRandomness(5), log });
    queues.push(queue);
    await queue.start(
      only({
        issue: async () => {
          ran++;
          return { kind: 'done' };
        },
      }),
    );
    await queue.idle();
    const before = looks;
    for (const [subject, inSeconds] of [
      ['soon', 45],
      ['in an hour', 3600],
    ] as const) {
      await enqueue(subject, inSeconds);
      queue.wake(new Date(clock.now().getTime() + inSeconds * 1000));
    }
    await clock.advance(44_999);
    assert.equal(looks, before);
    await clock.advance(1);
    await until(() => ran === 1, 'what was due soon has run');
    assert.ok(looks > before);
    // What others may have queued is looked for every minute, and with it what is due a long time from now.
    await clock.advance(3_600_000);
    await until(() => ran === 2, 'what was due in an hour has run');
  });

  it('tries a failed job again after its backoff, and forgets the failures once it succeeds', async () => {
    const attempts: number[] = [];
    await enqueue('x');
    const queue = newQueue();
    await queue.start(
      only({
        issue: async (job) => {
          attempts.push(job.attempts);
          if (attempts.length <= 2) throw new Error(`no luck ${attempts.length}`);
          return { kind: 'again', at: new Date(clock.now().getTime() + 30_000) };
        },
      }),
    );
    await queue.idle();
    assert.equal((await get('x'))?.lastError, 'no luck 1');
    await clock.advance(999);
    assert.deepEqual(attempts, [0]);
    await clock.advance(1);
    await queue.idle();
    assert.deepEqual(attempts, [0, 1]);
    await clock.advance(2000);
    await queue.idle();
    assert.deepEqual(attempts, [0, 1, 2]);
    const job = await get('x');
    assert.deepEqual([job?.state, job?.attempts, job?.lastError], ['waiting', 0, null]);
    await clock.advance(30_000);
    await queue.idle();
    assert.deepEqual(attempts, [0, 1, 2, 0]);
  });

  it('gives up visibly: the job is kept as failed, an event and an error line say so', async () => {
    const { maxAttempts } = retryPolicies.validate;
    let ran = 0;
    await enqueue('x', 0, 'validate');
    const queue = newQueue();
    await queue.start(
      only({
        validate: async () => {
          ran++;
          throw new Error('broken for good');
        },
      }),
    );
    for (let i = 0; i < maxAttempts; i++) {
      await queue.idle();
      await clock.advance(300_000);
    }
    await queue.idle();
    assert.equal(ran, maxAttempts);
    const [failed] = await opened.database.read.jobs.listFailed({ limit: 5 });
    assert.deepEqual([failed?.subject, failed?.attempts, failed?.lastError], ['x', maxAttempts, 'broken for good']);
    const [event] = await opened.database.read.events.list({ accountId: null, limit: 5 });
    assert.equal(event?.kind, 'job.failed');
    assert.deepEqual(event?.data, { kind: 'validate', attempts: maxAttempts, error: 'broken for good' });
    assert.deepEqual(errors(), ['job given up']);
  });

  it('aborts a handler at its timeout and counts that as a failure', async () => {
    await enqueue('slow');
    const queue = newQueue();
    await queue.start(
      only({
        issue: (_, signal) =>
          new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
      }),
    );
    await settle();
    await clock.advance(retryPolicies.issue.timeoutMs);
    await queue.idle();
    assert.equal((await get('slow'))?.lastError, 'timed out after 60000 ms');
    assert.equal((await get('slow'))?.attempts, 1);
  });

  it('is not wedged by handlers that ignore their abort signal', async () => {
    const ran: string[] = [];
    await enqueue('deaf-1', -2);
    await enqueue('deaf-2', -1);
    await enqueue('good');
    const queue = newQueue({ concurrency: 2 });
    await queue.start(
      only({
        issue: async (job) => {
          ran.push(job.subject);
          if (job.subject.startsWith('deaf')) await new Promise(() => {});
          return { kind: 'done' };
        },
      }),
    );
    await settle();
    assert.deepEqual(ran, ['deaf-1', 'deaf-2']);
    await clock.advance(retryPolicies.issue.timeoutMs + 5000);
    await until(() => ran.includes('good'), 'the job behind the deaf ones has run');
    assert.equal(errors().filter((line) => line.includes('ignores its abort signal')).length, 2);
    assert.match(String((await get('deaf-1'))?.lastError), /timed out/);
  });

  it('runs no more at once than allowed, and the longest waiting first', async () => {
    let running = 0;
    let most = 0;
    const order: string[] = [];
    const subjects = Array.from({ length: 40 }, (_, i) => `j${String(i).padStart(2, '0')}`);
    for (const [i, subject] of subjects.entries()) await enqueue(subject, i - 100);
    const queue = newQueue({ concurrency: 4 });
    await queue.start(
      only({
        issue: async (job) => {
          order.push(job.subject);
          most = Math.max(most, ++running);
          await settle(1);
          running--;
          return { kind: 'done' };
        },
      }),
    );
    await queue.idle();
    assert.equal(most, 4);
    assert.deepEqual(order, subjects);
  });

  it('coalesces what is enqueued while the job runs into one more run', async () => {
    let ran = 0;
    const queue = newQueue();
    await enqueue('x');
    await queue.start(
      only({
        issue: async (job) => {
          if (++ran === 1) {
            for (let i = 0; i < 3; i++) await enqueue(job.subject);
            queue.wake();
          }
          return { kind: 'done' };
        },
      }),
    );
    await queue.idle();
    assert.equal(ran, 2);
    assert.equal(await get('x'), undefined);
  });

  it('writes nothing for a job that its handler finished itself, and runs it again if it was asked for meanwhile', async () => {
    let ran = 0;
    const queue = newQueue();
    await enqueue('x');
    await queue.start(
      only({
        issue: async (job) => {
          // Asked for again by a use case that could not take it, and so neither adopts nor wakes.
          if (++ran === 1) assert.equal(await claimed(job.subject), undefined);
          await opened.database.write((tx) => tx.jobs.finish(job.kind, job.subject));
          return { kind: 'finished' };
        },
      }),
    );
    await queue.idle();
    await until(() => ran === 2, 'it has run again');
    await queue.idle();
    assert.equal(await get('x'), undefined);
  });

  it('resumes after a crash what was running, claimed or adopted', async () => {
    await enqueue('claimed');
    const now = clock.now();
    await opened.database.write((tx) => tx.jobs.claimDue('local', now, 600_000, 5));
    await claimed('adopted');
    // Nothing has run them: the process that took them is gone.
    const ran: string[] = [];
    const queue = newQueue();
    await queue.start(
      only({
        issue: async (job) => {
          ran.push(job.subject);
          return { kind: 'done' };
        },
      }),
    );
    await queue.idle();
    assert.deepEqual(ran.toSorted(), ['adopted', 'claimed']);
  });

  it('frees a job that was queued as taken and never adopted, once its lease is over', async () => {
    const ran: string[] = [];
    const queue = newQueue();
    await queue.start(
      only({
        issue: async (job) => {
          ran.push(job.subject);
          return { kind: 'done' };
        },
      }),
    );
    await claimed('forgotten');
    await clock.advance(590_000);
    assert.deepEqual(ran, []);
    await clock.advance(70_000);
    await until(() => ran.length === 1, 'the forgotten job has run');
  });

  it('survives a database that fails for a while', async () => {
    const { database } = opened;
    let isBroken = true;
    const flaky = {
      ...database,
      write: (work: Parameters<typeof database.write>[0]) =>
        isBroken ? Promise.reject(new Error('disk full')) : database.write(work),
    } as typeof database;
    await enqueue('x');
    const ran: string[] = [];
    isBroken = false;
    const queue = createJobRunner({ database: flaky, clock, random: createFakeRandomness(5), log });
    queues.push(queue);
    await queue.start(
      only({
        issue: async (job) => {
          ran.push(job.subject);
          return { kind: 'done' };
        },
      }),
    );
    await queue.idle();
    isBroken = true;
    await enqueue('y');
    queue.wake();
    await until(() => errors().includes('jobs could not be claimed'), 'the failure is logged');
    isBroken = false;
    await clock.advance(1000);
    await until(() => ran.includes('y'), 'it has run');
  });
});

describe('on a full disk', () => {
  /** Refuses what may not use the reserve, as the database does when little is left. */
  function fullDatabase() {
    const { database } = opened;
    const disk = { isFull: false };
    const full: Database = {
      ...database,
      get isFull() {
        return disk.isFull;
      },
      write: (work, options) =>
        disk.isFull && options?.mayUseReserve !== true
          ? Promise.reject(refuse('diskFull', {}))
          : database.write(work, options),
    };
    const queue = createJobRunner({ database: full, clock, random: createFakeRandomness(5), log, concurrency: 1 });
    queues.push(queue);
    return { disk, queue };
  }

  it('revocation lists are published and nothing else is begun; with space the rest follows', async () => {
    const { disk, queue } = fullDatabase();
    const ran: string[] = [];
    const note = async (job: Job) => {
      ran.push(job.kind);
      return { kind: 'done' } as const;
    };
    await queue.start(only({ issue: note, publishCrl: note }));
    disk.isFull = true;
    await enqueue('x');
    await enqueue('ca_1', 0, 'publishCrl');
    queue.wake();
    await until(async () => (await get('ca_1', 'publishCrl')) === undefined, 'the list is published');
    await clock.advance(5000);
    assert.deepEqual(ran, ['publishCrl']);
    assert.equal((await get('x'))?.attempts, 0, 'what waits has not failed');
    disk.isFull = false;
    await clock.advance(1000);
    await until(async () => (await get('x')) === undefined, 'the rest has run');
    assert.deepEqual(ran, ['publishCrl', 'issue']);
  });

  it('the end of a job waits for space, and holds up no revocation list meanwhile', async () => {
    const { disk, queue } = fullDatabase();
    const ran: string[] = [];
    await queue.start(
      only({
        issue: async () => {
          ran.push('issue');
          disk.isFull = true;
          return { kind: 'done' };
        },
        publishCrl: async () => {
          ran.push('publishCrl');
          return { kind: 'done' };
        },
      }),
    );
    await enqueue('x');
    queue.wake();
    const waits = 'the end of a job could not be written: tried again until there is space';
    await until(() => errors().includes(waits), 'the end waits');
    await enqueue('ca_1', 0, 'publishCrl');
    queue.wake();
    await until(() => ran.includes('publishCrl'), 'the list is published');
    await clock.advance(3000);
    assert.equal((await get('x'))?.state, 'running');
    assert.equal(errors().filter((message) => message === waits).length, 1, 'it is said once');
    disk.isFull = false;
    await clock.advance(1000);
    await until(async () => (await get('x')) === undefined, 'the end is written');
    assert.deepEqual(ran, ['issue', 'publishCrl'], 'nothing ran twice');
  });

  it('a runner whose jobs wait for space stops all the same', async () => {
    const { disk, queue } = fullDatabase();
    await queue.start(
      only({
        issue: async () => {
          disk.isFull = true;
          return { kind: 'done' };
        },
      }),
    );
    await enqueue('x');
    queue.wake();
    await until(() => errors().length > 0, 'the end waits');
    await queue.stop(0);
    assert.equal((await get('x'))?.state, 'running', 'the next start frees it');
  });
});

describe('adopted jobs', () => {
  const adopt = async (queue: JobQueue, subject: string): Promise<Job> => {
    const job = await claimed(subject);
    assert.ok(job);
    queue.adopt(job);
    return job;
  };

  it('run without a claim, and those who wait for them learn when they have ended', async () => {
    const gate = Promise.withResolvers<void>();
    const queue = newQueue();
    await queue.start(
      only({
        issue: async () => {
          await gate.promise;
          return { kind: 'done' };
        },
      }),
    );
    await adopt(queue, 'x');
    let hasSettled = false;
    const settled = queue.settled('issue', 'x', 60_000)?.then(() => {
      hasSettled = true;
    });
    assert.equal(queue.settled('validate', 'x', 60_000), undefined);
    assert.equal(queue.settled('issue', 'y', 60_000), undefined);
    await settle();
    assert.equal(hasSettled, false);
    gate.resolve();
    await settled;
    assert.equal(await get('x'), undefined);
    await queue.settled('issue', 'x', 60_000);
  });

  it('settle when they fail too, and are tried again like any other', async () => {
    let ran = 0;
    const queue = newQueue();
    await queue.start(
      only({
        issue: async () => {
          if (++ran === 1) throw new Error('first');
          return { kind: 'done' };
        },
      }),
    );
    await adopt(queue, 'x');
    await queue.settled('issue', 'x', 60_000);
    assert.equal((await get('x'))?.attempts, 1);
    await clock.advance(1000);
    await queue.idle();
    assert.equal(ran, 2);
  });

  it('stand in one line with the claimed ones and do not starve them', async () => {
    const queue = newQueue({ concurrency: 2 });
    let adopted = 0;
    const ran: string[] = [];
    await queue.start(
      only({
        issue: async (job) => {
          ran.push(job.subject);
          await settle(1);
          // Each adopted job brings the next one: there is always one in line.
          if (job.subject.startsWith('adopted') && adopted < 60) await adopt(queue, `adopted-${++adopted}`);
          return { kind: 'done' };
        },
      }),
    );
    for (let i = 0; i < 4; i++) await adopt(queue, `adopted-${++adopted}`);
    for (let i = 0; i < 6; i++) await enqueue(`waiting-${i}`);
    queue.wake();
    await queue.idle();
    assert.equal(ran.length, 66);
    const last = ran.findLastIndex((subject) => subject.startsWith('waiting'));
    assert.ok(last < 50, `the last waiting job ran as number ${last}`);
  });

  it('wait for the start when they come before it, and run once', async () => {
    const ran: string[] = [];
    const queue = newQueue();
    await adopt(queue, 'early');
    await settle();
    await queue.start(
      only({
        issue: async (job) => {
          ran.push(job.subject);
          return { kind: 'done' };
        },
      }),
    );
    await queue.idle();
    assert.deepEqual(ran, ['early']);
    assert.equal(await get('early'), undefined);
  });
});

describe('stopping the job runner', () => {
  it('waits for the running jobs and begins no others', async () => {
    const gate = Promise.withResolvers<void>();
    const ran: string[] = [];
    await enqueue('a', -2);
    await enqueue('b', -1);
    const queue = newQueue({ concurrency: 1 });
    await queue.start(
      only({
        issue: async (job) => {
          ran.push(job.subject);
          await gate.promise;
          return { kind: 'done' };
        },
      }),
    );
    await until(() => ran.length === 1, 'the first job runs');
    let hasStopped = false;
    const stopped = queue.stop(10_000).then(() => {
      hasStopped = true;
    });
    await settle();
    assert.equal(hasStopped, false);
    gate.resolve();
    await stopped;
    assert.deepEqual(ran, ['a']);
    assert.equal(await get('a'), undefined);
    assert.equal((await get('b'))?.lastError, null);
    await clock.advance(5000); // the database's own watch over its transactions ends by itself
    assert.equal(clock.sleeping, 0);
  });

  it('aborts what still runs at the end of the grace; the next start resumes it without a failed attempt', async () => {
    let wasAborted = false;
    await enqueue('a');
    const queue = newQueue();
    await queue.start(
      only({
        issue: (_, signal) =>
          new Promise((_resolve, reject) =>
            signal.addEventListener('abort', () => {
              wasAborted = true;
              reject(signal.reason);
            }),
          ),
      }),
    );
    await settle();
    const stopped = queue.stop(3000);
    await clock.advance(2999);
    assert.equal(wasAborted, false);
    await clock.advance(1);
    await stopped;
    assert.equal(wasAborted, true);
    const next = newQueue();
    const seen: Job[] = [];
    await next.start(
      only({
        issue: async (job) => {
          seen.push(job);
          return { kind: 'done' };
        },
      }),
    );
    await next.idle();
    assert.deepEqual(
      seen.map((job) => [job.subject, job.attempts]),
      [['a', 0]],
    );
  });

  it('does not wait for ever for a handler that ignores its signal', async () => {
    await enqueue('deaf');
    const queue = newQueue();
    await queue.start(only({ issue: () => new Promise(() => {}) }));
    await settle();
    const stopped = queue.stop(3000);
    await clock.advance(4000);
    await stopped;
    assert.ok(log.lines.some((line) => line.message === 'job handlers were still running at the stop'));
  });
});

describe('a start where several nodes share the database', () => {
  /** A handler that never ends: its node dies with the job under way. */
  const endless: JobHandler = (_, signal) =>
    new Promise((_, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason));
    });

  /** The file as another process finds it, whose node is called so. */
  async function openAs(node: string, isExclusive = false, runsJobs = true): Promise<void> {
    opened = await openCopyOf(await closedImage(opened), { clock, tenancy: { node, isExclusive, runsJobs } });
  }

  /** Node `a` has two jobs under way, one claimed and one adopted, and dies. */
  async function dieWithJobs(): Promise<void> {
    await openAs('a');
    await enqueue('claimed');
    const queue = newQueue();
    await queue.start(only({ issue: endless }));
    await until(async () => (await get('claimed'))?.state === 'running', 'the job runs');
    queue.adopt((await claimed('adopted')) ?? assert.fail());
    assert.deepEqual([(await get('claimed'))?.state, (await get('adopted'))?.state], ['running', 'running']);
    const stopping = queue.stop(0);
    await clock.advance(0);
    await stopping;
  }

  async function startAs(node: string, isExclusive?: boolean) {
    await openAs(node, isExclusive);
    const ran: string[] = [];
    const takenUp: string[] = [];
    const queue = newQueue();
    const handlers = only({
      issue: async ({ subject }) => {
        ran.push(subject);
        return { kind: 'done' };
      },
    });
    await queue.start(handlers, {
      takeUp: async (_, which) => {
        takenUp.push(which);
        return 0;
      },
    });
    await queue.idle();
    return { queue, ran, takenUp };
  }

  it('frees what its own former run left', async () => {
    await dieWithJobs();
    const { ran, takenUp } = await startAs('a');
    assert.deepEqual(ran.toSorted(), ['adopted', 'claimed']);
    assert.deepEqual(takenUp, ['overdue'], 'issuances have no node: they wait until they are overdue');
  });

  it('leaves what another node has until that lease is over', async () => {
    await dieWithJobs();
    const { ran, queue } = await startAs('b');
    assert.deepEqual(ran, []);
    assert.deepEqual([(await get('claimed'))?.state, (await get('adopted'))?.state], ['running', 'running']);
    await clock.advance(45_000);
    await queue.idle();
    assert.deepEqual(ran, []);
    await clock.advance(30_000);
    await until(() => ran.length === 2, 'both were taken over');
    assert.deepEqual(ran.toSorted(), ['adopted', 'claimed']);
  });

  it('frees at once what is over already, whoever had it', async () => {
    await dieWithJobs();
    await clock.advance(60_000);
    assert.deepEqual((await startAs('b')).ran.toSorted(), ['adopted', 'claimed']);
  });

  it('frees everything where the database proves that nobody else has it', async () => {
    await dieWithJobs();
    const { ran, takenUp } = await startAs('b', true);
    assert.deepEqual(ran.toSorted(), ['adopted', 'claimed']);
    assert.deepEqual(takenUp, ['all']);
  });

  it('keeps what it runs for as long as it runs, however long its lease is', async () => {
    await openAs('a');
    await enqueue('long');
    const queue = newQueue();
    let runs = 0;
    const handler: JobHandler = (...args) => {
      runs++;
      return endless(...args);
    };
    await queue.start(only({ issue: handler }));
    await until(() => runs === 1, 'it runs');
    // Shorter than the time that a handler has, and as long as two renewals take.
    for (let seconds = 0; seconds < 45; seconds += 15) await clock.advance(15_000);
    assert.equal(await opened.database.write((tx) => tx.jobs.recover(9)), 0);
    assert.equal(runs, 1);
    const stopping = queue.stop(0);
    await clock.advance(0);
    await stopping;
  });

  it('gives up a run whose lease another node took while this one stood still, and writes nothing about it', async () => {
    await openAs('a');
    await enqueue('frozen');
    const queue = newQueue();
    const reasons: string[] = [];
    const handler: JobHandler = (_, signal) =>
      new Promise((resolve) => {
        signal.addEventListener('abort', () => {
          reasons.push(String(signal.reason));
          resolve({ kind: 'done' });
        });
      });
    await queue.start(only({ issue: handler }));
    await until(async () => (await get('frozen'))?.state === 'running', 'it runs');
    const other = new DatabaseSync(opened.path);
    other.exec("UPDATE jobs SET leased_by = 'b'");
    await clock.advance(15_000);
    await until(() => reasons.length === 1, 'the run is given up');
    assert.deepEqual(reasons, ['Error: the lease of the job is lost']);
    await queue.idle();
    const row = other.prepare("SELECT state, leased_by FROM jobs WHERE subject = 'frozen'").get();
    other.close();
    assert.deepEqual({ ...row }, { state: 'running', leased_by: 'b' });
    assert.ok(log.lines.some(({ message }) => message === 'the lease of a job is lost: another node may run it'));
  });

  describe('and this one only answers requests', () => {
    async function startApi() {
      await openAs('api', false, false);
      const sent: NodeSignal[] = [];
      let receive: (signal: NodeSignal) => void = () => {};
      const signals: NodeSignals = {
        send: (signal) => sent.push(signal),
        receive: (receiver) => {
          receive = receiver;
        },
      };
      const database = { ...opened.database, signals };
      const queue = createJobRunner({ database, clock, random: createFakeRandomness(5), log, runsJobs: false });
      queues.push(queue);
      await queue.start(only({}));
      return { queue, sent, hear: (signal: NodeSignal) => receive(signal) };
    }

    it('queues jobs for others, with word of them, and takes none, not even at its start', async () => {
      await enqueue('before');
      const { queue, sent } = await startApi();
      assert.equal(await claimed('taken'), undefined, 'it is only queued');
      queue.wake();
      await clock.advance(120_000);
      assert.deepEqual([(await get('before'))?.state, (await get('taken'))?.state], ['waiting', 'waiting']);
      assert.deepEqual(sent, [{ kind: 'queued' }]);
    });

    it('runs what has no row of the queue, and leaves it to others where that fails', async () => {
      const { queue } = await startApi();
      let runs = 0;
      const fail = async () => {
        runs++;
        throw refuse('internal', {});
      };
      queue.perform({ kind: 'issue', subject: 'signed here', run: fail });
      await until(async () => (await get('signed here')) !== undefined, 'it is queued');
      await clock.advance(120_000);
      assert.equal(runs, 1);
      assert.equal((await get('signed here'))?.state, 'waiting');
    });

    it('hears that a run has ended elsewhere, also a moment before it asks', async () => {
      const { queue, hear } = await startApi();
      let isOver = false;
      const waiting = queue.endedElsewhere('issue', 'x', 60_000).then(() => {
        isOver = true;
      });
      await settle();
      hear({ kind: 'ended', jobs: ['issue y', 'validate x'] });
      await settle();
      assert.equal(isOver, false);
      hear({ kind: 'ended', jobs: ['issue x'] });
      await waiting;
      await queue.endedElsewhere('issue', 'y', 60_000);
      let isHeardAgain = false;
      void queue.endedElsewhere('issue', 'y', 60_000).then(() => {
        isHeardAgain = true;
      });
      await settle();
      assert.equal(isHeardAgain, false, 'a word counts once');
    });
  });

  it('has that proof on the embedded engine: a second opening of the file is refused', async () => {
    const { database, path } = opened;
    assert.equal(database.isExclusive, true);
    await assert.rejects(
      openDatabase({ path, clock, random: createFakeRandomness(), log }),
      /another certmux is running/,
    );
  });
});
