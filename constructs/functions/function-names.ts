/** The functions of a fleet, each named as the file of `lambda/` that it begins in. */
export const FUNCTIONS = ['emitter', 'bootstrap'] as const;
export type FunctionName = (typeof FUNCTIONS)[number];
