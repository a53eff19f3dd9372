/** Port for front doors: what a new installation still needs. */
import type { Caller } from '../caller.ts';
import type { ConfirmedStep, MailTest, SetupState } from '../setup.ts';

export interface Setup {
  /** Every step in its order. For operators. */
  show(caller: Caller): Promise<readonly SetupState[]>;
  /** Notes that an operator has done a step, of which the server itself sees nothing. Safe to repeat. */
  confirm(caller: Caller, step: ConfirmedStep): Promise<readonly SetupState[]>;
  /**
   * Sends one mail now and answers what became of it; one that was taken ticks the step `mail`.
   * @throws {CertError} invalidField; testMailNotSendable without a mail server; validationFailed, rateLimited as every mail is
   */
  testMail(caller: Caller, address: string): Promise<MailTest>;
}
