/** How much an environment is worth. It picks defaults (see `defaults.ts`), nothing else. */
export const STAGES = ['production', 'staging', 'development'] as const;
export type Stage = (typeof STAGES)[number];
