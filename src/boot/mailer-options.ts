/** The mail server of the configuration, and the operator's server for alarms, with the files they name. */
import type { ConfigFile } from '../config/schema.ts';
import type { OperatorWebhook } from '../domain/ports/system.ts';
import { createOperatorWebhook, type MailerOptions } from '../system/index.ts';
import { readSecret, readText } from './configured-files.ts';

/** Undefined where no mail server is configured. @throws when a file that is named cannot be read */
export async function mailerOptions({ mail }: ConfigFile): Promise<MailerOptions | undefined> {
  if (mail === undefined) return undefined;
  const { host, port, tls, from, timeoutMs, user, caFile } = mail;
  const password = await passwordOf(mail);
  return {
    host,
    port,
    tls,
    from,
    timeoutMs,
    login: user === undefined || password === undefined ? undefined : { user, password },
    ca: caFile === undefined ? undefined : await readText('mail.caFile', caFile),
  };
}

/** Null where no such server is configured. @throws when a file that is named cannot be read */
export async function alarmWebhook({ alarms: { webhook } }: ConfigFile): Promise<OperatorWebhook | null> {
  if (webhook === undefined) return null;
  const { url, tokenFile } = webhook;
  const token = tokenFile === undefined ? undefined : await readSecret('alarms.webhook.tokenFile', tokenFile);
  return createOperatorWebhook({ url, token });
}

async function passwordOf({ password, passwordFile }: NonNullable<ConfigFile['mail']>): Promise<string | undefined> {
  return passwordFile === undefined ? password : readSecret('mail.passwordFile', passwordFile);
}
