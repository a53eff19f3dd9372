/** The field for a CSR. */
export const csr = {
  label: 'CSR',
  given: 'Paste or file',
  made: 'Make it here',
  text: 'PKCS#10, as PEM or base64. A file can be dropped here, too.',
  file: 'Choose a file',
  tooLong: 'This file is too long for a CSR.',
  unreadable: 'This is no CSR that can be read.',
  names: (count: number) => (count === 1 ? 'Name' : 'Names'),
  key: 'Key',
  madeText:
    'This browser makes a key and its CSR. The key is saved as a file and goes to no server: whoever loses it needs a new certificate.',
  make: 'Make key and CSR',
  makeAgain: 'Make another key',
  namesFirst: 'Enter the names first.',
  saved: (file: string) => `The private key is in the file ${file}, and nowhere else. Keep it.`,
  cannotMake: 'The browser could not make the key. Check the names, or paste a CSR.',
} as const;
