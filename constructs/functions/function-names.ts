/** The functions of a fleet, each named as the file of `lambda/` that it begins in. */
export const FUNCTIONS = ['emitter', 'bootstrap'] as const;
/** `emitter` or `bootstrap`: also the end of its name in Lambda, as in `orders-production-emitter`. */
export type FunctionName = (typeof FUNCTIONS)[number];
