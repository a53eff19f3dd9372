/** The first page. */
export const home = {
  title: 'Home',
  hello: (name: string) => `Hello ${name}`,
  blocks: {
    failing: { title: 'Validation fails', none: 'No validation fails.' },
    open: { title: 'Under way', none: 'No order is under way.' },
    ending: { title: 'Ends within 30 days', none: 'No certificate ends within 30 days.' },
  },
  all: 'Show all',
  allOf: (title: string) => `Show all: ${title}`,
  noOrders: 'Your roles show you no orders',
  noOrdersText: 'Whoever manages the users of your account can give you a role that does.',
} as const;
