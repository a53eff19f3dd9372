/** The dialect's name in configuration, orders and credentials. */
export const dialectName = 'acme';
