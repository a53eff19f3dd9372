/** How names of private networks are opened: the same words wherever one is refused. */
export const allowedBy = {
  en: 'for a private network the operator sets validation.dangerAllowAddresses (certmux init --private-network does)',
  zh: '如为内网地址，请管理员设置 validation.dangerAllowAddresses（certmux init --private-network 会自动设置）',
} as const;
