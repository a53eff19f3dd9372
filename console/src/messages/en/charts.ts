/** Charts. */
export const charts = {
  summary: (label: string, most: string, at: string) => `${label}: highest ${most} (${at})`,
  most: (value: string) => `highest ${value}`,
  asTable: 'As a table',
} as const;
