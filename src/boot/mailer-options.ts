/** The mail server of the configuration, with the files it names. */
import type { ConfigFile } from '../config/schema.ts';
import { type MailerOptions, readFileIfPresent } from '../system/index.ts';

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

async function passwordOf({ password, passwordFile }: NonNullable<ConfigFile['mail']>): Promise<string | undefined> {
  if (passwordFile === undefined) return password;
  const text = (await readText('mail.passwordFile', passwordFile)).replace(/\r?\n$/, '');
  if (text === '') throw new Error(`mail.passwordFile ${passwordFile} is empty`);
  return text;
}

async function readText(setting: string, path: string): Promise<string> {
  const bytes = await readFileIfPresent(path);
  if (bytes === undefined) throw new Error(`${setting} ${path} does not exist`);
  return Buffer.from(bytes).toString('utf8');
}
