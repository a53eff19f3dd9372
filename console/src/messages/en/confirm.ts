/** Dialogs before an act. */
export const confirm = {
  back: 'Back',
  type: (text: string) => `This cannot be undone. Type ${text} to go on.`,
  password: 'Your password',
  passwordText: 'Needed again for this; it then serves for ten minutes.',
} as const;
