/** Alarms of all nodes as they are kept: when each begins and ends, and who is notified when. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  changeAlarms,
  type KeptAlarms,
  keptFrom,
  type Notice,
  noteArrived,
  type Seen,
} from '../../../src/app/watching/kept-alarms.ts';
import { type AlarmFinding, finding } from '../../../src/domain/alarm.ts';

const minute = 60_000;
const day = 86_400_000;
const mails = (count: number) => finding('mailsNotSent', { mails: count, minutes: 10, answer: 'x' });
const crl = finding('crlMissing', { authority: 'ca_1' });

/** An installation whose alarms go through the settings, as JSON. */
function open(receivers: readonly string[] = ['ops@example.com', 'webhook']) {
  let kept: KeptAlarms = {};
  const stored = (value: KeptAlarms) => keptFrom(JSON.parse(JSON.stringify(value)));
  return {
    look(nowMs: number, stands: Seen['found'], more: Partial<Seen> = {}) {
      const seen: Seen = { node: 'n1', nowMs, found: stands, unsure: new Set(), receivers, ...more };
      const change = changeAlarms(kept, seen);
      kept = stored(change.kept);
      return {
        raised: change.raised.map((one) => one.finding.key),
        ended: change.ended.map((one) => one.finding.key),
        notices: change.notices.map(({ receiver, state }) => `${state} ${receiver}`),
        change,
      };
    },
    arrive(notices: readonly Notice[], nowMs: number) {
      kept = stored(noteArrived(kept, notices, nowMs));
    },
    get kept() {
      return kept;
    },
  };
}

const found = (...ones: readonly (readonly [string, AlarmFinding])[]): Seen['found'] => new Map(ones);

describe('alarms that are kept', () => {
  it('begin once, notify each receiver once, and say so when they are over', () => {
    const all = open();
    const begun = all.look(0, found(['crlMissing', crl]));
    assert.deepEqual([begun.raised, begun.notices], [['crlMissing'], ['raised ops@example.com', 'raised webhook']]);
    all.arrive(begun.change.notices, 0);
    const next = all.look(minute, found(['crlMissing', crl]));
    assert.deepEqual([next.raised, next.ended, next.notices], [[], [], []]);
    const over = all.look(2 * minute, found());
    assert.deepEqual(over.ended, ['crlMissing']);
    assert.deepEqual(over.notices, [], 'its notices were tried a moment ago');
    const later = all.look(5 * minute, found());
    assert.deepEqual([later.ended, later.notices], [[], ['over ops@example.com', 'over webhook']]);
    all.arrive(later.change.notices, 5 * minute);
    assert.deepEqual(all.kept, {});
  });

  it('try a receiver that was not reached again every five minutes, and leave alone the one that was', () => {
    const all = open();
    const { change } = all.look(0, found(['crlMissing', crl]));
    all.arrive(
      change.notices.filter(({ receiver }) => receiver === 'webhook'),
      0,
    );
    assert.deepEqual(all.look(4 * minute, found(['crlMissing', crl])).notices, []);
    assert.deepEqual(all.look(5 * minute, found(['crlMissing', crl])).notices, ['raised ops@example.com']);
  });

  it('remind each day while they last', () => {
    const all = open(['webhook']);
    all.arrive(all.look(0, found(['crlMissing', crl])).change.notices, 0);
    assert.deepEqual(all.look(day - 1, found(['crlMissing', crl])).notices, []);
    assert.deepEqual(all.look(day, found(['crlMissing', crl])).notices, ['lasting webhook']);
  });

  it('that nobody was notified of end without a word', () => {
    const all = open();
    all.look(0, found(['crlMissing', crl]));
    const over = all.look(10 * minute, found());
    assert.deepEqual([over.ended, over.notices, all.kept], [['crlMissing'], [], {}]);
  });

  it('that come back before their end was sent had never gone, for those who are notified', () => {
    const all = open(['webhook']);
    all.arrive(all.look(0, found(['crlMissing', crl])).change.notices, 0);
    all.look(minute, found());
    const back = all.look(2 * minute, found(['crlMissing', crl]));
    assert.deepEqual([back.raised, back.notices], [['crlMissing'], []]);
    assert.deepEqual(all.look(20 * minute, found(['crlMissing', crl])).notices, []);
  });

  it('do not end by a look that says nothing of them', () => {
    const all = open();
    all.look(0, found(['crlMissing', crl]));
    assert.deepEqual(all.look(minute, found(), { unsure: new Set(['crlMissing']) }).ended, []);
  });

  it('of one node are not ended by another, until that one is silent for a quarter of an hour', () => {
    const all = open();
    all.look(0, found(['mailsNotSent@n1', mails(3)]));
    assert.deepEqual(all.look(14 * minute, found(), { node: 'n2' }).ended, []);
    assert.deepEqual(all.look(16 * minute, found(), { node: 'n2' }).ended, ['mailsNotSent']);
  });

  it('of the installation are seen by every node, and each notice is sent by one of them', () => {
    const all = open(['webhook']);
    const first = all.look(0, found(['crlMissing', crl]), { node: 'n1' });
    const second = all.look(10, found(['crlMissing', crl]), { node: 'n2' });
    assert.deepEqual([first.notices, second.raised, second.notices], [['raised webhook'], [], []]);
  });

  it('show numbers that are at most some minutes old', () => {
    const all = open();
    const shown = () => all.kept['mailsNotSent@n1']?.finding.params;
    all.look(0, found(['mailsNotSent@n1', mails(3)]));
    all.look(minute, found(['mailsNotSent@n1', mails(4)]));
    assert.deepEqual(shown(), mails(3).params);
    all.look(6 * minute, found(['mailsNotSent@n1', mails(9)]));
    assert.deepEqual(shown(), mails(9).params);
  });

  const broken: readonly (readonly [why: string, value: unknown])[] = [
    ['nothing', undefined],
    ['a text', 'x'],
    [
      'an alarm of another version',
      { somethingElse: { finding: { params: {} }, sinceMs: 1, seenAtMs: 1, endedAtMs: null, notices: {} } },
    ],
    ['an alarm without its time', { crlMissing: { finding: { params: {} }, notices: {} } }],
  ];
  for (const [why, value] of broken) it(`read ${why} as none`, () => assert.deepEqual(keptFrom(value), {}));
});
