/** Alarms of the server. */
export const alarms = {
  title: 'Alarms',
  text: 'What does not succeed that should. An alarm ends by itself when success comes back.',
  count: (count: number) => (count === 1 ? '1 alarm' : `${count} alarms`),
  all: 'All alarms',
  none: 'No alarm',
  noneText: 'Signing, checking, mail, jobs and backups do what they should.',
  advice: 'What to do:',
  since: 'Since',
  seen: 'last seen',
  node: (name: string) => `node ${name}`,
  runbook: 'More in the documentation:',
} as const;
