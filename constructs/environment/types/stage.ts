/** How much an environment is worth. It picks defaults (see `defaults.ts`), nothing else. */
export const STAGES = ['production', 'staging', 'development'] as const;
/** What an environment is worth: one of `STAGES`. One that says none is `production`. */
export type Stage = (typeof STAGES)[number];
