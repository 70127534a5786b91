export function serve(calls: Record<string, (input: never) => unknown>): void;
export function now(): number;
