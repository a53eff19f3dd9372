/** A natural person, as forms ask for one. Empty text where it was not said. */
export interface Person {
  readonly firstName: string;
  readonly lastName: string;
  readonly jobTitle: string;
  readonly phone: string;
  readonly email: string;
}

export const nobody: Person = { firstName: '', lastName: '', jobTitle: '', phone: '', email: '' };
