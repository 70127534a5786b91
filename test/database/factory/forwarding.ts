/** Stands for what each test has another one of: whatever is read of it is read of the one that is there at that moment. */
export function forwarding<T extends object>(current: () => T): T {
  return new Proxy({} as T, {
    get: (_target, name) => Reflect.get(current(), name) as unknown,
  });
}
