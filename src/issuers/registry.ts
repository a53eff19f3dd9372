/** The kinds of issuer that configuration may name. */
export const issuerKinds = ['embedded'] as const;

export type IssuerKind = (typeof issuerKinds)[number];
