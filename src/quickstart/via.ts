/** Ways out besides certmux's own CA. */
export const vias = ['acme'] as const;

export type Via = (typeof vias)[number];
