/** What the bodies of single operations may hold beyond the limit of all others. */

/** A full order of 250 names is 40 KiB in its longest encoding, and as much again with a CSR that names them. */
export const roomForNames = { bodyLimitBytes: 128 << 10 } as const;

/** The document lets pictures of documents come along as parts of a form (`verificationPic`); they are not looked at. */
export const roomForDocuments = { ...roomForNames, multipartLimitBytes: 1 << 20 } as const;
