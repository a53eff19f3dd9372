/** Keys that are certified no more. */
export const blockedKeys = {
  title: 'Blocked keys',
  count: (count: string) => (count === '1' ? '1 key' : `${count} keys`),
  columns: { key: 'Fingerprint (SHA-256)', source: 'Why', where: 'Where', note: 'Note', at: 'Since' },
  sources: {
    revocation: 'A certificate of it was revoked as compromised',
    proof: 'The key itself has signed that it is compromised',
    decision: 'Somebody decided it',
    list: 'From a list that was imported',
  },
  everywhere: 'Everywhere',
  inAccount: 'In one account',
  empty: 'No key is blocked',
  emptyText: 'A blocked key is not certified any more. Keys that were compromised are blocked by themselves.',
  block: 'Block a key',
  blockText: 'Nothing is issued for it from now on. Certificates that it has stay valid until somebody revokes them.',
  keyLabel: 'Key',
  keyText: 'Its fingerprint (SHA-256), or a public key, CSR or certificate as PEM. Never a private key.',
  noteText: 'For those who meet the block later.',
  unblock: 'Lift',
  unblockTitle: 'Certify this key again?',
  unblockText: 'The block of a compromised key only an operator can lift.',
} as const;
