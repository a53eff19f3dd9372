/** What a new installation needs before customers can use it, in the order in which an operator does it. */

export const setupSteps = ['address', 'masterKey', 'root', 'mail', 'account', 'user', 'key', 'order'] as const;
export type SetupStep = (typeof setupSteps)[number];

/**
 * Steps of which only a person knows whether they are done: the server sees neither the copy of its key nor the browsers of its customers.
 * What they said holds for what they looked at: another address or another key has to be looked at again.
 */
export const confirmedSteps = ['address', 'masterKey', 'root', 'mail'] as const satisfies readonly SetupStep[];
export type ConfirmedStep = (typeof confirmedSteps)[number];

export interface SetupState {
  readonly step: SetupStep;
  readonly isDone: boolean;
  /** Null where it is not done, and where nobody had to say so. */
  readonly doneAt: Date | null;
  /** What is to be looked at: the address, the id of the key, the mail server; null: nothing of that kind. */
  readonly value: string | null;
}

/** What somebody said of a step. */
export interface SetupConfirmation {
  readonly value: string;
  readonly at: Date;
}

/** What became of a mail that was sent to try the mail server. */
export interface MailTest {
  readonly address: string;
  readonly server: string;
  readonly isTaken: boolean;
  /** What the server answered, or what went wrong. */
  readonly answer: string;
}

export function isConfirmed(value: string | null, confirmation: SetupConfirmation | undefined): boolean {
  return confirmation !== undefined && confirmation.value === (value ?? '');
}
