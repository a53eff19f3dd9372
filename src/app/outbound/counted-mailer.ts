/** The mailer, whose mails are counted whatever they are about. */
import type { Meter } from '../../domain/ports/meter.ts';
import type { Mailer } from '../../domain/ports/system.ts';

export function countedMailer(mailer: Mailer, meter: Pick<Meter, 'mailed'>): Mailer {
  return {
    async send(mail, signal) {
      const outcome = await mailer.send(mail, signal);
      // A server that stops cuts its mails off, which says nothing of the mail server.
      if (outcome.ok || !signal.aborted) meter.mailed(mail.to, outcome);
      return outcome;
    },
  };
}
