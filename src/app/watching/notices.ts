/** Notifies the operator of alarms: by mail and to a server of theirs. By itself, since the job runner may be what has failed. */
import { adviceOf, renderAlarm, runbookOf } from '../../domain/alarm.ts';
import { newId } from '../../domain/ids.ts';
import { alarmMail } from '../../domain/messages/mails/alarm.ts';
import type { OperatorWebhook } from '../../domain/ports/system.ts';
import type { AppContext } from '../context.ts';
import { admitMail, stopUrl } from '../outbound/mailboxes.ts';
import type { Notice } from './kept-alarms.ts';

export interface NoticeOptions {
  /** Mailboxes. Without a mail server nothing is sent to them. */
  readonly mail: readonly string[];
  readonly webhook: OperatorWebhook | null;
}

export interface Notices {
  /** Names of those to be notified. */
  readonly receivers: readonly string[];
  /** Reports whether it arrived, or can never. Never throws. */
  send(notice: Notice, signal: AbortSignal): Promise<boolean>;
}

const webhookReceiver = 'webhook';
const timeoutMs = 60_000;

export function createNotices(context: AppContext, { mail, webhook }: NoticeOptions): Notices {
  const { mailer, log, clock, publicUrl } = context;

  function factsOf({ id, state, alarm }: Notice) {
    const [, node = null] = id.split('@');
    const { key } = alarm.finding;
    return {
      state,
      alarm: key,
      en: renderAlarm(alarm.finding, 'en'),
      zh: renderAlarm(alarm.finding, 'zh'),
      advice: { en: adviceOf(key, 'en'), zh: adviceOf(key, 'zh') },
      since: new Date(alarm.sinceMs),
      node,
      runbook: runbookOf(key),
      publicUrl,
    };
  }

  async function sendMail(address: string, notice: Notice, signal: AbortSignal): Promise<boolean> {
    if (mailer === null) return true;
    const id = newId('delivery', context);
    // Whoever reads the mailbox may have stopped our mail. Where the database is away, which may be the alarm, nobody can say.
    const admission = await context.database
      .write((tx) => admitMail(context, tx, { id, address }))
      .catch(() => ({ kind: 'counted' }) as const);
    if (admission.kind !== 'counted') return admission.kind === 'stopped';
    const stop = stopUrl(context, address);
    const outcome = await mailer.send(
      { id, to: address, stopUrl: stop, ...alarmMail({ ...factsOf(notice), stopUrl: stop }) },
      signal,
    );
    if (!outcome.ok)
      log.warn({ address, server: outcome.server, detail: outcome.detail }, 'the mail about an alarm was not sent');
    return outcome.ok;
  }

  async function post(to: OperatorWebhook, notice: Notice, signal: AbortSignal): Promise<boolean> {
    const { en, zh, advice, since, publicUrl: server, ...facts } = factsOf(notice);
    const body = JSON.stringify({
      // What chat servers show of a message.
      text: facts.state === 'over' ? `[certmux] over: ${en}` : `[certmux] ${en}; ${advice.en}`,
      ...facts,
      since: since.toISOString(),
      message: { en, zh },
      ...(facts.state === 'over' ? {} : { advice }),
      server,
    });
    const outcome = await to.post(body, signal);
    if (!outcome.ok) log.warn({ url: to.url, detail: outcome.detail }, 'the webhook about an alarm was not taken');
    return outcome.ok;
  }

  return {
    receivers: [...mail, ...(webhook === null ? [] : [webhookReceiver])],
    async send(notice, signal) {
      const limit = new AbortController();
      const done = new AbortController();
      const timer = clock.sleep(timeoutMs, done.signal).then(
        () => limit.abort(),
        () => undefined,
      );
      const either = AbortSignal.any([signal, limit.signal]);
      try {
        const { receiver } = notice;
        if (receiver !== webhookReceiver) return await sendMail(receiver, notice, either);
        return webhook === null || (await post(webhook, notice, either));
      } catch (error) {
        log.error({ err: error, receiver: notice.receiver }, 'the notice of an alarm could not be sent');
        return false;
      } finally {
        done.abort();
        await timer;
      }
    },
  };
}
